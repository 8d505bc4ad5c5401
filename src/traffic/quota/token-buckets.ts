import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';

/** How many ids a caller may ask for: so many a second, and so many at once after a pause. */
export class TokenBucketLimit {
  readonly idsPerSecond: number;
  /** Ids that a full bucket holds: a burst, or what refills in a second if that is more. */
  readonly capacity: number;

  /** Throws a RangeError unless `idsPerSecond` is a number above 0. */
  constructor(idsPerSecond: number, burst: number) {
    if (!(idsPerSecond > 0 && idsPerSecond < Infinity)) {
      throw new RangeError(`Expected \`idsPerSecond\` to be a number above 0, got ${idsPerSecond}`);
    }
    this.idsPerSecond = idsPerSecond;
    this.capacity = Math.max(burst, idsPerSecond);
  }

  /** Throws TOO_MANY_IDS for more ids than ever are there at once. */
  assertFitsBucket(ids: number): void {
    if (ids <= this.capacity) return;
    const message = `This caller may ask for at most ${Math.floor(this.capacity)} ids at once, got: ${ids}.`;
    throw new GatewayError('TOO_MANY_IDS', message);
  }

  /** What a caller is told who has to wait. */
  toError(ids: number, retryAfterMs: number): GatewayError {
    const message = `This caller may ask for ${this.idsPerSecond} ids a second; there will be ${ids} in ${retryAfterMs} ms.`;
    return new GatewayError('RATE_LIMITED', message, { retryAfterMs });
  }
}

/** Counted from full, so that a bucket that is full is the same as one that is not there, whatever it holds. */
interface Bucket {
  missing: number;
  atMs: number;
}

/** Less of an id than anybody notices, and more than sums of fractions are ever wrong by. */
const tolerance = 1e-6;

/** A bucket of ids for each name; who took longest ago makes room for others, and finds a full one later. */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #buckets: LRUCache<string, Bucket>;

  constructor(clock: Clock, maxNames: number) {
    this.#clock = clock;
    // `max` would set room aside for all of them at once.
    this.#buckets = new LRUCache({ maxSize: maxNames, sizeCalculation: () => 1 });
  }

  /** Takes all ids, or none; answers with the milliseconds until so many are there, 0 when they were taken. */
  take(name: string, ids: number, rate: TokenBucketLimit): number {
    const bucket = this.#refilled(name, rate);
    const lacking = bucket.missing + ids - rate.capacity;
    if (lacking > tolerance) return Math.ceil((lacking / rate.idsPerSecond) * 1000);
    bucket.missing += ids;
    return 0;
  }

  /** Takes ids that are not there, too, up to as many as the full bucket holds. */
  charge(name: string, ids: number, rate: TokenBucketLimit): void {
    const bucket = this.#refilled(name, rate);
    bucket.missing = Math.min(2 * rate.capacity, bucket.missing + ids);
  }

  #refilled(name: string, { idsPerSecond, capacity }: TokenBucketLimit): Bucket {
    const nowMs = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? this.#full(name, nowMs);
    const refilled = ((nowMs - bucket.atMs) / 1000) * idsPerSecond;
    // A bucket that was made smaller owes no more than one of its size can.
    bucket.missing = Math.min(2 * capacity, Math.max(0, bucket.missing - refilled));
    bucket.atMs = nowMs;
    return bucket;
  }

  #full(name: string, nowMs: number): Bucket {
    const bucket = { missing: 0, atMs: nowMs };
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
