import type { Clock } from '../../clock.js';
import type { OnSlowChange } from '../resilience/guarded-redis.js';
import type { OnReadyChange } from '../resilience/redis-connection.js';
import type { RedisKeyKind, RedisKeySpace } from '../resilience/redis-key-space.js';
import type { Cache, Codec } from './cache.js';
import { MemoryCache } from './memory-cache.js';
import { RedisCache } from './redis-cache.js';
import { TieredCache } from './tiered-cache.js';

export interface CacheOptions<Value> {
  /** The Redis in which replicas share values; undefined for a cache in memory only. */
  readonly redisUrl: string | undefined;
  readonly clock: Clock;
  /** Maximum size of all values in memory, in bytes. */
  readonly maxBytes: number;
  /** Bytes that a value takes in memory. */
  sizeOf(value: Value): number;
  readonly codec: Codec<Value>;
  /** Milliseconds for which a value found in Redis is copied to memory. */
  readonly copyTtlMs: number;
  /** What the values are; it begins their names in Redis. Default: `records`. */
  readonly kind?: RedisKeyKind;
  /** Maximum size of a value in Redis, in bytes. Default: that of a RedisCache. */
  readonly maxValueBytes?: number;
  /** Milliseconds after which a command to Redis has failed. Default: that of a RedisCache. */
  readonly commandTimeoutMs?: number;
  /** Called once when the connection to Redis is lost or cannot be made, and once when it is back. */
  readonly onRedisChange?: OnReadyChange | undefined;
  /** Called once when commands to Redis begin to fail or take too long, and once when they work again. */
  readonly onSlowChange?: OnSlowChange | undefined;
  /** The part of Redis in which a value is shared; undefined for a value that stays in memory. */
  keySpaceOf(key: string): RedisKeySpace | undefined;
  /** Called once, for the first value in Redis that no replica wrote. */
  onForgedValue?(): void;
}

/** A cache in memory, in front of Redis where a URL is given. */
export function createCache<Value>(options: CacheOptions<Value>): Cache<Value> {
  const { redisUrl, copyTtlMs, onRedisChange: onReadyChange } = options;
  const memory = new MemoryCache<Value>(options);
  if (redisUrl === undefined) return memory;
  const shared = new RedisCache<Value>({ ...options, redis: redisUrl, onReadyChange });
  return new TieredCache<Value>({ memory, shared, copyTtlMs: () => copyTtlMs });
}
