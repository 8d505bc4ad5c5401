import { rulesOf } from '../../catalogue/products.js';
import type { RateLimiter } from '../../traffic/rate-limit/rate-limiter.js';
import type { CapReservation, DailyCap } from './daily-cap.js';
import type { AttributedResponse, CallOrigin, Entry, IdsCalls, RecordBatch } from './ids-calls.js';
import { abandonedCall } from './vonage-caller.js';

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
