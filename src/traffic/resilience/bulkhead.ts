import { GatewayError } from '../../errors.js';
import { checkInteger } from '../check-range.js';

export interface BulkheadOptions {
  /** Maximum number of tasks that run at once. An integer from 1 up. */
  readonly maxConcurrent: number;
  /** Maximum number of tasks that wait for a free place. An integer from 0 up. */
  readonly maxQueued: number;
  /** Message of the OVERLOADED error for tasks beyond both. */
  readonly overloadedMessage: string;
}

/** Gauges and counters of a bulkhead. */
export interface BulkheadStats {
  /** Tasks that run. */
  readonly running: number;
  /** Tasks that wait for a free place. */
  readonly queued: number;
  /** Tasks rejected with OVERLOADED. */
  readonly rejected: number;
}

/** `retryAfterMs` of rejected tasks. A constant, because the bulkhead cannot know how long its tasks take. */
const retryAfterMs = 1000;

/** Runs a limited number of tasks at once and queues a limited number of others, in the order in which they came. */
export class Bulkhead {
  readonly #maxConcurrent: number;
  readonly #maxQueued: number;
  readonly #overloadedMessage: string;
  readonly #queue: (() => void)[] = [];
  #running = 0;
  #rejected = 0;

  /** Throws a RangeError for an option out of its range. */
  constructor({ maxConcurrent, maxQueued, overloadedMessage }: BulkheadOptions) {
    this.#maxConcurrent = checkInteger('maxConcurrent', maxConcurrent, 1);
    this.#maxQueued = checkInteger('maxQueued', maxQueued, 0);
    this.#overloadedMessage = overloadedMessage;
  }

  stats(): BulkheadStats {
    return { running: this.#running, queued: this.#queue.length, rejected: this.#rejected };
  }

  /** Runs a task and passes its outcome on. Rejects with OVERLOADED, without running it, when the queue is full. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    await this.#enter();
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#maxConcurrent) {
      this.#running += 1;
      return undefined;
    }
    if (this.#queue.length < this.#maxQueued) return new Promise((resolve) => void this.#queue.push(resolve));
    this.#rejected += 1;
    throw new GatewayError('OVERLOADED', this.#overloadedMessage, { retryAfterMs });
  }

  /** The next task in the queue takes the place over at once, so that a newcomer cannot overtake it. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
