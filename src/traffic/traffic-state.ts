import type { Clock } from '../clock.js';
import type { Budget } from './budget.js';
import type { Cache, Codec } from './cache.js';
import { MemoryCache } from './memory-cache.js';
import { RedisBudget } from './redis-budget.js';
import { RedisCache } from './redis-cache.js';
import { SlidingWindowBudget } from './sliding-window-budget.js';
import { TieredCache } from './tiered-cache.js';

export interface TrafficStateOptions<Value> {
  /** Whose budget and values these are; replicas that give the same name share them. */
  readonly name: string;
  /** Where replicas share them; each has its own without it. */
  readonly redisUrl: string | undefined;
  readonly ratePerSecond: number;
  /** Milliseconds by which calls may arrive closer together than they left. */
  readonly arrivalJitterMs: number;
  readonly clock: Clock;
  /** Bytes of values kept in memory at most. */
  readonly maxBytes: number;
  sizeOf(value: Value): number;
  readonly codec: Codec<Value>;
  /** Milliseconds for which a value of the shared store is kept in memory. */
  readonly copyTtlMs: number;
}

/** What outlives a single call: how many may be made, and what they brought. */
export interface TrafficState<Value> {
  readonly budget: Budget;
  readonly cache: Cache<Value>;
  close(): Promise<void>;
}

/** A budget and a cache, of this process alone or shared by all replicas. */
export function createTrafficState<Value>(options: TrafficStateOptions<Value>): TrafficState<Value> {
  const { clock, ratePerSecond, arrivalJitterMs, redisUrl, name } = options;
  const memory = new MemoryCache<Value>(options);
  if (redisUrl === undefined) {
    const budget = new SlidingWindowBudget({ ratePerSecond, clock, arrivalJitterMs });
    return { budget, cache: memory, close: () => memory.close() };
  }
  const budget = new RedisBudget({
    redis: redisUrl,
    key: `budget:${name}`,
    ratePerSecond,
    clock,
    arrivalJitterMs,
  });
  const shared = new RedisCache<Value>({
    redis: redisUrl,
    prefix: `records:${name}:`,
    codec: options.codec,
    clock,
  });
  const cache = new TieredCache<Value>({ memory, shared, copyTtlMs: () => options.copyTtlMs });
  const close = async () => {
    await Promise.all([budget.close(), cache.close()]);
  };
  return { budget, cache, close };
}
