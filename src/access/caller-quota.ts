import type { Allowances, Reservation } from '../traffic/allowances.js';
import type { Principal } from './principal.js';
import { recordsAtRisk } from './records-at-risk.js';

/** What a look-up was billed. */
export interface LookUpBill {
  /** Records that were returned for it since this was last asked. */
  take(): number;
  /** Resolves when calls have ended that its caller left on their way; undefined when there are none. */
  ended(): Promise<void> | undefined;
  /** Whether a failure is the caller's leaving, and no other. */
  isLeaving(failure: unknown): boolean;
}

const nothing: Reservation = { settle: () => undefined };

/** Holds one caller to what it may ask for. */
export class CallerQuota {
  readonly #principal: Principal;
  readonly #allowances: Allowances;

  constructor(principal: Principal, allowances: Allowances) {
    this.#principal = principal;
    this.#allowances = allowances;
  }

  /** Counts the ids of an operation before any is looked up. Throws RATE_LIMITED, or rejects with it. */
  admit(ids: number): void | Promise<void> {
    const { name, allowance } = this.#principal;
    if (allowance.idsPerSecond !== undefined) return this.#allowances.take(name, ids, allowance.idsPerSecond);
  }

  /** Counts an id that was not found a second time: who tries ids out meets the limit soon. */
  noteMiss(): void {
    const { name, allowance } = this.#principal;
    if (allowance.idsPerSecond !== undefined) this.#allowances.charge(name, 1, allowance.idsPerSecond);
  }

  /**
   * Looks an id up within the budget of the day. Throws RATE_LIMITED when that is used up, before anything is sent.
   *
   * @param find makes the look-up
   * @param bill tells afterwards what it was billed
   */
  async spend<Found>(find: () => Promise<Found>, bill: LookUpBill): Promise<Found> {
    const reservation = await this.#reserve();
    try {
      const found = await find();
      reservation.settle(bill.take());
      return found;
    } catch (failure) {
      const atRisk = bill.isLeaving(failure) ? 0 : recordsAtRisk(failure);
      const settle = () => reservation.settle(Math.max(atRisk, bill.take()));
      // An answer for which nobody waits any more is billed all the same, and kept for whoever asks next.
      const ended = bill.ended();
      if (ended) void ended.then(settle);
      else settle();
      throw failure;
    }
  }

  #reserve(): Reservation | Promise<Reservation> {
    const { name, allowance } = this.#principal;
    if (allowance.recordsPerDay === undefined) return nothing;
    return this.#allowances.reserve(name, 1, allowance.recordsPerDay);
  }
}
