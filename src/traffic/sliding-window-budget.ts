import type { Clock } from '../clock.js';
import type { BegunCall, Budget } from './budget.js';

export interface SlidingWindowBudgetOptions {
  /** Calls that may begin in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /**
   * Milliseconds added to the second. The window is kept where calls begin, but enforced where they arrive; two calls a
   * second apart here may arrive closer together there. A call that is answered within twice as long is known to have
   * arrived by then, so that counts instead. Default: 15, which costs one and a half per cent of the rate.
   */
  readonly arrivalJitterMs?: number;
}

/** Servers count whole milliseconds. */
const instantOfServersMs = 1;

/** Milliseconds that are too few to tell two readings of a clock apart. */
const instantMs = 5e-4;

/** A token in use. */
interface Use {
  freesAtMs: number;
}

/** A token frees exactly one window after the call that used it began, so no window ever holds more than the rate. */
export class SlidingWindowBudget implements Budget {
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** Milliseconds after which an answer tells nothing of when its call arrived that the jitter is not a better guess for. */
  readonly #nearMs: number;
  /** Tokens in use, those that free first at the front. */
  readonly #uses: Use[] = [];
  /** Tokens whose calls have not told that they began, oldest first; at most `ratePerSecond` of them. */
  readonly #held: Use[] = [];
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
    this.#nearMs = 2 * arrivalJitterMs;
    this.#watchMs = Math.min(2, 20 / ratePerSecond);
  }

  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#grant();
    });
  }

  begun(): BegunCall {
    this.#dropFreed();
    const use = this.#held.shift() ?? { freesAtMs: 0 };
    const begunAtMs = this.#clock.now();
    this.#move(use, begunAtMs + this.#windowMs);
    return { answered: () => this.#answered(use, begunAtMs) };
  }

  giveBack(): void {
    this.#forget(this.#held.pop());
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
    const unused = this.ratePerSecond - this.#uses.length;
    const freesAtMs = this.#uses[(rank % this.ratePerSecond) - unused]?.freesAtMs ?? 0;
    const firstMs = Math.max(now, this.#pausedUntilMs, freesAtMs);
    return firstMs - now + Math.floor(rank / this.ratePerSecond) * this.#windowMs;
  }

  #grant(): void {
    while (this.#waiting.length > 0 && this.#waitMs() <= 0) {
      const use = { freesAtMs: 0 };
      this.#move(use, this.#clock.now() + this.#windowMs);
      this.#held.push(use);
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0) this.#wakeLater();
  }

  /** The call was there before its answer, so another that begins a second after that cannot come too early. */
  #answered(use: Use, begunAtMs: number): void {
    const arrivedAtMs = this.#clock.now() + instantOfServersMs;
    if (arrivedAtMs - begunAtMs > this.#nearMs || !this.#uses.includes(use)) return;
    this.#move(use, arrivedAtMs + 1000);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#grant();
  }

  #move(use: Use, freesAtMs: number): void {
    this.#forget(use);
    use.freesAtMs = freesAtMs;
    this.#dropFreed();
    const after = this.#uses.findLastIndex((each) => each.freesAtMs <= freesAtMs);
    this.#uses.splice(after + 1, 0, use);
  }

  /** Takes a token out of use, unless it freed long ago. */
  #forget(use: Use | undefined): void {
    const index = use ? this.#uses.indexOf(use) : -1;
    if (index !== -1) this.#uses.splice(index, 1);
  }

  /** A token that nobody gave back and nobody began must not stand for the next one's call for ever. */
  #dropFreed(): void {
    const now = this.#clock.now();
    const isFree = (use: Use | undefined) => use !== undefined && use.freesAtMs <= now;
    while (isFree(this.#uses[0])) this.#uses.shift();
    while (isFree(this.#held[0])) this.#held.shift();
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
    const freesAtMs = this.#uses[this.#uses.length - this.ratePerSecond]?.freesAtMs ?? 0;
    return Math.max(freesAtMs, this.#pausedUntilMs) - this.#clock.now();
  }
}
