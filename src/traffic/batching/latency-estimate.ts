/** Latest calls that are looked at. */
const remembered = 10;

/**
 * How long calls take of late: one that begins later than so long before a deadline is most likely paid for in vain. It is
 * the second longest of the latest ten, since a single call that hung says nothing about the next.
 */
export class LatencyEstimate {
  readonly #tookMs: number[] = [];
  #typicalMs = 0;

  /** Notes how long a call took until its first outcome. */
  record(tookMs: number): void {
    this.#tookMs.push(tookMs);
    if (this.#tookMs.length > remembered) this.#tookMs.shift();
    const [longest = 0, second = longest] = [...this.#tookMs].sort((one, other) => other - one);
    this.#typicalMs = second;
  }

  /**
   * Milliseconds to leave for the call to whoever has so long altogether: never more than half, so that after a slow time
   * calls are still made, and with them it is noticed that they are fast again.
   */
  reservedWithin(wholeMs: number): number {
    return Math.min(this.#typicalMs, Math.max(0, wholeMs) / 2);
  }
}
