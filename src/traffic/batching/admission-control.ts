import type { Clock } from '../../clock.js';
import { GatewayError, shuttingDown } from '../../errors.js';
import { checkInteger } from '../check-range.js';
import type { RateLimiter } from '../rate-limit/rate-limiter.js';

export interface AdmissionControlOptions {
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly maxBatchSize: number;
  readonly maxWaiting: number;
}

/** The queue as one more id would find it. */
export interface QueuePosition {
  /** Ids that wait in all lanes. */
  readonly waiting: number;
  /** Lanes with ids that wait, including the lane of the new id. */
  readonly lanes: number;
  /** Upper bound of the calls of its own lane until the new id is sent. */
  readonly callsInLane: number;
  /** Bulk calls that wait; at most every other token goes to them. */
  readonly bulkCalls: number;
}

/** The part of a pending lookup that its deadline is checked with; epoch milliseconds. */
interface WaitingId {
  readonly enqueuedAtMs: number;
  readonly latestDeadlineMs: number;
}

const messages = {
  full: 'The queue is full; try again after retryAfterMs.',
  tooLong: 'The queue is longer than this operation waits; try again after retryAfterMs.',
  tooSlow: 'The queue took longer than this operation waits; try again after retryAfterMs.',
};

/**
 * Refuses lookups that the queue cannot serve before their deadline. They would cost their caller the time and others a
 * place, and if they were sent, their result would be billed and discarded.
 */
export class AdmissionControl {
  readonly latency: LatencyEstimate;
  readonly #rateLimiter: RateLimiter;
  readonly #clock: Clock;
  readonly #maxBatchSize: number;
  readonly #maxWaiting: number;
  /** When the process stops, in epoch milliseconds. */
  #closesAtMs = Infinity;
  #refused = 0;

  /** Throws a RangeError for an option out of its range. */
  constructor({ rateLimiter, clock, maxBatchSize, maxWaiting }: AdmissionControlOptions) {
    this.#maxBatchSize = checkInteger('maxBatchSize', maxBatchSize, 1);
    this.#maxWaiting = checkInteger('maxWaiting', maxWaiting, 1);
    this.#rateLimiter = rateLimiter;
    this.#clock = clock;
    this.latency = new LatencyEstimate(clock);
  }

  /** Ids that were refused, at once or after they waited. */
  get refused(): number {
    return this.#refused;
  }

  /** Tells that the process stops at a moment (epoch milliseconds), which then is the last deadline of every id. */
  closeAt(closesAtMs: number): void {
    this.#closesAtMs = closesAtMs;
  }

  /** Of so many calls, how many can start in time to return before the process stops. */
  callsUntilClosed(calls: number): number {
    const remainingMs = this.#closesAtMs - this.#clock.now();
    const startsWithinMs = remainingMs - this.latency.reserveWithin(remainingMs);
    let count = 0;
    while (count < calls && this.#rateLimiter.estimateMs(count + 1) <= startsWithinMs) count += 1;
    return count;
  }

  /** The SHUTTING_DOWN error for an id that no call can serve before the process stops. */
  refuseClosing(): GatewayError {
    this.#refused += 1;
    return shuttingDown();
  }

  /**
   * Throws OVERLOADED when the queue is full, or too long for the deadline (epoch milliseconds) of a new id, and
   * SHUTTING_DOWN when it is too long for the time until the process stops.
   */
  admit(position: QueuePosition, deadlineAtMs: number): void {
    const remainingMs = Math.min(deadlineAtMs, this.#closesAtMs) - this.#clock.now();
    const lateMs = this.#waitMs(position) + this.latency.reserveWithin(remainingMs) - remainingMs;
    if (position.waiting >= this.#maxWaiting)
      throw this.#refuse(messages.full, this.#drainMs(position.waiting));
    if (lateMs <= 0) return;
    throw this.#closesAtMs < deadlineAtMs ? this.refuseClosing() : this.#refuse(messages.tooLong, lateMs);
  }

  /**
   * Whether a call that starts now would most likely return after the last deadline of an entry. The queue may have
   * become slower since the entry was admitted: other callers came, or the rate limiter paused.
   */
  isTooLate({ enqueuedAtMs, latestDeadlineMs }: WaitingId): boolean {
    const endsAtMs = Math.min(latestDeadlineMs, this.#closesAtMs);
    return endsAtMs - this.#clock.now() < this.latency.reserveWithin(endsAtMs - enqueuedAtMs);
  }

  /** The error for an id that was admitted and became too late, while so many others wait. */
  refuseLate({ latestDeadlineMs }: WaitingId, waiting: number): GatewayError {
    if (this.#closesAtMs < latestDeadlineMs) return this.refuseClosing();
    return this.#refuse(messages.tooSlow, this.#drainMs(waiting));
  }

  #refuse(message: string, waitMs: number): GatewayError {
    this.#refused += 1;
    return new GatewayError('OVERLOADED', message, { retryAfterMs: Math.max(1, Math.ceil(waitMs)) });
  }

  /** Milliseconds until so many ids could have been sent. */
  #drainMs(waiting: number): number {
    return this.#rateLimiter.estimateMs(Math.ceil(waiting / this.#maxBatchSize));
  }

  /**
   * Upper bound of the wait of a new id. Lanes are served in round-robin order, so each other lane sends at most as many
   * calls as the lane of the new id, and all together at most what their ids fill.
   */
  #waitMs({ waiting, lanes, callsInLane, bulkCalls }: QueuePosition): number {
    const callsOfAll = Math.ceil((waiting + 1) / this.#maxBatchSize) + lanes - 1;
    const calls = Math.min(callsInLane * lanes, callsOfAll);
    return this.#rateLimiter.estimateMs(calls + Math.min(calls, bulkCalls));
  }
}

/** Number of recent calls that count. */
const latencySampleSize = 10;

/**
 * How long recent calls took until their first result. The estimate is the second longest of the latest ten, so that a
 * single call that hangs does not raise it.
 */
class LatencyEstimate {
  readonly #clock: Clock;
  readonly #samplesMs: number[] = [];
  #estimateMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds that a call is expected to take; 0 until one has returned a result. */
  get expectedMs(): number {
    return this.#estimateMs;
  }

  /**
   * Starts to time a call. The returned function records the time of the first result; later calls of it do nothing,
   * because results after the first may come from follow-up calls with waits of their own.
   */
  startCall(): () => void {
    const startedAtMs = this.#clock.now();
    let isRecorded = false;
    return () => {
      if (!isRecorded) this.#record(this.#clock.now() - startedAtMs);
      isRecorded = true;
    };
  }

  /**
   * Milliseconds to reserve for the call out of a total waiting time. Never more than half of it, so that calls are
   * still made after a slow period and the estimate can recover.
   */
  reserveWithin(totalMs: number): number {
    return Math.min(this.#estimateMs, Math.max(0, totalMs) / 2);
  }

  #record(latencyMs: number): void {
    this.#samplesMs.push(latencyMs);
    if (this.#samplesMs.length > latencySampleSize) this.#samplesMs.shift();
    const [longest = 0, secondLongest = longest] = this.#samplesMs.toSorted((one, other) => other - one);
    this.#estimateMs = secondLongest;
  }
}
