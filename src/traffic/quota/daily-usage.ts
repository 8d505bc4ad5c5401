import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { checkInteger } from '../check-range.js';
import type { Reservation } from './quota-store.js';

const dayMs = 86_400_000;

/** The records that one caller used or reserved in one day (UTC). */
export class DailyUsage {
  /** Records that other replicas have used or reserved for the same caller and day, as far as is known. */
  usedByOtherReplicas = 0;
  /** End of the day, in epoch milliseconds. */
  readonly endsAtMs: number;
  readonly #clock: Clock;
  readonly #onReservedChange: (hasReservations: boolean) => void;
  #used: number;
  #reserved = 0;
  #reservations = 0;

  /**
   * @param used records that were billed before
   * @param onReservedChange called when the first open reservation is made, and when the last one is settled
   */
  constructor(clock: Clock, used: number, onReservedChange: (hasReservations: boolean) => void) {
    this.#clock = clock;
    this.#used = used;
    this.#onReservedChange = onReservedChange;
    this.endsAtMs = (Math.floor(clock.now() / dayMs) + 1) * dayMs;
  }

  /** The day, such as `2026-01-10`. */
  get day(): string {
    return new Date(this.endsAtMs - dayMs).toISOString().slice(0, 10);
  }

  /** Whether the day has ended. */
  get isOver(): boolean {
    return this.#clock.now() >= this.endsAtMs;
  }

  /** Records of this replica that were billed. */
  get used(): number {
    return this.#used;
  }

  /** Records of this replica that were billed or are reserved. */
  get usedOrReserved(): number {
    return this.#used + this.#reserved;
  }

  /** Reserves records. Throws RATE_LIMITED when all replicas together have too few left, as far as is known. */
  reserve(records: number, recordsPerDay: number): Reservation {
    checkInteger('records', records, 0);
    checkInteger('recordsPerDay', recordsPerDay, 0);
    if (this.usedByOtherReplicas + this.usedOrReserved + records > recordsPerDay)
      throw this.#toError(records, recordsPerDay);
    this.#reserved += records;
    this.#reservations += 1;
    if (this.#reservations === 1) this.#onReservedChange(true);
    let isSettled = false;
    const settle = (billed: number) => {
      checkInteger('records', billed, 0);
      if (!isSettled) this.#settle(records, billed);
      isSettled = true;
    };
    return { settle };
  }

  #settle(reserved: number, billed: number): void {
    this.#used += billed;
    this.#reserved -= reserved;
    this.#reservations -= 1;
    if (this.#reservations === 0) this.#onReservedChange(false);
  }

  #toError(records: number, recordsPerDay: number): GatewayError {
    const quota = `The daily quota of ${recordsPerDay} records`;
    if (records > recordsPerDay) return new GatewayError('RATE_LIMITED', `${quota} is less than ${records}.`);
    const retryAfterMs = Math.max(1, Math.ceil(this.endsAtMs - this.#clock.now()));
    return new GatewayError('RATE_LIMITED', `${quota} is used up until 00:00 UTC.`, { retryAfterMs });
  }
}

/**
 * The usage of the current day for each caller. The least recently used callers make room for new ones. Of them only the
 * number of billed records is kept, until the day ends, so no number of other callers makes it forgotten. Callers with open
 * reservations are kept as a whole.
 */
export class DailyUsageByCaller {
  readonly #clock: Clock;
  readonly #recent: LRUCache<string, DailyUsage>;
  /** Billed records of callers that made room. */
  readonly #used = new Map<string, number>();
  #usedUntilMs = 0;
  /** Usages with open reservations, whether they are in `#recent` or not. */
  readonly #reserved = new Map<string, DailyUsage>();

  constructor(clock: Clock, maxCallers: number) {
    this.#clock = clock;
    // The option `max` would allocate memory for all of them at once.
    this.#recent = new LRUCache({
      maxSize: maxCallers,
      sizeCalculation: () => 1,
      dispose: (usage, name, reason) => reason === 'evict' && this.#keepUsed(name, usage),
    });
  }

  /** Number of usages in memory, without those that are kept for their reservations only. */
  get size(): number {
    return this.#recent.size;
  }

  /** Number of callers with open reservations. */
  get reservedSize(): number {
    return this.#reserved.size;
  }

  /** The usage of a caller today. */
  of(name: string): DailyUsage {
    const known = this.#reserved.get(name) ?? this.#recent.get(name);
    return known && !known.isOver ? known : this.#startDay(name);
  }

  /** Open reservations of the day before are settled in the usage of that day. */
  #startDay(name: string): DailyUsage {
    const usage: DailyUsage = new DailyUsage(this.#clock, this.#usedBy(name), (hasReservations) => {
      if (hasReservations) this.#keep(name, usage);
      else this.#release(name, usage);
    });
    this.#reserved.delete(name);
    this.#recent.set(name, usage);
    return usage;
  }

  #usedBy(name: string): number {
    return this.#clock.now() < this.#usedUntilMs ? (this.#used.get(name) ?? 0) : 0;
  }

  /** A usage with open reservations stays in `#reserved`, and is recent again when they are settled. */
  #keepUsed(name: string, usage: DailyUsage): void {
    if (usage.isOver || usage.usedOrReserved === 0 || this.#reserved.get(name) === usage) return;
    if (usage.endsAtMs !== this.#usedUntilMs) this.#used.clear();
    this.#usedUntilMs = usage.endsAtMs;
    this.#used.set(name, usage.usedOrReserved);
  }

  /** Does nothing for a usage of the day before that was replaced. */
  #keep(name: string, usage: DailyUsage): void {
    if ((this.#recent.peek(name) ?? usage) === usage) this.#reserved.set(name, usage);
  }

  #release(name: string, usage: DailyUsage): void {
    if (this.#reserved.get(name) !== usage) return;
    this.#reserved.delete(name);
    // Reading it marks it as recently used, which costs much less than to set it again.
    if (this.#recent.get(name) !== usage) this.#recent.set(name, usage);
  }
}
