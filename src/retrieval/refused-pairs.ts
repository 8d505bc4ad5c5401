import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';

/** Refusals of one API key within a minute after which no further pair of it is tried. */
const maxRefusals = 10;
const windowMs = 60_000;

/** Milliseconds for which a pair that Vonage refused is not tried again. */
const pairMemoryMs = 10_000;

/** API keys that are remembered. Each one costs a call, and few calls are made at once, so a minute brings far fewer. */
const maxKeys = 100_000;

interface Refusal {
  /** Names the pair of key and secret. */
  readonly pair: string;
  readonly atMs: number;
}

/** The error for a caller whose API key and secret Vonage refused. */
export function refusedByVonage(): GatewayError {
  return new GatewayError('UNAUTHENTICATED', 'Vonage did not accept the API key and secret of this request.');
}

/**
 * Remembers which pairs of API key and secret Vonage refused within the last minute, so that a client cannot use the gateway
 * to guess the secret of a key.
 */
export class RefusedPairs {
  readonly #clock: Clock;
  /** By API key, the key with the oldest last refusal first. The refusals of a key are in the order of time. */
  readonly #byKey = new Map<string, readonly Refusal[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** API keys with refusals, expired ones included. */
  get size(): number {
    return this.#byKey.size;
  }

  /**
   * Throws UNAUTHENTICATED for a pair that was refused a moment ago, and RATE_LIMITED where the key's pairs were refused
   * too often, or can be when the checks in progress end.
   *
   * @param checking checks of pairs of the key that are in progress
   */
  throwIfRefused(apiKey: string, pair: string, checking: number): void {
    const nowMs = this.#clock.now();
    const recent = this.#recent(apiKey);
    if (recent.some((each) => each.pair === pair && nowMs - each.atMs < pairMemoryMs))
      throw refusedByVonage();
    if (recent.length + checking < maxRefusals) return;
    const retryAfterMs = Math.ceil((recent[0]?.atMs ?? nowMs) + windowMs - nowMs);
    throw new GatewayError(
      'RATE_LIMITED',
      `Vonage refused this API key with ${maxRefusals} secrets within a minute; a secret that it has not accepted yet is tried again after retryAfterMs.`,
      { retryAfterMs },
    );
  }

  /** Records that Vonage refused a pair. */
  record(apiKey: string, pair: string): void {
    const recent = this.#recent(apiKey);
    this.#byKey.delete(apiKey);
    this.#byKey.set(apiKey, [...recent, { pair, atMs: this.#clock.now() }].slice(-maxRefusals));
    this.#forgetOld();
  }

  #recent(apiKey: string): readonly Refusal[] {
    const sinceMs = this.#clock.now() - windowMs;
    return (this.#byKey.get(apiKey) ?? []).filter(({ atMs }) => atMs > sinceMs);
  }

  #forgetOld(): void {
    for (const apiKey of this.#byKey.keys()) {
      if (this.#recent(apiKey).length > 0 && this.#byKey.size <= maxKeys) return;
      this.#byKey.delete(apiKey);
    }
  }
}
