import type { Clock } from '../../clock.js';
import { checkInteger } from '../check-range.js';
import { type DailyUsage, DailyUsageByCaller } from './daily-usage.js';
import type { QuotaStore, QuotaStoreStats, Reservation } from './quota-store.js';
import { TokenBucketLimit, TokenBuckets } from './token-buckets.js';

export interface MemoryQuotaStoreOptions {
  readonly clock: Clock;
  /**
   * Ids that a caller may look up at once after a pause: the largest operation that is allowed. A caller with a higher
   * rate may look up the ids of one second. An integer from 1 up. Default: 1,000.
   */
  readonly burst?: number;
  /**
   * Maximum number of callers in memory. The least recently used one is dropped first, with its debt, unless it has open
   * reservations; what it was billed today is kept. An integer from 1 up. Default: 100,000.
   */
  readonly maxCallers?: number;
}

/** The quotas of the callers of this process, by its own clock. Returns at once, without a promise. */
export class MemoryQuotaStore implements QuotaStore {
  readonly #burst: number;
  readonly #buckets: TokenBuckets;
  readonly #usages: DailyUsageByCaller;

  /** Throws a RangeError for an option out of its range. */
  constructor({ clock, burst = 1000, maxCallers = 100_000 }: MemoryQuotaStoreOptions) {
    this.#burst = checkInteger('burst', burst, 1);
    this.#buckets = new TokenBuckets(clock, checkInteger('maxCallers', maxCallers, 1));
    this.#usages = new DailyUsageByCaller(clock, maxCallers);
  }

  take(name: string, ids: number, idsPerSecond: number): void {
    checkInteger('ids', ids, 0);
    const limit = this.toLimit(idsPerSecond);
    limit.assertFitsBucket(ids);
    const waitMs = this.#buckets.take(name, ids, limit);
    if (waitMs > 0) throw limit.toError(ids, waitMs);
  }

  charge(name: string, ids: number, idsPerSecond: number): void {
    checkInteger('ids', ids, 0);
    this.#buckets.charge(name, ids, this.toLimit(idsPerSecond));
  }

  reserve(name: string, records: number, recordsPerDay: number): Reservation {
    return this.usageOf(name).reserve(records, recordsPerDay);
  }

  recordsUsed(name: string): number {
    const { usedByOtherReplicas, used } = this.usageOf(name);
    return usedByOtherReplicas + used;
  }

  recordsLeft(name: string, recordsPerDay: number): number {
    const { usedByOtherReplicas, usedOrReserved } = this.usageOf(name);
    return Math.max(0, recordsPerDay - usedByOtherReplicas - usedOrReserved);
  }

  stats(): QuotaStoreStats {
    const { size: dailyUsages, reservedSize: callersWithReservations } = this.#usages;
    return { buckets: this.#buckets.size, dailyUsages, callersWithReservations };
  }

  async close(): Promise<void> {}

  /** The limit of a caller with the given rate. Throws a RangeError unless it is a number above 0. */
  toLimit(idsPerSecond: number): TokenBucketLimit {
    return new TokenBucketLimit(idsPerSecond, this.#burst);
  }

  /** The usage of a caller today. */
  usageOf(name: string): DailyUsage {
    return this.#usages.of(name);
  }
}
