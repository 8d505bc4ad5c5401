import type { Clock } from '../../clock.js';
import { checkFinite, checkInteger, checkNumber } from '../check-range.js';
import { AdaptiveRate } from './adaptive-rate.js';
import type { RateLimiter, StartedCall } from './rate-limiter.js';
import { lostAfterMs, TokensInUse } from './tokens-in-use.js';

export interface SlidingWindowRateLimiterOptions {
  /** Calls that may start in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /**
   * Milliseconds added to the second. The window is measured where calls start, but enforced where they arrive, and two
   * calls may arrive closer together than they started. A number from 0 up. Default: 15, which costs 1.5 % of the rate.
   *
   * Where responses usually come within twice this time, the response of each call counts instead, because the call has
   * arrived by then. Where most take a similar time, a later one makes the window of its call longer.
   */
  readonly rateMarginMs?: number;
}

/** Gauges and counters of a rate limiter. */
export interface RateLimiterStats {
  /** Requests that wait for a token. */
  readonly waiting: number;
  /** Tokens that were acquired and whose calls have not started. */
  readonly held: number;
  /** Started calls whose tokens are not free yet. */
  readonly inWindow: number;
  /** Milliseconds until a pause ends; 0 without one. */
  readonly pausedForMs: number;
  /** Milliseconds that calls start apart after refusals; 0 without them. */
  readonly spacingMs: number;
  /** Tokens acquired. */
  readonly acquired: number;
  /** Tokens freed because they were neither used nor released within `lostAfterMs`. */
  readonly lost: number;
}

/** Two readings of the clock that differ by less are the same moment. */
const clockResolutionMs = 5e-4;

/** The rate limit of one process. No window ever holds more calls than the rate, because each token is in use until then. */
export class SlidingWindowRateLimiter implements RateLimiter {
  /** Milliseconds after which a token that was neither used nor released is taken for lost. */
  static readonly lostAfterMs = lostAfterMs;
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #tokens: TokensInUse;
  readonly #adaptiveRate: AdaptiveRate;
  #grantedAtMs = -Infinity;
  readonly #waiting: (() => void)[] = [];
  /** The last part of a wait is spent spinning, which keeps the process busy: at most 2 % of the time between two calls. */
  readonly #spinMs: number;
  #lastSpinAtMs = -Infinity;
  #pausedUntilMs = 0;
  #cancelTimer: (() => void) | undefined;

  /** Throws a RangeError for an option out of its range. */
  constructor({ ratePerSecond, clock, rateMarginMs = 15 }: SlidingWindowRateLimiterOptions) {
    this.ratePerSecond = checkInteger('ratePerSecond', ratePerSecond, 1);
    checkNumber('rateMarginMs', rateMarginMs, 0);
    this.#clock = clock;
    this.#windowMs = 1000 + rateMarginMs;
    this.#tokens = new TokensInUse(clock, ratePerSecond, rateMarginMs);
    this.#adaptiveRate = new AdaptiveRate({ ratePerSecond, windowMs: this.#windowMs, clock });
    this.#spinMs = Math.min(2, 20 / ratePerSecond);
  }

  acquire(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#grant();
    });
  }

  started(kind?: string): StartedCall {
    const startedAtMs = this.#adaptiveRate.started();
    const call = this.#tokens.start(kind);
    this.#regrant();
    return {
      responded: () => {
        call.responded();
        this.#regrant();
      },
      refused: () => this.#adaptiveRate.refused(startedAtMs),
    };
  }

  release(): void {
    this.#tokens.release();
    this.#regrant();
  }

  /** Throws a RangeError unless `durationMs` is a finite number; one of 0 or less changes nothing. */
  pause(durationMs: number): void {
    checkFinite('durationMs', durationMs);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.now() + durationMs);
  }

  /** Each token becomes free again one window after its last use. Calls that have not started are assumed to start now. */
  estimateMs(tokens: number): number {
    const before = Math.max(1, tokens) - 1;
    const firstMs = this.#waitMs(this.ratePerSecond - (before % this.ratePerSecond));
    const windowsMs = Math.max(0, firstMs) + Math.floor(before / this.ratePerSecond) * this.#windowMs;
    return Math.max(windowsMs, this.#waitMs() + before * this.#adaptiveRate.spacingMs);
  }

  stats(): RateLimiterStats {
    return {
      ...this.#tokens.stats(),
      waiting: this.#waiting.length,
      pausedForMs: Math.max(0, this.#pausedUntilMs - this.#clock.now()),
      spacingMs: this.#adaptiveRate.spacingMs,
    };
  }

  #grant(): void {
    while (this.#waiting.length > 0 && this.#waitMs() <= 0) {
      this.#tokens.acquire();
      this.#grantedAtMs = this.#clock.now();
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0) this.#scheduleGrant();
  }

  /** Grants after the time has changed at which a token becomes free. */
  #regrant(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#grant();
  }

  #scheduleGrant(): void {
    this.#cancelTimer ??= this.#clock.setTimer(this.#delayMs(), () => {
      this.#cancelTimer = undefined;
      this.#grant();
    });
  }

  /**
   * A timer fires one or two milliseconds late, and these delays would add up, because each window counts from the calls
   * of the previous one. So the end of a wait is spent spinning: one timer of 0 ms per iteration of the event loop. A clock
   * that stands still between two iterations would spin for ever, so it gets a timer of the whole wait.
   */
  #delayMs(): number {
    const nowMs = this.#clock.now();
    const waitMs = this.#waitMs();
    if (waitMs - this.#spinMs > clockResolutionMs) return waitMs - this.#spinMs;
    const standsStill = nowMs - this.#lastSpinAtMs < clockResolutionMs;
    this.#lastSpinAtMs = nowMs;
    return standsStill ? waitMs : 0;
  }

  /** Milliseconds until fewer than `limit` tokens are in use and neither pause nor spacing holds; 0 or less when it is so now. */
  #waitMs(limit = this.ratePerSecond): number {
    const spacedAtMs = this.#grantedAtMs + this.#adaptiveRate.spacingMs;
    return Math.max(
      this.#tokens.waitMs(limit),
      Math.max(this.#pausedUntilMs, spacedAtMs) - this.#clock.now(),
    );
  }
}
