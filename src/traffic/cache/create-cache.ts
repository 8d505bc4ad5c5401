import type { Clock } from '../../clock.js';
import type { Cache, Codec } from './cache.js';
import { MemoryCache } from './memory-cache.js';
import { RedisCache } from './redis-cache.js';
import { TieredCache } from './tiered-cache.js';

export interface CacheOptions<Value> {
  /** Where replicas share values; each keeps its own only without it. */
  readonly redisUrl: string | undefined;
  readonly clock: Clock;
  /** Bytes of values kept in memory at most. */
  readonly maxBytes: number;
  sizeOf(value: Value): number;
  readonly codec: Codec<Value>;
  /** Milliseconds for which a value of the shared store is kept in memory. */
  readonly copyTtlMs: number;
}

/** A cache in memory, in front of one that replicas share where there is such a store. */
export function createCache<Value>(options: CacheOptions<Value>): Cache<Value> {
  const { redisUrl, clock, codec, copyTtlMs } = options;
  const memory = new MemoryCache<Value>(options);
  if (redisUrl === undefined) return memory;
  const shared = new RedisCache<Value>({ redis: redisUrl, prefix: 'records:', codec, clock });
  return new TieredCache<Value>({ memory, shared, copyTtlMs: () => copyTtlMs });
}
