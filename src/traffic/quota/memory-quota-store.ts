import type { Clock } from '../../clock.js';
import type { DailyUsage } from './daily-usage.js';
import { DailyUsageByCaller } from './daily-usage.js';
import type { QuotaStore, Reservation } from './quota-store.js';
import { checkCount } from './quota-store.js';
import { TokenBucketLimit, TokenBuckets } from './token-buckets.js';

export interface MemoryQuotaStoreOptions {
  readonly clock: Clock;
  /**
   * Ids that may be asked for at once after a pause; the largest operation that is allowed at all. A caller whose rate is
   * higher may ask for a second's worth. An integer from 1 up. Default: 1,000.
   */
  readonly burst?: number;
  /**
   * Names that are remembered at most. The one that asked longest ago is forgotten first, and with it what it owes and what
   * it was billed today; not while a reservation of it has no outcome. An integer from 1 up. Default: 100,000.
   */
  readonly maxNames?: number;
}

/** What callers of this process may ask for, by its own clock. Answers at once, without a promise. */
export class MemoryQuotaStore implements QuotaStore {
  readonly #burst: number;
  readonly #buckets: TokenBuckets;
  readonly #accounts: DailyUsageByCaller;

  /** Throws a RangeError for an option out of its range. */
  constructor({ clock, burst = 1000, maxNames = 100_000 }: MemoryQuotaStoreOptions) {
    this.#burst = fromOneUp('burst', burst);
    this.#buckets = new TokenBuckets(clock, fromOneUp('maxNames', maxNames));
    this.#accounts = new DailyUsageByCaller(clock, maxNames);
  }

  take(name: string, ids: number, idsPerSecond: number): void {
    checkCount('ids', ids);
    const rate = this.rate(idsPerSecond);
    rate.assertFitsBucket(ids);
    const waitMs = this.#buckets.take(name, ids, rate);
    if (waitMs > 0) throw rate.toError(ids, waitMs);
  }

  charge(name: string, ids: number, idsPerSecond: number): void {
    checkCount('ids', ids);
    this.#buckets.charge(name, ids, this.rate(idsPerSecond));
  }

  reserve(name: string, records: number, recordsPerDay: number): Reservation {
    return this.account(name).reserve(records, recordsPerDay);
  }

  async close(): Promise<void> {}

  /** What so many ids a second come to. */
  rate(idsPerSecond: number): TokenBucketLimit {
    return new TokenBucketLimit(idsPerSecond, this.#burst);
  }

  /** What a caller was billed today. */
  account(name: string): DailyUsage {
    return this.#accounts.of(name);
  }
}

function fromOneUp(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`Expected \`${name}\` to be an integer from 1 up, got ${value}`);
}
