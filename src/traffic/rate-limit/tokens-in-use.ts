import type { Clock } from '../../clock.js';
import type { StartedCall } from './rate-limiter.js';

/** Milliseconds after which a held token is lost. A call waits for its connection for less. */
const lostAfterMs = 180_000;

/** Servers count whole milliseconds. */
const serverInstantMs = 1;

/** A token of a started call. */
interface Use {
  freesAtMs: number;
}

/**
 * The tokens that one process uses. A token is held from its grant to the start of its call, and frees one window after the
 * start: a second and a margin, because two calls may arrive closer together than they started.
 *
 * A response tells more than the margin does, since its call has arrived by then: the token frees a second after a fast
 * response. Where responses are fast as a rule, it waits for a slow one as well, which may have been slow to arrive.
 */
export class TokensInUse {
  readonly #clock: Clock;
  readonly #ratePerSecond: number;
  readonly #windowMs: number;
  readonly #fastResponseMs: number;
  /** When each held token was granted, oldest first. */
  readonly #heldSinceMs: number[] = [];
  /** The token that frees first is at the front. */
  readonly #uses: Use[] = [];
  #slowResponsesInARow = 0;

  constructor(clock: Clock, ratePerSecond: number, rateMarginMs: number) {
    this.#clock = clock;
    this.#ratePerSecond = ratePerSecond;
    this.#windowMs = 1000 + rateMarginMs;
    this.#fastResponseMs = 2 * rateMarginMs;
  }

  /** Tokens whose calls have not started, without the lost ones. */
  get held(): number {
    const lostMs = this.#clock.now() - lostAfterMs;
    while ((this.#heldSinceMs[0] ?? Infinity) <= lostMs) this.#heldSinceMs.shift();
    return this.#heldSinceMs.length;
  }

  /** Milliseconds until the token of each started call frees, the next one first. */
  get freesInMs(): number[] {
    this.#dropFreed();
    const now = this.#clock.now();
    return this.#uses.map(({ freesAtMs }) => freesAtMs - now);
  }

  /** Adds a token that is granted now. */
  hold(): void {
    this.#heldSinceMs.push(this.#clock.now());
  }

  /** The call of the longest held token starts now. A call without a token counts as well. */
  start(): StartedCall {
    this.#heldSinceMs.shift();
    const startedAtMs = this.#clock.now();
    const use = { freesAtMs: startedAtMs + this.#windowMs };
    this.#insert(use);
    return { responded: () => this.#respond(use, startedAtMs) };
  }

  /** Removes the token that was granted last. */
  release(): void {
    this.#heldSinceMs.pop();
  }

  /** Milliseconds until fewer than `limit` tokens are in use, if the calls of held tokens start now. */
  waitMs(limit: number): number {
    this.#dropFreed();
    const excess = this.#uses.length + this.held - limit;
    if (excess < 0) return 0;
    const use = this.#uses[excess];
    return use ? use.freesAtMs - this.#clock.now() : this.#windowMs;
  }

  #respond(use: Use, startedAtMs: number): void {
    const arrivedAtMs = this.#clock.now() + serverInstantMs;
    const isFast = arrivedAtMs - startedAtMs <= this.#fastResponseMs;
    this.#slowResponsesInARow = isFast ? 0 : this.#slowResponsesInARow + 1;
    const areFast = this.#fastResponseMs > 0 && this.#slowResponsesInARow <= this.#ratePerSecond;
    const index = this.#uses.indexOf(use);
    if (!areFast || index === -1) return;
    this.#uses.splice(index, 1);
    use.freesAtMs = arrivedAtMs + 1000;
    this.#insert(use);
  }

  #insert(use: Use): void {
    const before = this.#uses.findLastIndex(({ freesAtMs }) => freesAtMs <= use.freesAtMs);
    this.#uses.splice(before + 1, 0, use);
  }

  #dropFreed(): void {
    const now = this.#clock.now();
    while ((this.#uses[0]?.freesAtMs ?? Infinity) <= now) this.#uses.shift();
  }
}
