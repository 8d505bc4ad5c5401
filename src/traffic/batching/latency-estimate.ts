import type { Clock } from '../../clock.js';

/** Number of recent calls that count. */
const sampleSize = 10;

/**
 * How long recent calls took until their first result. The estimate is the second longest of the latest ten, so that a
 * single call that hangs does not raise it.
 */
export class LatencyEstimate {
  readonly #clock: Clock;
  readonly #samplesMs: number[] = [];
  #estimateMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds that a call is expected to take; 0 until one has returned a result. */
  get expectedMs(): number {
    return this.#estimateMs;
  }

  /**
   * Starts to time a call. The returned function records the time of the first result; later calls of it do nothing,
   * because results after the first may come from follow-up calls with waits of their own.
   */
  startCall(): () => void {
    const startedAtMs = this.#clock.now();
    let isRecorded = false;
    return () => {
      if (!isRecorded) this.#record(this.#clock.now() - startedAtMs);
      isRecorded = true;
    };
  }

  /**
   * Milliseconds to reserve for the call out of a total waiting time. Never more than half of it, so that calls are
   * still made after a slow period and the estimate can recover.
   */
  reserveWithin(totalMs: number): number {
    return Math.min(this.#estimateMs, Math.max(0, totalMs) / 2);
  }

  #record(latencyMs: number): void {
    this.#samplesMs.push(latencyMs);
    if (this.#samplesMs.length > sampleSize) this.#samplesMs.shift();
    const [longest = 0, secondLongest = longest] = this.#samplesMs.toSorted((one, other) => other - one);
    this.#estimateMs = secondLongest;
  }
}
