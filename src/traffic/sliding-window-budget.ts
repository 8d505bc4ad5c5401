import type { Clock } from '../clock.js';
import type { Budget } from './budget.js';

export interface SlidingWindowBudgetOptions {
  /** Calls that may begin in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /**
   * Milliseconds added to the second. The window is kept where calls begin, but enforced where they arrive; two calls a
   * second apart here may arrive closer together there. Default: 10, which costs one per cent of the rate.
   */
  readonly arrivalJitterMs?: number;
}

/** A token frees exactly one window after the call that used it began, so no window ever holds more than the rate. */
export class SlidingWindowBudget implements Budget {
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** Beginnings of the latest calls, oldest first; at most `ratePerSecond` of them. */
  readonly #begunAt: number[] = [];
  readonly #waiting: (() => void)[] = [];
  #pausedUntilMs = 0;
  #cancelTimer: (() => void) | undefined;

  constructor({ ratePerSecond, clock, arrivalJitterMs = 10 }: SlidingWindowBudgetOptions) {
    if (!Number.isInteger(ratePerSecond) || ratePerSecond < 1) {
      throw new RangeError(`Expected \`ratePerSecond\` to be an integer from 1 up, got ${ratePerSecond}`);
    }
    if (!(arrivalJitterMs >= 0)) {
      throw new RangeError(`Expected \`arrivalJitterMs\` to be a number from 0 up, got ${arrivalJitterMs}`);
    }
    this.ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#windowMs = 1000 + arrivalJitterMs;
  }

  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#grant();
    });
  }

  giveBack(): void {
    this.#begunAt.pop();
    this.#grant();
  }

  pause(durationMs: number): void {
    if (!Number.isFinite(durationMs)) {
      throw new RangeError(`Expected \`durationMs\` to be a finite number, got ${durationMs}`);
    }
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.now() + durationMs);
  }

  /** The tokens that are free or free next come round again, each one window after the last time. */
  estimateMs(tokens: number): number {
    const now = this.#clock.now();
    const rank = Math.max(1, tokens) - 1;
    const unused = this.ratePerSecond - this.#begunAt.length;
    const begunAtMs = this.#begunAt[(rank % this.ratePerSecond) - unused] ?? -Infinity;
    const firstMs = Math.max(now, this.#pausedUntilMs, begunAtMs + this.#windowMs);
    return firstMs - now + Math.floor(rank / this.ratePerSecond) * this.#windowMs;
  }

  #grant(): void {
    while (this.#waiting.length > 0 && this.#waitMs() <= 0) {
      if (this.#begunAt.length === this.ratePerSecond) this.#begunAt.shift();
      this.#begunAt.push(this.#clock.now());
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0) this.#wakeLater();
  }

  #wakeLater(): void {
    this.#cancelTimer ??= this.#clock.after(Math.max(1, this.#waitMs()), () => {
      this.#cancelTimer = undefined;
      this.#grant();
    });
  }

  /** Milliseconds until the next token; zero or less when one is free. */
  #waitMs(): number {
    const now = this.#clock.now();
    const full = this.#begunAt.length === this.ratePerSecond;
    const freeAtMs = full ? (this.#begunAt[0] ?? 0) + this.#windowMs : 0;
    return Math.max(freeAtMs, this.#pausedUntilMs) - now;
  }
}
