import type { Clock } from '../../clock.js';
import type { RedisKeySpace } from '../resilience/redis-key-space.js';
import { MemoryQuotaStore } from './memory-quota-store.js';
import type { QuotaStore } from './quota-store.js';
import { RedisQuotaStore } from './redis-quota-store.js';

export interface QuotaStoreOptions {
  /** The Redis in which replicas share the quotas; undefined for quotas of this process alone. */
  readonly redisUrl: string | undefined;
  /** Milliseconds after which a command to Redis has failed. A number from 1 up. */
  readonly commandTimeoutMs: number;
  readonly clock: Clock;
  /** Ids that a caller may look up at once: the largest operation that is allowed. An integer from 1 up. */
  readonly burst: number;
  /** The part of Redis in which the quotas are shared, as it is now: a changed secret changes it. */
  keySpace(): RedisKeySpace;
}

/** The quotas of callers, shared through Redis where a URL is given. */
export function createQuotaStore({ redisUrl, ...options }: QuotaStoreOptions): QuotaStore {
  if (redisUrl === undefined) return new MemoryQuotaStore(options);
  return new RedisQuotaStore({ ...options, redis: redisUrl });
}
