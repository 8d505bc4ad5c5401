import { type Clock, monotonicClock } from '../src/clock.js';

/** A clock that runs faster by a factor, so that pauses of a minute end within seconds. */
export class AcceleratedClock implements Clock {
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
