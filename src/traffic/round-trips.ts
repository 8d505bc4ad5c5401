/** Latest calls whose round trips are remembered. */
const remembered = 100;
/** Of the quickest round trip: for parts of it that are never at their quickest together. */
const restless = 0.05;
/** Servers count whole milliseconds. */
const instantMs = 1;

/**
 * How long calls are on their way and back. What is over the quickest of late may have been spent before a call arrived;
 * so a call that took as long as the quickest arrived as soon as any other does.
 */
export class RoundTrips {
  readonly #tookMs: number[] = [];

  /** Notes a round trip. Answers the milliseconds by which its call may have arrived later than the next one will. */
  note(tookMs: number): number {
    this.#tookMs.push(tookMs);
    // Before that the quickest is not known, and all of the round trip may have been the way there.
    if (this.#tookMs.length <= remembered) return tookMs + instantMs;
    this.#tookMs.shift();
    const quickestMs = Math.min(...this.#tookMs);
    return tookMs - quickestMs * (1 - restless) + instantMs;
  }
}
