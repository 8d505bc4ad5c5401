/** A server may truncate the time of arrival to whole milliseconds. */
const serverResolutionMs = 1;

/** Responses that are remembered: those of four seconds at ten calls a second. */
const remembered = 40;

/**
 * Estimates from the responses of one kind of call when each call arrived. A busy machine or the network can delay a call
 * for longer than the margin, and then its response comes late as well.
 */
export class ArrivalEstimate {
  readonly #marginMs: number;
  /** Milliseconds within which a response is fast, and within which two responses take about as long. */
  readonly #toleranceMs: number;
  readonly #maxSlowInRow: number;
  /** How long the latest responses took, oldest first. */
  readonly #durationsMs: number[] = [];
  #slowInRow = 0;

  /**
   * @param marginMs time that calls usually need at most to arrive; 0 where they are known to arrive when they start
   * @param maxSlowInRow responses in a row that may be slow where they are fast as a rule
   */
  constructor(marginMs: number, maxSlowInRow: number) {
    this.#marginMs = marginMs;
    this.#toleranceMs = 2 * marginMs;
    this.#maxSlowInRow = maxSlowInRow;
  }

  /**
   * Records that the response of a call began `durationMs` after the call started. Returns the milliseconds after that start
   * within which the call arrived:
   *
   * - Where responses are fast as a rule, the call arrived before its response.
   * - Where most responses take a similar time, a longer one is taken for a call that was delayed by the difference.
   * - Where their times vary, a response says less than the margin.
   */
  record(durationMs: number): number {
    if (this.#marginMs === 0) return 0;
    this.#durationsMs.push(durationMs);
    if (this.#durationsMs.length > remembered) this.#durationsMs.shift();
    const isSlow = durationMs + serverResolutionMs > this.#toleranceMs;
    this.#slowInRow = isSlow ? this.#slowInRow + 1 : 0;
    if (this.#slowInRow <= this.#maxSlowInRow) return durationMs + serverResolutionMs;
    return Math.max(this.#marginMs, this.#delayMs(durationMs));
  }

  /** By how much a call was delayed; 0 where that cannot be told. */
  #delayMs(durationMs: number): number {
    const shortestMs = Math.min(...this.#durationsMs);
    const similar = this.#durationsMs.filter((each) => each - shortestMs <= this.#toleranceMs).length;
    const isSteady = similar > this.#durationsMs.length / 2;
    return isSteady ? durationMs - shortestMs + serverResolutionMs : 0;
  }
}
