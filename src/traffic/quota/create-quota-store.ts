import type { Clock } from '../../clock.js';
import { MemoryQuotaStore } from './memory-quota-store.js';
import type { QuotaStore } from './quota-store.js';
import { RedisQuotaStore } from './redis-quota-store.js';

export interface QuotaStoreOptions {
  /** Where replicas share them; each has its own without it. */
  readonly redisUrl: string | undefined;
  readonly clock: Clock;
  /** Ids that may be asked for at once: the largest operation that is allowed. An integer from 1 up. */
  readonly burst: number;
}

/** What callers may ask for, of this process alone or of all replicas. */
export function createQuotaStore({ redisUrl, ...options }: QuotaStoreOptions): QuotaStore {
  if (redisUrl === undefined) return new MemoryQuotaStore(options);
  return new RedisQuotaStore({ ...options, redis: redisUrl, prefix: 'allowance:' });
}
