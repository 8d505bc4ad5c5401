import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { checkCount, type Reservation } from './quota-store.js';

const dayMs = 86_400_000;

/** What one caller was billed in one day of UTC, and what it may be billed yet. */
export class DailyUsage {
  /** Records that other replicas have on their accounts for the same caller and day, as far as is known. */
  usedByOtherReplicas = 0;
  /** When the day is over. */
  readonly endsAtMs: number;
  readonly #clock: Clock;
  readonly #onOpen: (isOpen: boolean) => void;
  #settled = 0;
  #reserved = 0;
  #reservations = 0;

  /** @param onOpen told when the first reservation without an outcome comes, and when the last one is settled */
  constructor(clock: Clock, onOpen: (isOpen: boolean) => void) {
    this.#clock = clock;
    this.#onOpen = onOpen;
    this.endsAtMs = (Math.floor(clock.now() / dayMs) + 1) * dayMs;
  }

  /** The day, such as `2026-01-10`. */
  get day(): string {
    return new Date(this.endsAtMs - dayMs).toISOString().slice(0, 10);
  }

  get isOver(): boolean {
    return this.#clock.now() >= this.endsAtMs;
  }

  /** Records that were billed, and those set aside. */
  get usedOrReserved(): number {
    return this.#settled + this.#reserved;
  }

  /** Sets records aside. Throws RATE_LIMITED when that is more than is left of the budget, here and elsewhere. */
  reserve(records: number, recordsPerDay: number): Reservation {
    checkCount('records', records);
    checkCount('recordsPerDay', recordsPerDay);
    if (this.usedByOtherReplicas + this.usedOrReserved + records > recordsPerDay)
      throw this.#refusal(records, recordsPerDay);
    this.#reserved += records;
    this.#reservations += 1;
    if (this.#reservations === 1) this.#onOpen(true);
    let isSettled = false;
    const settle = (billed: number) => {
      checkCount('records', billed);
      if (!isSettled) this.#settle(records, billed);
      isSettled = true;
    };
    return { settle };
  }

  #settle(reserved: number, billed: number): void {
    this.#settled += billed;
    this.#reserved -= reserved;
    this.#reservations -= 1;
    if (this.#reservations === 0) this.#onOpen(false);
  }

  /** What a caller is told whose budget does not hold so many records any more. */
  #refusal(records: number, recordsPerDay: number): GatewayError {
    const rateLimiter = `The daily budget of ${recordsPerDay} records`;
    if (records > recordsPerDay)
      return new GatewayError('RATE_LIMITED', `${rateLimiter} never holds ${records}.`);
    const retryAfterMs = Math.max(1, Math.ceil(this.endsAtMs - this.#clock.now()));
    return new GatewayError('RATE_LIMITED', `${rateLimiter} is used up until 00:00 UTC.`, { retryAfterMs });
  }
}

/**
 * Today's account for each name. Who asked longest ago makes room for others, and finds an empty account later; but not
 * while a reservation of it has no outcome.
 */
export class DailyUsageByCaller {
  readonly #clock: Clock;
  readonly #accounts: LRUCache<string, DailyUsage>;
  /** Accounts whose reservations have no outcome yet, wherever they stand in the line. */
  readonly #open = new Map<string, DailyUsage>();

  constructor(clock: Clock, maxNames: number) {
    this.#clock = clock;
    // `max` would set room aside for all of them at once.
    this.#accounts = new LRUCache({ maxSize: maxNames, sizeCalculation: () => 1 });
  }

  of(name: string): DailyUsage {
    const known = this.#open.get(name) ?? this.#accounts.get(name);
    return known && !known.isOver ? known : this.#begin(name);
  }

  /** Reservations of the day before are settled in its account, which is not today's any more. */
  #begin(name: string): DailyUsage {
    const account: DailyUsage = new DailyUsage(this.#clock, (isOpen) => {
      if (isOpen) this.#hold(name, account);
      else this.#release(name, account);
    });
    this.#open.delete(name);
    this.#accounts.set(name, account);
    return account;
  }

  /** Not when another account has taken its place. */
  #hold(name: string, account: DailyUsage): void {
    if ((this.#accounts.peek(name) ?? account) === account) this.#open.set(name, account);
  }

  #release(name: string, account: DailyUsage): void {
    if (this.#open.get(name) !== account) return;
    this.#open.delete(name);
    // To be asked for is to be used, which is much cheaper than to be put there anew.
    if (this.#accounts.get(name) !== account) this.#accounts.set(name, account);
  }
}
