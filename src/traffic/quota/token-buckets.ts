import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { checkPositive } from '../check-range.js';

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
export class TokenBuckets {
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
