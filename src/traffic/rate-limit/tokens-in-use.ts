import type { Clock } from '../../clock.js';
import { ArrivalEstimate } from './arrival-estimate.js';

/**
 * Milliseconds after which a token that was neither used nor released is taken for lost. Longer than a call waits for its
 * connection.
 */
export const lostAfterMs = 180_000;

/** A started call. */
export interface CallWithToken {
  /** As for `StartedCall`. Returns whether the token becomes free later than one window after the start. */
  responded(): boolean;
}

/** A started call, until its token is free. */
interface CallInWindow {
  freesAtMs: number;
}

/**
 * The tokens that this process uses. A token is held until its call starts, for as long as that takes, and becomes free one
 * window after the start. So where connections are slow or too few, lookups wait in their lanes instead of in a crowd of
 * calls that would start at the same moment.
 */
export class TokensInUse {
  readonly #clock: Clock;
  readonly #ratePerSecond: number;
  readonly #marginMs: number;
  readonly #windowMs: number;
  /** By kind of call, of which the callers have a fixed few. */
  readonly #arrivals = new Map<string, ArrivalEstimate>();
  /** In the order in which their tokens become free. */
  readonly #inWindow: CallInWindow[] = [];
  /** When each held token was acquired, oldest first. */
  readonly #heldSinceMs: number[] = [];
  #acquired = 0;
  #lost = 0;

  constructor(clock: Clock, ratePerSecond: number, rateMarginMs: number) {
    this.#clock = clock;
    this.#ratePerSecond = ratePerSecond;
    this.#marginMs = rateMarginMs;
    this.#windowMs = 1000 + rateMarginMs;
  }

  /** Tokens that were acquired and whose calls have not started. */
  get held(): number {
    const lostMs = this.#clock.now() - lostAfterMs;
    while ((this.#heldSinceMs[0] ?? Infinity) <= lostMs) {
      this.#heldSinceMs.shift();
      this.#lost += 1;
    }
    return this.#heldSinceMs.length;
  }

  /** Milliseconds until the token of each started call is free, in ascending order. */
  get freesInMs(): number[] {
    this.#dropFreed();
    const now = this.#clock.now();
    return this.#inWindow.map(({ freesAtMs }) => freesAtMs - now);
  }

  /** Tokens in use, and how many were acquired and lost so far. */
  stats(): { held: number; inWindow: number; acquired: number; lost: number } {
    const { held, freesInMs } = this;
    return { held, inWindow: freesInMs.length, acquired: this.#acquired, lost: this.#lost };
  }

  /** Adds a held token. */
  acquire(): void {
    this.#heldSinceMs.push(this.#clock.now());
    this.#acquired += 1;
  }

  /** The call of the longest held token starts now. A call without a token counts as well. `kind`: as for `RateLimiter`. */
  start(kind = ''): CallWithToken {
    this.#heldSinceMs.shift();
    const startedAtMs = this.#clock.now();
    const call = { freesAtMs: startedAtMs + this.#windowMs };
    this.#insert(call);
    return { responded: () => this.#responded(call, startedAtMs, this.#arrivalsOf(kind)) };
  }

  /** Removes the held token that was acquired last. */
  release(): void {
    this.#heldSinceMs.pop();
  }

  /**
   * Milliseconds until fewer than `limit` tokens are in use; 0 when that is so now. The calls of held tokens are assumed to
   * start now, unless they are lost before.
   */
  waitMs(limit: number): number {
    this.#dropFreed();
    const now = this.#clock.now();
    const excess = this.#inWindow.length + this.held - limit;
    if (excess < 0) return 0;
    const lostAtMs = (this.#heldSinceMs[0] ?? Infinity) + lostAfterMs;
    return (this.#inWindow[excess]?.freesAtMs ?? Math.min(now + this.#windowMs, lostAtMs)) - now;
  }

  #arrivalsOf(kind: string): ArrivalEstimate {
    const known = this.#arrivals.get(kind);
    if (known) return known;
    const arrivals = new ArrivalEstimate(this.#marginMs, this.#ratePerSecond);
    this.#arrivals.set(kind, arrivals);
    return arrivals;
  }

  /** Another call that starts a second after this one arrived is never too early. */
  #responded(call: CallInWindow, startedAtMs: number, arrivals: ArrivalEstimate): boolean {
    const arrivedWithinMs = arrivals.record(this.#clock.now() - startedAtMs);
    const index = this.#inWindow.indexOf(call);
    if (index === -1) return false;
    this.#inWindow.splice(index, 1);
    call.freesAtMs = startedAtMs + arrivedWithinMs + 1000;
    this.#insert(call);
    return arrivedWithinMs > this.#marginMs;
  }

  #insert(call: CallInWindow): void {
    this.#dropFreed();
    const before = this.#inWindow.findLastIndex(({ freesAtMs }) => freesAtMs <= call.freesAtMs);
    this.#inWindow.splice(before + 1, 0, call);
  }

  #dropFreed(): void {
    const now = this.#clock.now();
    while ((this.#inWindow[0]?.freesAtMs ?? Infinity) <= now) this.#inWindow.shift();
  }
}
