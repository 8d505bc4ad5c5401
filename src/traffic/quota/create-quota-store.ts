import type { Clock } from '../../clock.js';
import { MemoryAllowances } from './memory-quota-store.js';
import type { Allowances } from './quota-store.js';
import { RedisAllowances } from './redis-quota-store.js';

export interface AllowancesOptions {
  /** Where replicas share them; each has its own without it. */
  readonly redisUrl: string | undefined;
  readonly clock: Clock;
  /** Ids that may be asked for at once: the largest operation that is allowed. An integer from 1 up. */
  readonly burst: number;
}

/** What callers may ask for, of this process alone or of all replicas. */
export function createAllowances({ redisUrl, ...options }: AllowancesOptions): Allowances {
  if (redisUrl === undefined) return new MemoryAllowances(options);
  return new RedisAllowances({ ...options, redis: redisUrl, prefix: 'allowance:' });
}
