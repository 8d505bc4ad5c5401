import type { Clock } from '../clock.js';
import type { Budget } from './budget.js';

export interface SlidingWindowBudgetOptions {
  /** Calls that may begin in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /**
   * Milliseconds added to the second. The window is kept where calls begin, but enforced where they arrive; two calls a
   * second apart here may arrive closer together there. Default: 15, which costs one and a half per cent of the rate.
   */
  readonly arrivalJitterMs?: number;
}

/** Milliseconds that are too few to tell two readings of a clock apart. */
const instantMs = 5e-4;

/** A token frees exactly one window after the call that used it began, so no window ever holds more than the rate. */
export class SlidingWindowBudget implements Budget {
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** Beginnings of the latest calls, oldest first; at most `ratePerSecond` of them. */
  readonly #begunAt: number[] = [];
  /** When the tokens were taken whose calls have not told that they began, oldest first; each stands in `#begunAt` too. */
  readonly #heldSince: number[] = [];
  readonly #waiting: (() => void)[] = [];
  /** How much of a wait is watched. It keeps the process busy, so it is two per cent of the time between two calls at most. */
  readonly #watchMs: number;
  #watchedAtMs = -Infinity;
  #pausedUntilMs = 0;
  #cancelTimer: (() => void) | undefined;

  constructor({ ratePerSecond, clock, arrivalJitterMs = 15 }: SlidingWindowBudgetOptions) {
    if (!Number.isInteger(ratePerSecond) || ratePerSecond < 1) {
      throw new RangeError(`Expected \`ratePerSecond\` to be an integer from 1 up, got ${ratePerSecond}`);
    }
    if (!(arrivalJitterMs >= 0)) {
      throw new RangeError(`Expected \`arrivalJitterMs\` to be a number from 0 up, got ${arrivalJitterMs}`);
    }
    this.ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#windowMs = 1000 + arrivalJitterMs;
    this.#watchMs = Math.min(2, 20 / ratePerSecond);
  }

  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#grant();
    });
  }

  begun(): void {
    this.#dropAbandoned();
    this.#forget(this.#heldSince.shift());
    push(this.#begunAt, this.#clock.now(), this.ratePerSecond);
  }

  giveBack(): void {
    this.#forget(this.#heldSince.pop());
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
      // Read once: the two stamps of a token are told to belong together by being equal.
      const takenAtMs = this.#clock.now();
      push(this.#begunAt, takenAtMs, this.ratePerSecond);
      push(this.#heldSince, takenAtMs, this.ratePerSecond);
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0) this.#wakeLater();
  }

  /** A token that nobody gave back and nobody began must not stand for the next one's call for ever. */
  #dropAbandoned(): void {
    const oldestMs = this.#clock.now() - this.#windowMs;
    while ((this.#heldSince[0] ?? Infinity) <= oldestMs) this.#heldSince.shift();
  }

  /** Takes a stamp back, unless it is too old to stand there still. */
  #forget(takenAtMs: number | undefined): void {
    const index = takenAtMs === undefined ? -1 : this.#begunAt.lastIndexOf(takenAtMs);
    if (index !== -1) this.#begunAt.splice(index, 1);
  }

  #wakeLater(): void {
    this.#cancelTimer ??= this.#clock.after(this.#restMs(), () => {
      this.#cancelTimer = undefined;
      this.#grant();
    });
  }

  /**
   * A timer fires a millisecond or two late, and as each window counts from the calls of the one before, that would add
   * up. So the end of a wait is watched, turn by turn of the event loop; a clock that stands still would be for ever.
   */
  #restMs(): number {
    const nowMs = this.#clock.now();
    const waitMs = this.#waitMs();
    if (waitMs - this.#watchMs > instantMs) return waitMs - this.#watchMs;
    const standsStill = nowMs - this.#watchedAtMs < instantMs;
    this.#watchedAtMs = nowMs;
    return standsStill ? waitMs : 0;
  }

  /** Milliseconds until the next token; zero or less when one is free. */
  #waitMs(): number {
    const now = this.#clock.now();
    const full = this.#begunAt.length === this.ratePerSecond;
    const freeAtMs = full ? (this.#begunAt[0] ?? 0) + this.#windowMs : 0;
    return Math.max(freeAtMs, this.#pausedUntilMs) - now;
  }
}

/** Keeps the latest stamps only. */
function push(stamps: number[], stampMs: number, most: number): void {
  if (stamps.length === most) stamps.shift();
  stamps.push(stampMs);
}
