/**
 * How much each caller may ask for: ids a second, and billed records in a day of UTC. Callers are told apart by their
 * names; what each is allowed is given with every question, so that nothing has to be told when it changes.
 *
 * `take` and `reserve` answer at once where this process decides alone, and by a promise where it has to ask: a refusal is
 * thrown, or the promise rejects with it.
 */
export interface QuotaStore {
  /**
   * Takes ids out of a bucket that refills all the time and holds a burst. All are taken, or none.
   *
   * @param name who asks
   * @param ids how many at once; an integer from 0 up
   * @param idsPerSecond what the bucket refills; a number above 0
   * @throws GatewayError RATE_LIMITED while there are too few; after its `retryAfterMs` there are enough, if the caller
   * takes none meanwhile
   * @throws GatewayError TOO_MANY_IDS for more ids than the full bucket holds, since waiting would not help
   */
  take(name: string, ids: number, idsPerSecond: number): void | Promise<void>;

  /**
   * Takes ids that nobody was asked for beforehand, such as those that were not found and so count double. A caller may
   * come to owe as much as the full bucket holds, and no more; it has to wait until that has refilled, too.
   *
   * @param ids how many; an integer from 0 up
   * @param idsPerSecond as for `take`
   */
  charge(name: string, ids: number, idsPerSecond: number): void;

  /**
   * Sets records of today's budget aside, before a look-up that may be billed is sent. Look-ups that go on at the same time
   * cannot use the same records.
   *
   * @param name who asks
   * @param records how many the look-up is taken to be billed; an integer from 0 up
   * @param recordsPerDay the whole budget of a day; an integer from 0 up
   * @throws GatewayError RATE_LIMITED when that is more than is left; its `retryAfterMs` lasts until 00:00 UTC, and is absent
   * where the budget of a whole day would not do
   */
  reserve(name: string, records: number, recordsPerDay: number): Reservation | Promise<Reservation>;

  /** Ends what is held open. Resolves when other replicas know what was settled, as far as they can be told. */
  close(): Promise<void>;
}

/** Records set aside. Each must be settled once its look-up has ended, however it ended. */
export interface Reservation {
  /**
   * Replaces what was set aside by what was billed, in the budget of the day in which it was set aside. Only the first call
   * counts.
   *
   * @param records how many were billed: 0 gives all back; more than were set aside count, too, since one id may have
   * several. An integer from 0 up
   */
  settle(records: number): void;
}

/** Throws a RangeError for what is no number of things: one NaN in a sum, and no limit would hold any more. */
export function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(`Expected \`${name}\` to be an integer from 0 up, got ${value}`);
}
