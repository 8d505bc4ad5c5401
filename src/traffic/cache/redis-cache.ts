import { checkInteger } from '../check-range.js';
import {
  GuardedRedis,
  type GuardedRedisOptions,
  type GuardedRedisStats,
} from '../resilience/guarded-redis.js';
import { type RedisKeyKind, type RedisKeySpace, sealBytes } from '../resilience/redis-key-space.js';
import type { Cache, CacheStats, Codec } from './cache.js';

export interface RedisCacheOptions<Value> extends GuardedRedisOptions {
  /** What the values are; it begins their names. Default: `records`. */
  readonly kind?: RedisKeyKind;
  /** The key space in which a value is stored; undefined for a key whose value is not stored. */
  keySpaceOf(key: string): RedisKeySpace | undefined;
  /** Called once, for the first value that no holder of the secret wrote. */
  onForgedValue?(): void;
  readonly codec: Codec<Value>;
  /** Maximum size of a value's text in bytes, read or written. An integer from 1 up. Default: 1,048,576. */
  readonly maxValueBytes?: number;
}

export interface RedisCacheStats extends CacheStats {
  /** Lookups that found something that is not a value: too long, forged, unreadable, or of another Redis type. */
  readonly poisoned: number;
  readonly redis: GuardedRedisStats;
}

/** Redis rejects a time to live that overflows its clock. No value is worth more than a year. */
const maxTtlMs = 365 * 24 * 3_600_000;

/** Stores values in Redis, for all replicas. A lookup takes at most the command timeout, whatever state Redis is in. */
export class RedisCache<Value> implements Cache<Value> {
  readonly #options: RedisCacheOptions<Value>;
  readonly #maxValueBytes: number;
  readonly #redis: GuardedRedis;
  #hits = 0;
  #misses = 0;
  #poisoned = 0;
  #hasReportedForgery = false;

  /** Throws a RangeError for an option out of its range. */
  constructor(options: RedisCacheOptions<Value>) {
    const { maxValueBytes = 1_048_576 } = options;
    this.#options = options;
    this.#maxValueBytes = checkInteger('maxValueBytes', maxValueBytes, 1);
    this.#redis = new GuardedRedis(options);
  }

  stats(): RedisCacheStats {
    const counters = { hits: this.#hits, misses: this.#misses, poisoned: this.#poisoned };
    return { ...counters, redis: this.#redis.stats() };
  }

  async get(key: string): Promise<Value | undefined> {
    const place = this.#placeOf(key);
    const bytes = place && (await this.#read(place.name));
    const value = place && bytes?.length ? this.#decode(place, bytes) : undefined;
    if (value === undefined) this.#misses += 1;
    else this.#hits += 1;
    return value;
  }

  set(key: string, value: Value, ttlMs: number): void {
    const place = this.#placeOf(key);
    if (!place) return;
    const { keySpace, name } = place;
    const text = this.#encode(value);
    if (text === undefined || !(ttlMs >= 1)) {
      void this.#redis.run((redis) => redis.unlink(name));
      return;
    }
    const forMs = Math.min(Math.floor(ttlMs), maxTtlMs);
    void this.#redis.run((redis) => redis.set(name, keySpace.seal(name, text), 'PX', forMs));
  }

  async close(): Promise<void> {
    await this.#redis.close();
  }

  /** Reads one byte more than a value may have, which shows that a value is too long without transferring all of it. */
  #read(name: string): Promise<Buffer | undefined> {
    return this.#redis.run((redis) =>
      redis
        .getrangeBuffer(name, 0, this.#maxValueBytes + sealBytes)
        .catch((error) => this.#ignoreWrongType(error)),
    );
  }

  /** A key of another Redis type is poison that others left there; Redis itself works. */
  #ignoreWrongType(error: unknown): undefined {
    if (!(error instanceof Error && error.message.startsWith('WRONGTYPE'))) throw error;
    this.#poisoned += 1;
  }

  #encode(value: Value): string | undefined {
    try {
      const text = this.#options.codec.encode(value);
      return Buffer.byteLength(text) <= this.#maxValueBytes ? text : undefined;
    } catch {
      return undefined;
    }
  }

  #decode(place: Place, bytes: Buffer): Value | undefined {
    const value =
      bytes.length <= this.#maxValueBytes + sealBytes ? this.#decodeSealed(place, bytes) : undefined;
    if (value === undefined) this.#poisoned += 1;
    return value;
  }

  #decodeSealed({ keySpace, name }: Place, bytes: Buffer): Value | undefined {
    const text = keySpace.unseal(name, bytes);
    if (text === undefined) return this.#reportForgery();
    try {
      return this.#options.codec.decode(text);
    } catch {
      return undefined;
    }
  }

  #reportForgery(): undefined {
    if (!this.#hasReportedForgery) this.#options.onForgedValue?.();
    this.#hasReportedForgery = true;
  }

  /** Undefined for a key without a place in Redis. A lone surrogate has no UTF-8 encoding, so keys could become equal. */
  #placeOf(key: string): Place | undefined {
    const keySpace = /\p{Surrogate}/u.test(key) ? undefined : this.#options.keySpaceOf(key);
    return keySpace && { keySpace, name: keySpace.nameOf(this.#options.kind ?? 'records', key) };
  }
}

/** Where the value of a key is in Redis. */
interface Place {
  readonly keySpace: RedisKeySpace;
  readonly name: string;
}
