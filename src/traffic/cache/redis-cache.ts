import type { Redis } from 'ioredis';
import { checkInteger } from '../check-range.js';
import {
  GuardedRedis,
  type GuardedRedisOptions,
  type GuardedRedisStats,
} from '../resilience/guarded-redis.js';
import type { Cache, CacheStats, Codec } from './cache.js';

export interface RedisCacheOptions<Value> extends GuardedRedisOptions {
  /** Start of every key, so that other programs can use the same Redis. */
  readonly prefix: string;
  readonly codec: Codec<Value>;
  /** Maximum size of a value's text in bytes, read or written. An integer from 1 up. Default: 1,048,576. */
  readonly maxValueBytes?: number;
}

export interface RedisCacheStats extends CacheStats {
  /** Lookups that found something that is not a value: too long, unreadable, or of another Redis type. */
  readonly poisoned: number;
  readonly redis: GuardedRedisStats;
}

/** Redis rejects a time to live that overflows its clock. No value is worth more than a year. */
const maxTtlMs = 365 * 24 * 3_600_000;

/** Stores values in Redis, for all replicas. A lookup takes at most the command timeout, whatever state Redis is in. */
export class RedisCache<Value> implements Cache<Value> {
  readonly #prefix: string;
  readonly #codec: Codec<Value>;
  readonly #maxValueBytes: number;
  readonly #redis: GuardedRedis;
  #hits = 0;
  #misses = 0;
  #poisoned = 0;

  /** Throws a RangeError for an option out of its range. */
  constructor(options: RedisCacheOptions<Value>) {
    const { prefix, codec, maxValueBytes = 1_048_576 } = options;
    this.#prefix = prefix;
    this.#codec = codec;
    this.#maxValueBytes = checkInteger('maxValueBytes', maxValueBytes, 1);
    this.#redis = new GuardedRedis(options);
  }

  stats(): RedisCacheStats {
    const counters = { hits: this.#hits, misses: this.#misses, poisoned: this.#poisoned };
    return { ...counters, redis: this.#redis.stats() };
  }

  async get(key: string): Promise<Value | undefined> {
    const bytes = await this.#read(key);
    const value = bytes?.length ? this.#decode(bytes) : undefined;
    if (value === undefined) this.#misses += 1;
    else this.#hits += 1;
    return value;
  }

  set(key: string, value: Value, ttlMs: number): void {
    const text = this.#encode(value);
    if (text === undefined || !(ttlMs >= 1)) {
      void this.#run(key, (redis, name) => redis.unlink(name));
      return;
    }
    const forMs = Math.min(Math.floor(ttlMs), maxTtlMs);
    void this.#run(key, (redis, name) => redis.set(name, text, 'PX', forMs));
  }

  async close(): Promise<void> {
    await this.#redis.close();
  }

  /** Reads one byte more than a value may have, which shows that a value is too long without transferring all of it. */
  #read(key: string): Promise<Buffer | undefined> {
    return this.#run(key, (redis, name) =>
      redis.getrangeBuffer(name, 0, this.#maxValueBytes).catch((error) => this.#ignoreWrongType(error)),
    );
  }

  /** A key of another Redis type is poison that others left there; Redis itself works. */
  #ignoreWrongType(error: unknown): undefined {
    if (!(error instanceof Error && error.message.startsWith('WRONGTYPE'))) throw error;
    this.#poisoned += 1;
  }

  #encode(value: Value): string | undefined {
    try {
      const text = this.#codec.encode(value);
      return Buffer.byteLength(text) <= this.#maxValueBytes ? text : undefined;
    } catch {
      return undefined;
    }
  }

  #decode(bytes: Buffer): Value | undefined {
    const value = bytes.length <= this.#maxValueBytes ? this.#decodeText(bytes.toString()) : undefined;
    if (value === undefined) this.#poisoned += 1;
    return value;
  }

  #decodeText(text: string): Value | undefined {
    try {
      return this.#codec.decode(text);
    } catch {
      return undefined;
    }
  }

  async #run<Reply>(
    key: string,
    command: (redis: Redis, name: string) => Promise<Reply>,
  ): Promise<Reply | undefined> {
    if (!isWellFormed(key)) return undefined;
    return this.#redis.run((redis) => command(redis, this.#prefix + key));
  }
}

/** A lone surrogate has no UTF-8 encoding, so different keys would become the same key in Redis. */
function isWellFormed(key: string): boolean {
  return !/\p{Surrogate}/u.test(key);
}
