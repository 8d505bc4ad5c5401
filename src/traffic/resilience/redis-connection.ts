import { Redis } from 'ioredis';
import type { Clock } from '../../clock.js';

/** A connection, which its owner ends, or where to connect: `redis://…`, `rediss://…` or the path of a socket. */
export type RedisSource = Redis | string;

/** Told whether the connection is ready, and else why not: a code such as ECONNREFUSED or WRONGPASS, never the URL. */
export type OnReadyChange = (isReady: boolean, reason?: string) => void;

/** Milliseconds without any reply after which a connection is replaced; TCP itself would try for many minutes. */
const maxSilenceMs = 1000;

/** A connection whose commands never hang: each has a reply within the timeout, or it fails. */
export class RedisConnection {
  readonly redis: Redis;
  readonly #isOwn: boolean;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #silentSinceMs: number | undefined;
  #isClosed = false;

  /**
   * @param timeoutMs milliseconds after which a command has failed; a later reply is dropped
   * @param onReadyChange called once when the connection is lost or cannot be made, and once when it is back
   */
  constructor(source: RedisSource, timeoutMs: number, clock: Clock, onReadyChange?: OnReadyChange) {
    this.#isOwn = typeof source === 'string';
    this.redis = typeof source === 'string' ? connectToRedis(source) : source.on('error', ignore);
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    if (onReadyChange) this.#watch(onReadyChange);
    if (this.redis.status === 'wait') this.redis.connect().catch(ignore);
  }

  /** Whether a command could be sent now. */
  get isReady(): boolean {
    return this.redis.status === 'ready';
  }

  /** The reply to a command. Rejects with the error of Redis, or when the command is lost or its reply is late. */
  run<Reply>(command: (redis: Redis) => Promise<Reply>): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.setTimer(this.#timeoutMs, () => {
        reject(new Error(`Redis did not reply within ${this.#timeoutMs} ms`));
        this.#recordSilence();
      });
      const onReply = () => {
        cancel();
        this.#silentSinceMs = undefined;
      };
      command(this.redis).then(resolve, reject).finally(onReply);
    });
  }

  /** Ends the connection if it was made here. */
  close(): void {
    this.#isClosed = true;
    if (this.#isOwn) this.redis.disconnect();
    else this.redis.off('error', ignore);
  }

  #watch(onReadyChange: OnReadyChange): void {
    let reason: string | undefined;
    let isLost = false;
    this.redis.on('error', (error: NodeJS.ErrnoException) => {
      reason = reasonOf(error);
    });
    this.redis.on('close', () => {
      if (isLost || this.#isClosed) return;
      isLost = true;
      onReadyChange(false, reason);
    });
    this.redis.on('ready', () => {
      reason = undefined;
      if (isLost) onReadyChange(true);
      isLost = false;
    });
  }

  #recordSilence(): void {
    this.#silentSinceMs ??= this.#clock.now();
    if (!this.#isOwn || this.#clock.now() - this.#silentSinceMs < maxSilenceMs) return;
    this.#silentSinceMs = undefined;
    this.redis.disconnect(true);
  }
}

/**
 * A connection without a queue. A command that cannot be sent at once fails, and a command that was sent before the
 * connection was lost is not sent again. It keeps reconnecting until it is ended.
 */
export function connectToRedis(url: string): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 500,
    disconnectTimeout: 100,
    retryStrategy: (attempts) => Math.min(50 * attempts, 250),
  });
  return redis.on('error', ignore);
}

/** The code of a system error, or the word with which an error of Redis begins. */
function reasonOf({ code, message }: NodeJS.ErrnoException): string | undefined {
  return code ?? /^[A-Z]+\b/.exec(message)?.[0];
}

/** Each command reports its own error. Without a listener for the event, ioredis would print it. */
function ignore(): void {}
