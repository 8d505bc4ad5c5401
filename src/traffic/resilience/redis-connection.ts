import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Clock } from '../../clock.js';
import { type ClusterRedis, parseRedisUrl, type RedisTarget, type SentinelRedis } from './redis-url.js';

/** A server or a cluster. Both take the same commands, each of which uses one key. */
export type RedisClient = Redis | Cluster;

/** A connection, which its owner ends, or where to connect, in a form that `parseRedisUrl` reads. */
export type RedisSource = RedisClient | string;

/** Told whether the connection is ready, and else why not: a code such as ECONNREFUSED or WRONGPASS, never the URL. */
export type OnReadyChange = (isReady: boolean, reason?: string) => void;

/** Milliseconds without any reply after which a connection is replaced; TCP itself would try for many minutes. */
const maxSilenceMs = 1000;

/** A connection whose commands never hang: each has a reply within the timeout, or it fails. */
export class RedisConnection {
  readonly redis: RedisClient;
  readonly #isOwn: boolean;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #silentSinceMs: number | undefined;
  /** Why the connection is lost; undefined while it is ready. */
  #lossReason: string | undefined;
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
  run<Reply>(command: (redis: RedisClient) => Promise<Reply>): Promise<Reply> {
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
    let isLost = false;
    this.redis.on('error', (error: Error) => {
      this.#lossReason = reasonOf(error);
    });
    this.redis.on('close', () => {
      if (isLost || this.#isClosed) return;
      isLost = true;
      onReadyChange(false, this.#lossReason ?? 'connection closed');
    });
    this.redis.on('ready', () => {
      this.#lossReason = undefined;
      if (isLost) onReadyChange(true);
      isLost = false;
    });
  }

  #recordSilence(): void {
    this.#silentSinceMs ??= this.#clock.now();
    if (!this.#isOwn || this.#clock.now() - this.#silentSinceMs < maxSilenceMs) return;
    this.#silentSinceMs = undefined;
    this.#lossReason = 'no reply';
    this.redis.disconnect(true);
  }
}

/** Without a queue: a command that cannot be sent at once fails. */
const withoutQueue = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false } as const;

const reconnectDelayMs = (attempts: number) => Math.min(50 * attempts, 250);

const connectionOptions: RedisOptions = {
  ...withoutQueue,
  lazyConnect: true,
  maxRetriesPerRequest: 0,
  connectTimeout: 500,
  disconnectTimeout: 100,
  retryStrategy: reconnectDelayMs,
  // A master that became a replica; the next connection leads to the new master.
  reconnectOnError: ({ message }) => message.startsWith('READONLY'),
};

/**
 * A connection without a queue. A command that was sent before the connection was lost is not sent again. It keeps
 * reconnecting until it is ended. Throws TypeError for a text that names no Redis.
 */
export function connectToRedis(url: string): RedisClient {
  const target = parseRedisUrl(url);
  if (!target) throw new TypeError('Expected where to find Redis, and got a text of another form.');
  return connectTo(target).on('error', ignore);
}

function connectTo(target: RedisTarget): RedisClient {
  switch (target.kind) {
    case 'server':
      return new Redis(target.url, connectionOptions);
    case 'sentinel':
      return connectThroughSentinels(target);
    case 'cluster':
      return connectToCluster(target);
  }
}

function connectThroughSentinels(target: SentinelRedis): Redis {
  const { sentinels, masterName, database, isEncrypted, user, sentinelUser } = target;
  const { username: sentinelUsername, password: sentinelPassword } = sentinelUser;
  return new Redis({
    ...connectionOptions,
    ...user,
    ...(sentinelUsername && { sentinelUsername }),
    ...(sentinelPassword && { sentinelPassword }),
    ...(isEncrypted && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    sentinels: [...sentinels],
    name: masterName,
    db: database,
    sentinelRetryStrategy: reconnectDelayMs,
  });
}

/** A node that is away fails the commands for its slots, and no others. */
function connectToCluster({ nodes, isEncrypted, user }: ClusterRedis): Cluster {
  return new Cluster([...nodes], {
    enableOfflineQueue: false,
    lazyConnect: true,
    clusterRetryStrategy: reconnectDelayMs,
    // 0 means that a command is not sent again, except to the node that the cluster names instead.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: 500,
    slotsRefreshInterval: 5000,
    // The certificate of a node names its host, which a resolved address would hide.
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: { connectTimeout: 500, disconnectTimeout: 100, ...user, ...(isEncrypted && { tls: {} }) },
  });
}

/** What an error of a connection goes back to: a cluster wraps the error of the node that it asked last. */
export function causeOf(error: Error): Error {
  const { lastNodeError } = error as { readonly lastNodeError?: Error };
  return lastNodeError ?? error;
}

/** The code of a system error, or the word in capitals with which Redis or a sentinel names the error. */
function reasonOf(error: Error): string | undefined {
  const { code, message } = causeOf(error) as NodeJS.ErrnoException;
  return code ?? /\b[A-Z]{4,}\b/.exec(message)?.[0];
}

/** Each command reports its own error. Without a listener for the event, ioredis would print it. */
function ignore(): void {}
