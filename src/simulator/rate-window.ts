/** How many calls of a key are within its rate. */
export interface RateLimits {
  readonly ratePerSecond: number;
  /** Milliseconds that calls have to arrive apart; with 0 a whole second's calls may arrive at once. */
  readonly minGapMs: number;
}

/** Counts arrivals in a sliding second, as a server would enforce a rate. */
export class RateWindow {
  readonly #limits: RateLimits;
  readonly #arrivals: number[] = [];

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  get ratePerSecond(): number {
    return this.#limits.ratePerSecond;
  }

  /** Milliseconds until another call is within the rate; 0 when one is now. */
  untilFreeMs(nowMs: number): number {
    const { ratePerSecond, minGapMs } = this.#limits;
    const windowEndsMs = (this.#arrivals.at(-ratePerSecond) ?? -Infinity) + 1000;
    const gapEndsMs = (this.#arrivals.at(-1) ?? -Infinity) + minGapMs;
    return Math.max(0, windowEndsMs - nowMs, gapEndsMs - nowMs);
  }

  /** Whether a call arriving now is within the rate; one that is not does not count. */
  admits(nowMs: number): boolean {
    while (this.#arrivals.length > 0 && nowMs - (this.#arrivals[0] as number) >= 1000) this.#arrivals.shift();
    if (this.untilFreeMs(nowMs) > 0) return false;
    this.#arrivals.push(nowMs);
    return true;
  }
}
