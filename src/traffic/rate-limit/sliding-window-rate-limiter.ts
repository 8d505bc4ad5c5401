import type { Clock } from '../../clock.js';
import { checkFinite, checkInteger, checkNumber } from '../check-range.js';
import type { RateLimiter, StartedCall } from './rate-limiter.js';

export interface SlidingWindowRateLimiterOptions {
  /** Calls that may start in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /**
   * Milliseconds added to the second. The window is measured where calls start, but enforced where they arrive, and two
   * calls may arrive closer together than they started. A number from 0 up. Default: 15, which costs 1.5 % of the rate.
   *
   * Where responses usually come within twice this time, the response of each call counts instead, because the call has
   * arrived by then.
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
  /** Tokens acquired. */
  readonly acquired: number;
  /** Tokens freed because they were neither used nor released within `lostAfterMs`. */
  readonly lost: number;
}

/** A server may truncate the time of arrival to whole milliseconds. */
const serverResolutionMs = 1;

/** Two readings of the clock that differ by less are the same moment. */
const clockResolutionMs = 5e-4;

/** A started call, until its token is free. */
interface CallInWindow {
  freesAtMs: number;
}

/**
 * A token becomes free one window after its call started, so no window ever holds more calls than the rate. Until its
 * call starts it is held, for as long as that takes. So where connections are slow or too few, lookups wait in their
 * lanes instead of in a crowd of calls that would start at the same moment.
 */
export class SlidingWindowRateLimiter implements RateLimiter {
  /**
   * Milliseconds after which a token that was neither used nor released is taken for lost. Longer than a call waits for
   * its connection.
   */
  static readonly lostAfterMs = 180_000;
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** A response within this time is fast. A slower one says less about the arrival of its call than the margin does. */
  readonly #fastResponseMs: number;
  /** In the order in which their tokens become free. */
  readonly #inWindow: CallInWindow[] = [];
  /** When each held token was acquired, oldest first; at most `ratePerSecond` of them. */
  readonly #heldSinceMs: number[] = [];
  readonly #waiting: (() => void)[] = [];
  /** The last part of a wait is spent spinning, which keeps the process busy: at most 2 % of the time between two calls. */
  readonly #spinMs: number;
  #lastSpinAtMs = -Infinity;
  #pausedUntilMs = 0;
  #consecutiveSlowResponses = 0;
  #acquired = 0;
  #lost = 0;
  #cancelTimer: (() => void) | undefined;

  /** Throws a RangeError for an option out of its range. */
  constructor({ ratePerSecond, clock, rateMarginMs = 15 }: SlidingWindowRateLimiterOptions) {
    this.ratePerSecond = checkInteger('ratePerSecond', ratePerSecond, 1);
    checkNumber('rateMarginMs', rateMarginMs, 0);
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
    this.#heldSinceMs.shift();
    const startedAtMs = this.#clock.now();
    const call = { freesAtMs: startedAtMs + this.#windowMs };
    this.#insert(call);
    return { responded: () => this.#responded(call, startedAtMs) };
  }

  release(): void {
    this.#heldSinceMs.pop();
    this.#regrant();
  }

  /** Throws a RangeError unless `durationMs` is a finite number; one of 0 or less changes nothing. */
  pause(durationMs: number): void {
    checkFinite('durationMs', durationMs);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.now() + durationMs);
  }

  /** Each token becomes free again one window after its last use. Calls that have not started are assumed to start now. */
  estimateMs(tokens: number): number {
    const now = this.#clock.now();
    const rank = Math.max(1, tokens) - 1;
    const index = (rank % this.ratePerSecond) - this.#free;
    const freesAtMs = index < 0 ? now : (this.#inWindow[index]?.freesAtMs ?? now + this.#windowMs);
    const firstMs = Math.max(now, this.#pausedUntilMs, freesAtMs);
    return firstMs - now + Math.floor(rank / this.ratePerSecond) * this.#windowMs;
  }

  stats(): RateLimiterStats {
    this.#dropFreed();
    return {
      waiting: this.#waiting.length,
      held: this.#heldSinceMs.length,
      inWindow: this.#inWindow.length,
      pausedForMs: Math.max(0, this.#pausedUntilMs - this.#clock.now()),
      acquired: this.#acquired,
      lost: this.#lost,
    };
  }

  /** Tokens that are neither held nor in the window; negative when calls started without one. */
  get #free(): number {
    return this.ratePerSecond - this.#inWindow.length - this.#heldSinceMs.length;
  }

  /**
   * Whether responses are usually fast: at most as many slow ones in a row as calls start in a second. Without a margin
   * calls are known to arrive when they start.
   */
  get #hasFastResponses(): boolean {
    return this.#fastResponseMs > 0 && this.#consecutiveSlowResponses <= this.ratePerSecond;
  }

  #grant(): void {
    this.#dropLost();
    while (this.#waiting.length > 0 && this.#waitMs() <= 0) {
      this.#dropFreed();
      this.#heldSinceMs.push(this.#clock.now());
      this.#acquired += 1;
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

  /**
   * The call arrived before its response, so another call that starts a second after the response is never too early.
   * Where responses are usually fast, a slow one may mean that the call was delayed on its way, so its token waits too.
   */
  #responded(call: CallInWindow, startedAtMs: number): void {
    const arrivedByMs = this.#clock.now() + serverResolutionMs;
    const isFast = arrivedByMs - startedAtMs <= this.#fastResponseMs;
    this.#consecutiveSlowResponses = isFast ? 0 : this.#consecutiveSlowResponses + 1;
    const index = this.#inWindow.indexOf(call);
    if (!this.#hasFastResponses || index === -1) return;
    this.#inWindow.splice(index, 1);
    call.freesAtMs = arrivedByMs + 1000;
    this.#insert(call);
  }

  #insert(call: CallInWindow): void {
    this.#dropFreed();
    const before = this.#inWindow.findLastIndex(({ freesAtMs }) => freesAtMs <= call.freesAtMs);
    this.#inWindow.splice(before + 1, 0, call);
    this.#regrant();
  }

  #dropFreed(): void {
    const now = this.#clock.now();
    while ((this.#inWindow[0]?.freesAtMs ?? Infinity) <= now) this.#inWindow.shift();
  }

  #dropLost(): void {
    const now = this.#clock.now();
    while ((this.#heldSinceMs[0] ?? Infinity) + SlidingWindowRateLimiter.lostAfterMs <= now) {
      this.#heldSinceMs.shift();
      this.#lost += 1;
    }
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

  /** Milliseconds until a token is free; 0 or less when one is. Held tokens count as used until they are lost. */
  #waitMs(): number {
    const now = this.#clock.now();
    const lostAtMs = (this.#heldSinceMs[0] ?? 0) + SlidingWindowRateLimiter.lostAfterMs;
    const freesAtMs = this.#free > 0 ? 0 : (this.#inWindow[-this.#free]?.freesAtMs ?? lostAtMs);
    return Math.max(freesAtMs, this.#pausedUntilMs) - now;
  }
}
