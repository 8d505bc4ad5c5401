import { GatewayError } from '../errors.js';
import type { Allowances, Reservation } from '../traffic/allowances.js';
import type { Principal } from './principal.js';

/** Codes of failures after which it is certain that nothing was returned, and so nothing billed. */
const unbilled: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'BUDGET_EXHAUSTED',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_UNAUTHORIZED',
]);

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
   * @param billed tells afterwards how many records it was billed
   */
  async spend<Found>(find: () => Promise<Found>, billed: () => number): Promise<Found> {
    const reservation = await this.#reserve();
    try {
      const found = await find();
      reservation.settle(billed());
      return found;
    } catch (error) {
      // An answer that nobody waited for any more, or that was cut short, is billed all the same.
      reservation.settle(Math.max(isUnbilled(error) ? 0 : 1, billed()));
      throw error;
    }
  }

  #reserve(): Reservation | Promise<Reservation> {
    const { name, allowance } = this.#principal;
    if (allowance.recordsPerDay === undefined) return nothing;
    return this.#allowances.reserve(name, 1, allowance.recordsPerDay);
  }
}

function isUnbilled(error: unknown): boolean {
  return error instanceof GatewayError && (error.neverSent || unbilled.has(error.code));
}
