import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { QuotaStore, Reservation } from '../../traffic/quota/quota-store.js';
import type { RateLimiter } from '../../traffic/rate-limit/rate-limiter.js';
import type { AttributedResponse, CallOrigin, Entry, IdsCalls, RecordBatch } from './ids-calls.js';
import { abandonedCall } from './vonage-caller.js';

export interface DailyCapOptions {
  /** Counts the records. Replicas of one Redis share it. */
  readonly quotaStore: QuotaStore;
  /** Name of the API key in the store. */
  readonly name: string;
  /** Most records of a day; an integer from 1 up. */
  readonly recordsPerDay: number;
  readonly clock: Clock;
  /** Called once a day when 80 percent of the records are used, and once when all are. */
  readonly onUsageLevel?: ((level: DailyUsageLevel) => void) | undefined;
}

/** How much of a day's records is used. */
export interface DailyUsageLevel {
  readonly isReached: boolean;
  readonly recordsUsed: number;
  readonly recordsPerDay: number;
}

/**
 * Reserved records. It must be settled with the billed records when its call has ended, and with 0 when nothing was
 * billed.
 */
interface CapReservation extends Reservation {
  /** How many are reserved. */
  readonly records: number;
}

/** Part of the records of a day after which the operator is warned. */
const nearPart = 0.8;
const dayMs = 86_400_000;

/**
 * Caps the records that Vonage bills for one API key in a day (UTC). What a call may cost is reserved before the call, so
 * that concurrent calls cannot exceed the cap.
 */
export class DailyCap {
  readonly #options: DailyCapOptions;
  #openReservations = 0;
  #nextSettlement = settlement();
  /** The day, counted from 1970, of the latest usage level. */
  #day = 0;
  /** The highest part of the day's records that was reported. */
  #reportedPart = 0;

  constructor(options: DailyCapOptions) {
    this.#options = options;
  }

  /** Records that are neither used nor reserved today, as far as this process knows. */
  get recordsLeft(): number {
    const { quotaStore, name, recordsPerDay } = this.#options;
    return quotaStore.recordsLeft(name, recordsPerDay);
  }

  /** Throws RATE_LIMITED when the records of today are used up, so that nothing is queued in vain. */
  throwIfReached(): void {
    const { quotaStore, name, recordsPerDay, clock } = this.#options;
    if (quotaStore.recordsUsed(name) < recordsPerDay) return;
    throw reachedError(dayMs - (clock.now() % dayMs));
  }

  /**
   * Reserves records before a call that may be billed. Waits while only calls in flight have reserved what is left, so a
   * caller must not hold a reservation of its own meanwhile.
   *
   * @param most how many the call can cost; an integer from 1 up
   * @param least how many are enough; fewer than `most` are reserved only when no more are left
   * @throws GatewayError RATE_LIMITED when fewer are left; its `retryAfterMs` lasts until 00:00 UTC, and is absent when
   * the cap of a whole day is too low
   */
  async reserve(most: number, least = most): Promise<CapReservation> {
    const { quotaStore, name, recordsPerDay } = this.#options;
    for (;;) {
      const settlement = this.#nextSettlement;
      try {
        return await this.#tryReserve(most, least);
      } catch (error) {
        this.#reportLevel();
        const mayFitLater = quotaStore.recordsUsed(name) + least <= recordsPerDay;
        // A settlement during the attempt makes room as well as one that is still to come.
        const isSettling = this.#openReservations > 0 || settlement !== this.#nextSettlement;
        if (!mayFitLater || !isSettling) throw toCapError(error, least);
      }
      await settlement.promise;
    }
  }

