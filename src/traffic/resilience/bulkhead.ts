import { GatewayError } from '../../errors.js';

export interface NarrowDoorOptions {
  /** How many may be inside at once. An integer from 1 up. */
  readonly atOnce: number;
  /** How many may wait. An integer from 0 up. */
  readonly waiting: number;
  /** What somebody is told who is turned away. */
  readonly refusal: string;
}

/** Milliseconds after which it is worth coming back; how fast those before get through cannot be known. */
const retryAfterMs = 1000;

/** Lets a few in at once, and the others in the order in which they came. */
export class NarrowDoor {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #refusal: string;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor({ atOnce, waiting, refusal }: NarrowDoorOptions) {
    this.#atOnce = atOnce;
    this.#mostWaiting = waiting;
    this.#refusal = refusal;
  }

  /** Does something inside. Rejects with BUDGET_EXHAUSTED, and does nothing, when too many wait already. */
  async run<Result>(act: () => Promise<Result>): Promise<Result> {
    await this.#enter();
    try {
      return await act();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#inside < this.#atOnce) {
      this.#inside += 1;
      return undefined;
    }
    if (this.#waiting.length < this.#mostWaiting)
      return new Promise((resolve) => void this.#waiting.push(resolve));
    throw new GatewayError('BUDGET_EXHAUSTED', this.#refusal, { retryAfterMs });
  }

  /** Whoever comes next takes the place over, so that nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside -= 1;
  }
}
