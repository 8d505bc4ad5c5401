import type { Clock } from '../../clock.js';
import type { RateLimiter, StartedCall } from './rate-limiter.js';

export interface SlidingWindowRateLimiterOptions {
  /** Calls that may begin in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /**
   * Milliseconds added to the second. The window is kept where calls begin, but enforced where they arrive; two calls a
   * second apart here may arrive closer together there. A call that is answered is known to have arrived by then, so where
   * answers come within twice as long as a rule, they count instead. Default: 15, which costs one and a half per cent of
   * the rate.
   */
  readonly rateMarginMs?: number;
}

/** Servers count whole milliseconds. */
const instantOfServersMs = 1;

/** Milliseconds that are too few to tell two readings of a clock apart. */
const instantMs = 5e-4;

/** A call that uses a token. */
interface Use {
  freesAtMs: number;
}

/**
 * A token frees exactly one window after the call that used it began, so no window ever holds more than the rate. Until its
 * call begins it is held, however long that takes: where connections are slow or too few, look-ups wait in their lanes and
 * not in a crowd of calls that would begin in one moment.
 */
export class SlidingWindowRateLimiter implements RateLimiter {
  /**
   * Milliseconds after which a token that was neither used nor given back is believed to have been lost; longer than a call
   * waits for its connection.
   */
  static readonly lostAfterMs = 180_000;
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** Milliseconds within which an answer is quick; what comes later as a rule tells less than the jitter does. */
  readonly #fastResponseMs: number;
  /** Calls that began, those whose tokens free first at the front. */
  readonly #uses: Use[] = [];
  /** When the tokens were taken whose calls have not begun, oldest first; at most `ratePerSecond` of them. */
  readonly #heldSince: number[] = [];
  readonly #waiting: (() => void)[] = [];
  /** How much of a wait is watched. It keeps the process busy, so it is two per cent of the time between two calls at most. */
  readonly #spinMs: number;
  #spunAtMs = -Infinity;
  #pausedUntilMs = 0;
  /** Answers in a row that were not quick. */
  #slowAnswers = 0;
  #cancelTimer: (() => void) | undefined;

  constructor({ ratePerSecond, clock, rateMarginMs = 15 }: SlidingWindowRateLimiterOptions) {
    if (!Number.isInteger(ratePerSecond) || ratePerSecond < 1) {
      throw new RangeError(`Expected \`ratePerSecond\` to be an integer from 1 up, got ${ratePerSecond}`);
    }
    if (!(rateMarginMs >= 0)) {
      throw new RangeError(`Expected \`arrivalJitterMs\` to be a number from 0 up, got ${rateMarginMs}`);
    }
    this.ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#windowMs = 1000 + rateMarginMs;
    this.#fastResponseMs = 2 * rateMarginMs;
    this.#spinMs = Math.min(2, 20 / ratePerSecond);
  }

  acquire(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#grant();
    });
  }

  started(): StartedCall {
    this.#heldSince.shift();
    const startedAtMs = this.#clock.now();
    const use = { freesAtMs: startedAtMs + this.#windowMs };
    this.#add(use);
    return { responded: () => this.#responded(use, startedAtMs) };
  }

  release(): void {
    this.#heldSince.pop();
    this.#grantAnew();
  }

  pause(durationMs: number): void {
    if (!Number.isFinite(durationMs)) {
      throw new RangeError(`Expected \`durationMs\` to be a finite number, got ${durationMs}`);
    }
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.now() + durationMs);
  }

  /**
   * The tokens that are free or free next come round again, each one window after the last time. Calls that have not begun
   * are taken to begin now.
   */
  estimateMs(tokens: number): number {
    const now = this.#clock.now();
    const rank = Math.max(1, tokens) - 1;
    const index = (rank % this.ratePerSecond) - this.#free;
    const freesAtMs = index < 0 ? now : (this.#uses[index]?.freesAtMs ?? now + this.#windowMs);
    const firstMs = Math.max(now, this.#pausedUntilMs, freesAtMs);
    return firstMs - now + Math.floor(rank / this.ratePerSecond) * this.#windowMs;
  }

  /** Tokens that are neither used nor held; less than none where calls began without one. */
  get #free(): number {
    return this.ratePerSecond - this.#uses.length - this.#heldSince.length;
  }

  /** Whether answers are quick, but for fewer in a row than a second holds. Without jitter calls arrive when they begin. */
  get #hasFastResponses(): boolean {
    return this.#fastResponseMs > 0 && this.#slowAnswers <= this.ratePerSecond;
  }

  #grant(): void {
    this.#dropLost();
    while (this.#waiting.length > 0 && this.#waitMs() <= 0) {
      this.#dropFreed();
      this.#heldSince.push(this.#clock.now());
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0) this.#wakeLater();
  }

  /** Something frees sooner or later than was thought. */
  #grantAnew(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#grant();
  }

  /**
   * The call was there before its answer, so another that begins a second after that cannot come too early. Where answers
   * are quick as a rule, one that is not may have been held up on the way there, so its token waits for it as well.
   */
  #responded(use: Use, startedAtMs: number): void {
    const arrivedAtMs = this.#clock.now() + instantOfServersMs;
    this.#slowAnswers = arrivedAtMs - startedAtMs > this.#fastResponseMs ? this.#slowAnswers + 1 : 0;
    const index = this.#uses.indexOf(use);
    if (!this.#hasFastResponses || index === -1) return;
    this.#uses.splice(index, 1);
    use.freesAtMs = arrivedAtMs + 1000;
    this.#add(use);
  }

  /** Puts a call where its token frees, among the others. */
  #add(use: Use): void {
    this.#dropFreed();
    const before = this.#uses.findLastIndex(({ freesAtMs }) => freesAtMs <= use.freesAtMs);
    this.#uses.splice(before + 1, 0, use);
    this.#grantAnew();
  }

  #dropFreed(): void {
    const now = this.#clock.now();
    while ((this.#uses[0]?.freesAtMs ?? Infinity) <= now) this.#uses.shift();
  }

  #dropLost(): void {
    const now = this.#clock.now();
    while ((this.#heldSince[0] ?? Infinity) + SlidingWindowRateLimiter.lostAfterMs <= now)
      this.#heldSince.shift();
  }

  #wakeLater(): void {
    this.#cancelTimer ??= this.#clock.setTimer(this.#restMs(), () => {
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
    if (waitMs - this.#spinMs > instantMs) return waitMs - this.#spinMs;
    const standsStill = nowMs - this.#spunAtMs < instantMs;
    this.#spunAtMs = nowMs;
    return standsStill ? waitMs : 0;
  }

  /** Milliseconds until the next token; zero or less when one is free. Those that are held free when their calls tell. */
  #waitMs(): number {
    const now = this.#clock.now();
    const lostAtMs = (this.#heldSince[0] ?? 0) + SlidingWindowRateLimiter.lostAfterMs;
    const freesAtMs = this.#free > 0 ? 0 : (this.#uses[-this.#free]?.freesAtMs ?? lostAtMs);
    return Math.max(freesAtMs, this.#pausedUntilMs) - now;
  }
}
