import { GatewayError } from '../../errors.js';

export interface BulkheadOptions {
  /** How many may be inside at once. An integer from 1 up. */
  readonly maxConcurrent: number;
  /** How many may wait. An integer from 0 up. */
  readonly maxQueued: number;
  /** What somebody is told who is turned away. */
  readonly refusal: string;
}

/** Milliseconds after which it is worth coming back; how fast those before get through cannot be known. */
const retryAfterMs = 1000;

/** Lets a few in at once, and the others in the order in which they came. */
export class Bulkhead {
  readonly #maxConcurrent: number;
  readonly #maxQueued: number;
  readonly #refusal: string;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ maxConcurrent, maxQueued, refusal }: BulkheadOptions) {
    this.#maxConcurrent = maxConcurrent;
    this.#maxQueued = maxQueued;
    this.#refusal = refusal;
  }

  /** Does something inside. Rejects with OVERLOADED, and does nothing, when too many wait already. */
  async run<Result>(act: () => Promise<Result>): Promise<Result> {
    await this.#enter();
    try {
      return await act();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#maxConcurrent) {
      this.#running += 1;
      return undefined;
    }
    if (this.#waiting.length < this.#maxQueued)
      return new Promise((resolve) => void this.#waiting.push(resolve));
    throw new GatewayError('OVERLOADED', this.#refusal, { retryAfterMs });
  }

  /** Whoever comes next takes the place over, so that nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