  async #tryReserve(most: number, least: number): Promise<CapReservation> {
    const { quotaStore, name, recordsPerDay } = this.#options;
    try {
      return this.#open(most, await quotaStore.reserve(name, most, recordsPerDay));
    } catch (error) {
      const left = this.recordsLeft;
      if (left < least || left >= most) throw error;
      return this.#open(left, await quotaStore.reserve(name, left, recordsPerDay));
    }
  }

  #open(records: number, reservation: Reservation): CapReservation {
    this.#openReservations += 1;
    let isOpen = true;
    const settle = (billed: number) => {
      reservation.settle(billed);
      if (isOpen) this.#close();
      isOpen = false;
    };
    return { records, settle };
  }

  #close(): void {
    this.#openReservations -= 1;
    this.#reportLevel();
    this.#nextSettlement.resolve();
    this.#nextSettlement = settlement();
  }

  #reportLevel(): void {
    const { quotaStore, name, recordsPerDay, clock, onUsageLevel } = this.#options;
    const day = Math.floor(clock.now() / dayMs);
    if (day !== this.#day) this.#reportedPart = 0;
    this.#day = day;
    const recordsUsed = quotaStore.recordsUsed(name);
    const part = [1, nearPart].find((each) => recordsUsed >= each * recordsPerDay) ?? 0;
    if (part <= this.#reportedPart) return;
    this.#reportedPart = part;
    onUsageLevel?.({ isReached: part === 1, recordsUsed, recordsPerDay });
  }
}

/** A promise that the next settlement resolves. */
function settlement(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve };
}

function toCapError(error: unknown, records: number): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'RATE_LIMITED') return error;
  if (error.retryAfterMs !== undefined) return reachedError(error.retryAfterMs);
  return new GatewayError(
    'RATE_LIMITED',
    `This can cost ${records} records, which is more than the operator's daily limit.`,
  );
}

function reachedError(retryAfterMs: number): GatewayError {
  return new GatewayError(
    'RATE_LIMITED',
    "The operator's daily limit of billed records leaves too few for this until 00:00 UTC; cached records are still served.",
    { retryAfterMs: Math.ceil(retryAfterMs), neverSent: true },
  );
}

export interface CappedCallsOptions {
  readonly calls: IdsCalls;
  readonly rateLimiter: RateLimiter;
  /** What the calls may be billed in a day; undefined without a limit. */
  readonly dailyCap?: DailyCap | undefined;
}

/** A call that was made for the first ids of a batch. */
export interface CappedResponse {
  readonly sent: readonly Entry[];
  /** Ids for which too few records were left. They can be asked for again. */
  readonly unsent: readonly Entry[];
  readonly response: AttributedResponse;
}

/** Makes calls for as many ids as the daily cap allows: one record is reserved for each id. */
export class CappedCalls {
  readonly #options: CappedCallsOptions;

  constructor(options: CappedCallsOptions) {
    this.#options = options;
  }

  /**
   * Makes one call, whose token is held. Returns undefined when nothing was sent, and the ids then have their outcome.
   * Rejects with a GatewayError when the call fails.
   */
  async ask(origin: CallOrigin, entries: readonly Entry[]): Promise<CappedResponse | undefined> {
    const { calls, dailyCap, rateLimiter } = this.#options;
    if (!dailyCap || rulesOf(origin.batch.lane.product).isFree)
      return { sent: entries, unsent: [], response: await calls.ask(origin, entries) };
    const reservation = await reserve(dailyCap, origin.batch, entries);
    if (!reservation) {
      rateLimiter.release();
      return undefined;
    }
    const sent = entries.slice(0, reservation.records);
    const response = await this.#askReserved(origin, sent, reservation);
    return { sent, unsent: entries.slice(reservation.records), response };
  }

  async #askReserved(
    origin: CallOrigin,
    sent: readonly Entry[],
    reservation: CapReservation,
  ): Promise<AttributedResponse> {
    const { charges } = origin;
    const keys = sent.map(({ key }) => key);
    const chargedBefore = charges.recordsOf(keys);
    try {
      return await this.#options.calls.ask(origin, sent);
    } finally {
      reservation.settle(charges.recordsOf(keys) - chargedBefore);
    }
  }
}

/** Undefined when no record is left, or no operation waits any more. The ids then have failed. */
async function reserve(
  dailyCap: DailyCap,
  batch: RecordBatch,
  entries: readonly Entry[],
): Promise<CapReservation | undefined> {
  const fail = (error: unknown) => {
    for (const { key } of entries) batch.settle(key, { error });
  };
  try {
    const reservation = await dailyCap.reserve(entries.length, 1);
    if (entries.some(({ isWanted }) => isWanted)) return reservation;
    reservation.settle(0);
    fail(abandonedCall());
  } catch (error) {
    fail(error);
  }
  return undefined;
}
