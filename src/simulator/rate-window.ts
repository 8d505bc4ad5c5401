/** Counts arrivals in a sliding second, as a server would enforce a rate. */
export class RateWindow {
  readonly #arrivals: number[] = [];

  constructor(readonly ratePerSecond: number) {}

  /** Milliseconds until another call is within the rate; 0 when one is now. */
  untilFreeMs(nowMs: number): number {
    const oldest = this.#arrivals.at(-this.ratePerSecond);
    return oldest === undefined ? 0 : Math.max(0, oldest + 1000 - nowMs);
  }

  /** Whether a call arriving now is within the rate; one that is not does not count. */
  admits(nowMs: number): boolean {
    while (this.#arrivals.length > 0 && nowMs - (this.#arrivals[0] as number) >= 1000) this.#arrivals.shift();
    if (this.#arrivals.length >= this.ratePerSecond) return false;
    this.#arrivals.push(nowMs);
    return true;
  }
}
