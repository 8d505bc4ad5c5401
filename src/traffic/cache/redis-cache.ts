import type { Redis } from 'ioredis';
import type { Clock } from '../../clock.js';
import { CircuitBreaker } from '../resilience/circuit-breaker.js';
import { RedisConnection, type RedisSource } from '../resilience/redis-connection.js';
import type { Cache, Codec } from './cache.js';

export interface RedisCacheOptions<Value> {
  /** A connection, which is left open, or a URL. */
  readonly redis: RedisSource;
  /** What every key begins with, so that others may use the same Redis. */
  readonly prefix: string;
  readonly codec: Codec<Value>;
  readonly clock: Clock;
  /** Milliseconds after which Redis counts as having nothing. A number from 1 up. Default: 50. */
  readonly commandTimeoutMs?: number;
  /** Bytes of a value's text at most, read or written. An integer from 1 up. Default: 1,048,576. */
  readonly maxValueBytes?: number;
  /** Failures in a row after which Redis is left alone for a while. An integer from 1 up. Default: 5. */
  readonly failuresToOpen?: number;
  /** Milliseconds for which it is left alone. Default: 5,000. */
  readonly coolDownMs?: number;
}

type Command<Answer> = (redis: Redis, name: string) => Promise<Answer>;

/** Far longer than anything is worth keeping, and short enough for Redis to add to its own time. */
const longestTtlMs = 365 * 24 * 3_600_000;

/** Keeps values in Redis, for all replicas. Whatever is wrong with Redis, a look-up is late by its timeout at most. */
export class RedisCache<Value> implements Cache<Value> {
  readonly #prefix: string;
  readonly #codec: Codec<Value>;
  readonly #maxValueBytes: number;
  readonly #connection: RedisConnection;
  readonly #breaker: CircuitBreaker;
  #hits = 0;
  #misses = 0;
  #failures = 0;
  #poisoned = 0;

  constructor(options: RedisCacheOptions<Value>) {
    const { redis, prefix, codec, clock, commandTimeoutMs = 50, maxValueBytes = 1_048_576 } = options;
    const { failuresToOpen = 5, coolDownMs = 5000 } = options;
    this.#prefix = prefix;
    this.#codec = codec;
    this.#maxValueBytes = atLeastOne('maxValueBytes', maxValueBytes);
    this.#breaker = new CircuitBreaker({
      clock,
      failuresToOpen: atLeastOne('failuresToOpen', failuresToOpen),
      coolDownMs,
      isFailure: (error) => !isWrongType(error),
    });
    this.#connection = new RedisConnection(redis, atLeastOne('commandTimeoutMs', commandTimeoutMs), clock);
  }

  /** Look-ups that found a value. */
  get hits(): number {
    return this.#hits;
  }

  /** Look-ups that found none, whatever the reason. */
  get misses(): number {
    return this.#misses;
  }

  /** Commands that Redis refused, lost or answered too late. */
  get failures(): number {
    return this.#failures;
  }

  /** Look-ups that found something that is no value: too long, unreadable, of another type. */
  get poisoned(): number {
    return this.#poisoned;
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
    if (text === undefined || !(ttlMs >= 1)) return void this.#forget(key);
    const forMs = Math.min(Math.floor(ttlMs), longestTtlMs);
    void this.#ask(key, (redis, name) => redis.set(name, text, 'PX', forMs));
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  /** One byte more than a value may have is enough to know that it is too long, and all that is transferred. */
  #read(key: string): Promise<Buffer | undefined> {
    return this.#ask(key, (redis, name) => redis.getrangeBuffer(name, 0, this.#maxValueBytes));
  }

  /** What is not kept replaces what was, all the same. */
  #forget(key: string): void {
    void this.#ask(key, (redis, name) => redis.unlink(name));
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

  /**
   * Undefined when Redis has no answer, and when it is not to be asked. Without a connection there is nothing to wait for
   * and nothing to spare, so the breaker is not told.
   */
  async #ask<Answer>(key: string, command: Command<Answer>): Promise<Answer | undefined> {
    if (!isWellFormed(key) || this.#isOpen()) return undefined;
    try {
      if (!this.#connection.isReady) throw new Error('Redis is not connected');
      return await this.#breaker.run(() =>
        this.#connection.run((redis) => command(redis, this.#prefix + key)),
      );
    } catch (error) {
      if (isWrongType(error)) this.#poisoned += 1;
      else this.#failures += 1;
      return undefined;
    }
  }

  #isOpen(): boolean {
    try {
      this.#breaker.refuseWhileOpen();
      return false;
    } catch {
      return true;
    }
  }
}

/** Half a surrogate pair has no bytes of its own: on the way to Redis, keys that differ would become the same. */
function isWellFormed(key: string): boolean {
  return !/\p{Surrogate}/u.test(key);
}

/** Redis is well, but somebody else keeps something else under the key. */
function isWrongType(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('WRONGTYPE');
}

function atLeastOne(name: string, value: number): number {
  if (value >= 1) return value;
  throw new RangeError(`Expected \`${name}\` to be a number from 1 up, got ${value}`);
}
