import type { Principal } from '../access/principal.js';
import type { QuotaStore, Reservation } from '../traffic/quota/quota-store.js';

/** What a look-up was billed. */
export interface LookupBill {
  /** Records that it was billed, or may have been, since this was last asked. */
  take(): number;
  /** Resolves when calls have ended that its caller left on their way; undefined when there are none. */
  ended(): Promise<void> | undefined;
}

const nothing: Reservation = { settle: () => undefined };

/** Holds one caller to what it may ask for. */
export class CallerQuota {
  readonly #principal: Principal;
  readonly #quotaStore: QuotaStore;

  constructor(principal: Principal, quotaStore: QuotaStore) {
    this.#principal = principal;
    this.#quotaStore = quotaStore;
  }

  /** Counts the ids of an operation before any is looked up. Throws RATE_LIMITED, or rejects with it. */
  admit(ids: number): void | Promise<void> {
    const { name, limits } = this.#principal;
    if (limits.idsPerSecond !== undefined) return this.#quotaStore.take(name, ids, limits.idsPerSecond);
  }

  /** Counts an id that was not found a second time: who tries ids out meets the limit soon. */
  noteMiss(): void {
    const { name, limits } = this.#principal;
    if (limits.idsPerSecond !== undefined) this.#quotaStore.charge(name, 1, limits.idsPerSecond);
  }

  /**
   * Looks an id up within the budget of the day. Throws RATE_LIMITED when that is used up, before anything is sent.
   *
   * @param find makes the look-up
   * @param bill tells afterwards what it was billed
   */
  async spend<Found>(find: () => Promise<Found>, bill: LookupBill): Promise<Found> {
    const reservation = await this.#reserve();
    try {
      return await find();
    } finally {
      const settle = () => reservation.settle(bill.take());
      // An answer for which nobody waits any more is billed all the same, and kept for whoever asks next.
      const ended = bill.ended();
      if (ended) void ended.then(settle);
      else settle();
    }
  }

  #reserve(): Reservation | Promise<Reservation> {
    const { name, limits } = this.#principal;
    if (limits.recordsPerDay === undefined) return nothing;
    return this.#quotaStore.reserve(name, 1, limits.recordsPerDay);
  }
}
