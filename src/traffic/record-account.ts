import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Reservation } from './allowances.js';
import { checkCount } from './check-count.js';

const dayMs = 86_400_000;

/** What one caller was billed in one day of UTC, and what it may be billed yet. */
export class RecordAccount {
  /** Records that other replicas have on their accounts for the same caller and day, as far as is known. */
  elsewhere = 0;
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
  get booked(): number {
    return this.#settled + this.#reserved;
  }

  /** Sets records aside. Throws RATE_LIMITED when that is more than is left of the budget, here and elsewhere. */
  reserve(records: number, recordsPerDay: number): Reservation {
    checkCount('records', records);
    checkCount('recordsPerDay', recordsPerDay);
    if (this.elsewhere + this.booked + records > recordsPerDay) throw this.#refusal(records, recordsPerDay);
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
    const budget = `The daily budget of ${recordsPerDay} records`;
    if (records > recordsPerDay) return new GatewayError('RATE_LIMITED', `${budget} never holds ${records}.`);
    const retryAfterMs = Math.max(1, Math.ceil(this.endsAtMs - this.#clock.now()));
    return new GatewayError('RATE_LIMITED', `${budget} is used up until 00:00 UTC.`, { retryAfterMs });
  }
}
