import { type Clock, systemClock } from '../src/clock.js';

/** Time that passes so many times faster, so that pauses and timeouts of a minute are over in moments. */
export class HurriedClock implements Clock {
  readonly #factor: number;
  readonly #startMs = systemClock.now();

  constructor(factor: number) {
    this.#factor = factor;
  }

  now(): number {
    return this.#startMs + (systemClock.now() - this.#startMs) * this.#factor;
  }

  after(delayMs: number, callback: () => void): () => void {
    return systemClock.after(delayMs / this.#factor, callback);
  }
}
