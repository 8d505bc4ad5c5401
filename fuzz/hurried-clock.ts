import { type Clock, monotonicClock } from '../src/clock.js';

/** Time that passes so many times faster, so that pauses and timeouts of a minute are over in moments. */
export class HurriedClock implements Clock {
  readonly #factor: number;
  readonly #startMs = monotonicClock.now();

  constructor(factor: number) {
    this.#factor = factor;
  }

  now(): number {
    return this.#startMs + (monotonicClock.now() - this.#startMs) * this.#factor;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    return monotonicClock.setTimer(delayMs / this.#factor, callback);
  }
}
