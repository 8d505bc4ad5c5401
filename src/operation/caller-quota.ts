import type { Principal } from '../access/principal.js';
import type { QuotaHold } from '../retrieval/operation.js';
import type { QuotaStore, Reservation } from '../traffic/quota/quota-store.js';

/** Holds one caller to its limits: ids a second, and billed records a day. */
export class CallerQuota {
  readonly #principal: Principal;
  readonly #quotaStore: QuotaStore;
  #isAdmitted = false;

  constructor(principal: Principal, quotaStore: QuotaStore) {
    this.#principal = principal;
    this.#quotaStore = quotaStore;
  }

  /**
   * Counts the ids of an operation before any is looked up. An operation without ids counts as one, because it takes time
   * and memory, too. Throws RATE_LIMITED, or rejects with it. An operation that was admitted is not counted again, so that
   * another way of running it can take over.
   */
  admit(ids: number): void | Promise<void> {
    const { name, limits } = this.#principal;
    if (limits.idsPerSecond === undefined || this.#isAdmitted) return;
    const taken = this.#quotaStore.take(name, Math.max(1, ids), limits.idsPerSecond);
    if (taken) return taken.then(() => this.#setAdmitted());
    this.#setAdmitted();
  }

  #setAdmitted(): void {
    this.#isAdmitted = true;
  }

  /**
   * Counts one id afterwards: an id that was not found a second time, so that a caller who tries ids out meets the limit
   * soon, or an operation that was rejected before it could be admitted.
   */
  chargeOne(): void {
    const { name, limits } = this.#principal;
    if (limits.idsPerSecond !== undefined) this.#quotaStore.charge(name, 1, limits.idsPerSecond);
  }

  /** Reserves records of the daily quota for a page; undefined where the caller has no such quota. */
  get reserve(): ((records: number) => Reservation | Promise<Reservation>) | undefined {
    const { name, limits } = this.#principal;
    const { recordsPerDay } = limits;
    if (recordsPerDay === undefined) return undefined;
    return (records) => this.#quotaStore.reserve(name, records, recordsPerDay);
  }

  /** Holds the daily quota for lookups of this caller; undefined where it has none. */
  get hold(): (() => QuotaHold) | undefined {
    const { name, limits } = this.#principal;
    const { recordsPerDay } = limits;
    if (recordsPerDay === undefined) return undefined;
    return () => new DailyQuotaHold(() => this.#quotaStore.reserve(name, 1, recordsPerDay));
  }
}

/**
 * One record of the daily quota for one lookup, from its first call on. It is settled with what all calls of the lookup
 * were billed, once the last of them has ended: a response that arrives after the client has gone is billed all the same.
 */
class DailyQuotaHold implements QuotaHold {
  readonly #reserve: () => Reservation | Promise<Reservation>;
  #reservation: Reservation | Promise<Reservation> | undefined;
  #openLanes = 0;
  #billed = 0;
  #hasEnded = false;

  constructor(reserve: () => Reservation | Promise<Reservation>) {
    this.#reserve = reserve;
  }

  async open(): Promise<void> {
    this.#reservation ??= this.#reserve();
    await this.#reservation;
    this.#openLanes += 1;
  }

  close(records: number): void {
    this.#openLanes -= 1;
    this.#billed += records;
    this.#settle();
  }

  end(): void {
    this.#hasEnded = true;
    this.#settle();
  }

  #settle(): void {
    if (!this.#hasEnded || this.#openLanes > 0) return;
    void settle(this.#reservation, this.#billed);
  }
}

/** A reservation that was refused has nothing to settle. */
async function settle(
  reservation: Reservation | Promise<Reservation> | undefined,
  records: number,
): Promise<void> {
  try {
    (await reservation)?.settle(records);
  } catch {
    // RATE_LIMITED was told to the lookup.
  }
}
