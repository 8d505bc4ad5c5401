/**
 * Enforces the limits of each caller: ids per second, and billed records per day (UTC). Callers are told apart by name.
 * The limit is passed with each request, so that a changed limit applies at once.
 *
 * `take` and `reserve` return at once where this process decides alone, and a promise where Redis decides. Their errors
 * are thrown or rejected accordingly.
 */
export interface QuotaStore {
  /**
   * Takes ids from the caller's token bucket, which refills continuously and holds a burst. Takes all of them or none.
   *
   * @param name the caller
   * @param ids how many; an integer from 0 up
   * @param idsPerSecond the refill rate of the bucket; a number above 0
   * @throws GatewayError RATE_LIMITED when the bucket holds too few; it holds enough after `retryAfterMs` if the caller
   * takes none meanwhile
   * @throws GatewayError TOO_MANY_IDS for more ids than a full bucket holds, because waiting would not help
   * @throws RangeError for a number out of its range
   */
  take(name: string, ids: number, idsPerSecond: number): void | Promise<void>;

  /**
   * Takes ids that are known to count only afterwards, such as ids that were not found. The bucket may go into debt, by as
   * many ids as it holds when full; the caller waits until the debt has refilled too.
   *
   * @param name the caller
   * @param ids how many; an integer from 0 up
   * @param idsPerSecond the refill rate of the bucket; a number above 0
   * @throws RangeError for a number out of its range
   */
  charge(name: string, ids: number, idsPerSecond: number): void;

  /**
   * Reserves records of today's quota before a lookup that may be billed is sent, so that concurrent lookups cannot use
   * the same records.
   *
   * @param name the caller
   * @param records how many the lookup is expected to be billed; an integer from 0 up
   * @param recordsPerDay the quota of a whole day; an integer from 0 up
   * @throws GatewayError RATE_LIMITED when fewer are left; its `retryAfterMs` lasts until 00:00 UTC, and is absent when
   * the quota of a whole day is too small
   * @throws RangeError for a number out of its range
   */
  reserve(name: string, records: number, recordsPerDay: number): Reservation | Promise<Reservation>;

  /**
   * Records that were billed today, as far as this process knows. Includes what other replicas have only reserved.
   *
   * @param name the caller
   */
  recordsUsed(name: string): number;

  /**
   * Records of today's quota that are neither used nor reserved, as far as this process knows.
   *
   * @param name the caller
   * @param recordsPerDay the quota of a whole day; an integer from 0 up
   */
  recordsLeft(name: string, recordsPerDay: number): number;

  stats(): QuotaStoreStats;

  /** Releases what is held open. Resolves when other replicas know what was settled, as far as they can be reached. */
  close(): Promise<void>;
}

/** Reserved records. Each reservation must be settled when its lookup has ended, however it ended. */
export interface Reservation {
  /**
   * Replaces the reserved records by the billed ones, in the day in which they were reserved. Later calls do nothing.
   *
   * @param records how many were billed; an integer from 0 up. It may exceed the reservation, because one id may have
   * several records
   * @throws RangeError for a number out of its range
   */
  settle(records: number): void;
}

/** Gauges of the memory of a quota store. */
export interface QuotaStoreStats {
  /** Callers with a token bucket in memory. */
  readonly buckets: number;
  /** Callers with a daily usage in memory. */
  readonly dailyUsages: number;
  /** Callers with a reservation that is not settled. */
  readonly callersWithReservations: number;
}
