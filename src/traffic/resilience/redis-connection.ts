import { Redis } from 'ioredis';
import type { Clock } from '../../clock.js';

/** A connection, which its owner ends, or where to make one: `redis://…`, `rediss://…` or the path of a socket. */
export type RedisSource = Redis | string;

/** Milliseconds without any answer after which a connection is replaced; TCP itself would try for many minutes. */
const longestSilenceMs = 1000;

/** A connection that never holds its user up: a command is answered soon, or it fails. */
export class RedisConnection {
  readonly redis: Redis;
  readonly #isOwn: boolean;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #silentSinceMs: number | undefined;

  /** @param timeoutMs milliseconds after which a command has failed; an answer after that is dropped */
  constructor(source: RedisSource, timeoutMs: number, clock: Clock) {
    this.#isOwn = typeof source === 'string';
    this.redis = typeof source === 'string' ? connectToRedis(source) : source.on('error', ignore);
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    if (this.redis.status === 'wait') this.redis.connect().catch(ignore);
  }

  /** Whether a command could be sent now. */
  get isReady(): boolean {
    return this.redis.status === 'ready';
  }

  /** What a command answers; rejects with what Redis refused it with, or when it is lost or late. */
  run<Answer>(command: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.setTimer(this.#timeoutMs, () => {
        reject(new Error(`Redis did not answer within ${this.#timeoutMs} ms`));
        this.#noteSilence();
      });
      const settled = () => {
        cancel();
        this.#silentSinceMs = undefined;
      };
      command(this.redis).then(resolve, reject).finally(settled);
    });
  }

  /** Ends the connection if it was made here. */
  close(): void {
    if (this.#isOwn) this.redis.disconnect();
    else this.redis.off('error', ignore);
  }

  #noteSilence(): void {
    this.#silentSinceMs ??= this.#clock.now();
    if (!this.#isOwn || this.#clock.now() - this.#silentSinceMs < longestSilenceMs) return;
    this.#silentSinceMs = undefined;
    this.redis.disconnect(true);
  }
}

/**
 * A connection that queues nothing: what cannot be sent at once fails at once, and what was sent before it was lost is
 * not sent again. It goes on trying to connect until it is ended.
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

/** Each command fails by itself; the event says nothing more, and without a listener it would be printed. */
function ignore(): void {}
