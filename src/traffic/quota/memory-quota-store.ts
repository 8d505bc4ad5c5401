import type { Clock } from '../../clock.js';
import type { RecordAccount } from './daily-usage.js';
import { RecordAccounts } from './daily-usage.js';
import type { Allowances, Reservation } from './quota-store.js';
import { checkCount } from './quota-store.js';
import { IdBuckets, IdRate } from './token-buckets.js';

export interface MemoryAllowancesOptions {
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
export class MemoryAllowances implements Allowances {
  readonly #burst: number;
  readonly #buckets: IdBuckets;
  readonly #accounts: RecordAccounts;

  /** Throws a RangeError for an option out of its range. */
  constructor({ clock, burst = 1000, maxNames = 100_000 }: MemoryAllowancesOptions) {
    this.#burst = fromOneUp('burst', burst);
    this.#buckets = new IdBuckets(clock, fromOneUp('maxNames', maxNames));
    this.#accounts = new RecordAccounts(clock, maxNames);
  }

  take(name: string, ids: number, idsPerSecond: number): void {
    checkCount('ids', ids);
    const rate = this.rate(idsPerSecond);
    rate.refuseWhatNeverFits(ids);
    const waitMs = this.#buckets.take(name, ids, rate);
    if (waitMs > 0) throw rate.refusal(ids, waitMs);
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
  rate(idsPerSecond: number): IdRate {
    return new IdRate(idsPerSecond, this.#burst);
  }

  /** What a caller was billed today. */
  account(name: string): RecordAccount {
    return this.#accounts.of(name);
  }
}

function fromOneUp(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`Expected \`${name}\` to be an integer from 1 up, got ${value}`);
}
