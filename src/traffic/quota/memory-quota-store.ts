import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { checkInteger, checkPositive } from '../check-range.js';
import { type DailyUsage, DailyUsageByCaller } from './daily-usage.js';
import type { QuotaStore, QuotaStoreStats, Reservation } from './quota-store.js';

export interface MemoryQuotaStoreOptions {
  readonly clock: Clock;
  /**
   * Ids that a caller may look up at once after a pause: the largest operation that is allowed. A caller with a higher
   * rate may look up the ids of one second. An integer from 1 up. Default: 1,000.
   */
  readonly burst?: number;
  /**
   * Maximum number of callers in memory. The least recently used one is dropped first, with its debt, unless it has open
   * reservations; what it was billed today is kept. An integer from 1 up. Default: 100,000.
   */
  readonly maxCallers?: number;
}

/** The quotas of the callers of this process, by its own clock. Returns at once, without a promise. */
export class MemoryQuotaStore implements QuotaStore {
  readonly #burst: number;
  readonly #buckets: TokenBuckets;
  readonly #usages: DailyUsageByCaller;

  /** Throws a RangeError for an option out of its range. */
  constructor({ clock, burst = 1000, maxCallers = 100_000 }: MemoryQuotaStoreOptions) {
    this.#burst = checkInteger('burst', burst, 1);
    this.#buckets = new TokenBuckets(clock, checkInteger('maxCallers', maxCallers, 1));
    this.#usages = new DailyUsageByCaller(clock, maxCallers);
  }

  take(name: string, ids: number, idsPerSecond: number): void {
    checkInteger('ids', ids, 0);
    const limit = this.toLimit(idsPerSecond);
    limit.assertFitsBucket(ids);
    const waitMs = this.#buckets.take(name, ids, limit);
    if (waitMs > 0) throw limit.toError(ids, waitMs);
  }

  charge(name: string, ids: number, idsPerSecond: number): void {
    checkInteger('ids', ids, 0);
    this.#buckets.charge(name, ids, this.toLimit(idsPerSecond));
  }

  reserve(name: string, records: number, recordsPerDay: number): Reservation {
    return this.usageOf(name).reserve(records, recordsPerDay);
  }

  recordsUsed(name: string): number {
    const { usedByOtherReplicas, used } = this.usageOf(name);
    return usedByOtherReplicas + used;
  }

  recordsLeft(name: string, recordsPerDay: number): number {
    const { usedByOtherReplicas, usedOrReserved } = this.usageOf(name);
    return Math.max(0, recordsPerDay - usedByOtherReplicas - usedOrReserved);
  }

  stats(): QuotaStoreStats {
    const { size: dailyUsages, reservedSize: callersWithReservations } = this.#usages;
    return { buckets: this.#buckets.size, dailyUsages, callersWithReservations };
  }

  async close(): Promise<void> {}

  /** The limit of a caller with the given rate. Throws a RangeError unless it is a number above 0. */
  toLimit(idsPerSecond: number): TokenBucketLimit {
    return new TokenBucketLimit(idsPerSecond, this.#burst);
  }

  /** The usage of a caller today. */
  usageOf(name: string): DailyUsage {
    return this.#usages.of(name);
  }
}

/** How many ids a caller may look up: a rate, and a burst after a pause. */
export class TokenBucketLimit {
  readonly idsPerSecond: number;
  /** Ids that a full bucket holds: the burst, or the ids of one second if that is more. */
  readonly capacity: number;

  /** Throws a RangeError unless `idsPerSecond` is a number above 0. */
  constructor(idsPerSecond: number, burst: number) {
    this.idsPerSecond = checkPositive('idsPerSecond', idsPerSecond);
    this.capacity = Math.max(burst, idsPerSecond);
  }

  /** Throws TOO_MANY_IDS for more ids than a full bucket holds. */
  assertFitsBucket(ids: number): void {
    if (ids <= this.capacity) return;
    const message = `This caller may look up at most ${Math.floor(this.capacity)} ids at once, got: ${ids}.`;
    throw new GatewayError('TOO_MANY_IDS', message);
  }

  /** The error for a caller that has to wait. */
  toError(ids: number, retryAfterMs: number): GatewayError {
    const message = `This caller may look up ${this.idsPerSecond} ids per second; try ${ids} again in ${retryAfterMs} ms.`;
    return new GatewayError('RATE_LIMITED', message, { retryAfterMs });
  }
}

/** Counts the ids that are missing from a full bucket, so that a full bucket of any capacity equals an absent one. */
interface Bucket {
  missing: number;
  updatedAtMs: number;
}

/** A fraction of an id that exceeds the rounding error of sums. */
const tolerance = 1e-6;

/** A token bucket for each caller. The least recently used buckets make room for new ones, and are full when they return. */
class TokenBuckets {
  readonly #clock: Clock;
  readonly #buckets: LRUCache<string, Bucket>;

  constructor(clock: Clock, maxCallers: number) {
    this.#clock = clock;
    // The option `max` would allocate memory for all of them at once.
    this.#buckets = new LRUCache({ maxSize: maxCallers, sizeCalculation: () => 1 });
  }

  /** Number of buckets in memory. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes all ids and returns 0, or takes none and returns the milliseconds until the bucket holds enough. */
  take(name: string, ids: number, limit: TokenBucketLimit): number {
    const bucket = this.#refill(name, limit);
    const lacking = bucket.missing + ids - limit.capacity;
    if (lacking > tolerance) return Math.ceil((lacking / limit.idsPerSecond) * 1000);
    bucket.missing += ids;
    return 0;
  }

  /** Takes ids even if the bucket is empty. Its debt is at most its capacity. */
  charge(name: string, ids: number, limit: TokenBucketLimit): void {
    const bucket = this.#refill(name, limit);
    bucket.missing = Math.min(2 * limit.capacity, bucket.missing + ids);
  }

  #refill(name: string, { idsPerSecond, capacity }: TokenBucketLimit): Bucket {
    const nowMs = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? this.#create(name, nowMs);
    const refilled = ((nowMs - bucket.updatedAtMs) / 1000) * idsPerSecond;
    // The capacity may have become smaller since the last request, and the maximum debt with it.
    bucket.missing = Math.min(2 * capacity, Math.max(0, bucket.missing - refilled));
    bucket.updatedAtMs = nowMs;
    return bucket;
  }

  #create(name: string, nowMs: number): Bucket {
    const bucket = { missing: 0, updatedAtMs: nowMs };
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
