import type { Clock } from '../../clock.js';

export interface AdaptiveRateOptions {
  /** Calls that may start in one window where no call is refused. An integer from 1 up. */
  readonly ratePerSecond: number;
  /** Milliseconds of one window. */
  readonly windowMs: number;
  readonly clock: Clock;
}

/** Share of the full rate after the first refusal: evenly spread calls may arrive a little closer than they start. */
const firstRate = 0.9;

/** Bounds of the share that remains after a further refusal. Two of the lower one leave half of the full rate. */
const smallestShare = 0.74;
const largestShare = 0.9;

/** Share of the full rate by which it rises first. Each increase that holds doubles the next one. */
const firstIncrease = 0.05;

/** Multiple of the full rate above which calls need no spacing. */
const unspacedAbove = 4;

/** The slowest pace: a call finds out every second whether the refusals have ended. */
export const longestSpacingMs = 1000;

/** Milliseconds without a refusal after which an increase holds, and the next one follows. */
const proofMs = 2000;

/** Milliseconds from a refusal to the first increase. Each increase in a row that is refused doubles them. */
const firstCautionMs = 8000;
const longestCautionMs = 30_000;

/** Milliseconds for which started calls are remembered: a window, and the time until a refusal comes. */
const memoryMs = 4000;

/**
 * Learns from responses with status 429 how far apart calls have to start: other programs can use the same key, and how
 * Vonage counts is not documented. Additive increase, multiplicative decrease: the first refusal spreads the calls of the
 * full rate evenly, and a further one lowers the rate. Without refusals it rises until calls need no spacing. When an
 * increase is refused, the rate returns to the one that held.
 */
export class AdaptiveRate {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #fullRate: number;
  /** Calls in one window at an even pace; Infinity where calls need no spacing. */
  #rate = Infinity;
  /** The rate that held before the latest increase; undefined where none is known. */
  #provenRate: number | undefined;
  #increase = 0;
  /** When the calls of the last seconds started that were not refused. */
  #startsMs: number[] = [];
  #cautionMs = firstCautionMs;
  #changedAtMs = -Infinity;
  #risesAtMs = Infinity;

  constructor({ ratePerSecond, windowMs, clock }: AdaptiveRateOptions) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#fullRate = ratePerSecond;
  }

  /** Milliseconds that two calls have to start apart; 0 where no call was refused lately. */
  get spacingMs(): number {
    while (this.#risesAtMs <= this.#clock.now()) this.#rise();
    return this.#windowMs / this.#rate;
  }

  /** Records that a call starts. Returns the moment, by which `refused` knows it. */
  started(): number {
    const nowMs = this.#clock.now();
    this.#startsMs.push(nowMs);
    while ((this.#startsMs[0] ?? nowMs) < nowMs - memoryMs) this.#startsMs.shift();
    return nowMs;
  }

  /** Records that a call was refused. A call that started before the latest change says nothing about it. */
  refused(startedAtMs: number): void {
    const isSpaced = this.spacingMs > 0;
    this.#startsMs = this.#startsMs.filter((atMs) => atMs !== startedAtMs);
    if (startedAtMs < this.#changedAtMs) return;
    if (this.#provenRate !== undefined) this.#return(this.#provenRate);
    else this.#fall(isSpaced ? this.#lowerRate(startedAtMs) : this.#fullRate * firstRate);
  }

  /** As many calls as Vonage took in the window before the refused one. */
  #lowerRate(refusedAtMs: number): number {
    const isBefore = (atMs: number) => atMs < refusedAtMs && atMs >= refusedAtMs - this.#windowMs;
    const taken = this.#startsMs.filter(isBefore).length;
    return Math.min(Math.max(taken, this.#rate * smallestShare), this.#rate * largestShare);
  }

  #return(provenRate: number): void {
    this.#cautionMs = Math.min(2 * this.#cautionMs, longestCautionMs);
    this.#fall(provenRate);
  }

  #fall(rate: number): void {
    this.#rate = Math.max(rate, this.#windowMs / longestSpacingMs);
    this.#provenRate = undefined;
    this.#increase = firstIncrease * this.#fullRate;
    this.#changedAtMs = this.#clock.now();
    this.#risesAtMs = this.#changedAtMs + this.#cautionMs;
  }

  /** The rate held since its latest change. */
  #rise(): void {
    if (this.#provenRate !== undefined) this.#cautionMs = firstCautionMs;
    const isUnspaced = this.#rate === Infinity;
    this.#provenRate = isUnspaced ? undefined : this.#rate;
    this.#changedAtMs = this.#risesAtMs;
    this.#risesAtMs = isUnspaced ? Infinity : this.#risesAtMs + proofMs;
    const rate = this.#rate + this.#increase;
    this.#increase *= 2;
    this.#rate = rate > unspacedAbove * this.#fullRate ? Infinity : rate;
  }
}
