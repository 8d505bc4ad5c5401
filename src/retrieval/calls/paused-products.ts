import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { RecordLane } from '../lookup/lanes.js';

type Place = Pick<RecordLane, 'accountId' | 'product'>;

/** Sources whose responses were unreadable, without a readable one between, after which the calls for a product pause. */
const sourcesToPause = 5;
/** Milliseconds for which they pause. After that one more unreadable response pauses them again. */
const pauseMs = 5000;
/** Products that are remembered, over all accounts. */
const maxRemembered = 1000;

interface Unreadable {
  readonly sources: Set<string>;
  readonly pausedUntilMs: number;
}

/**
 * Pauses the calls for a product whose responses cannot be read, as each of them may be billed. Other products go on: the
 * circuit breaker of the host opens only when Vonage does not answer.
 */
export class PausedProducts {
  readonly #clock: Clock;
  readonly #unreadable = new LRUCache<string, Unreadable>({ max: maxRemembered });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records a response that could be read. */
  recordAnswer(place: Place): void {
    this.#unreadable.delete(nameOf(place));
  }

  /**
   * Records how a call failed. Only a response that could not be read counts, and once for each source, so that one id
   * does not pause a product for all others.
   */
  recordFailure(place: Place, error: unknown, source: string): void {
    if (!(error instanceof GatewayError) || error.code !== 'UPSTREAM_MALFORMED') return;
    const { sources = new Set<string>() } = this.#unreadable.get(nameOf(place)) ?? {};
    if (sources.size < sourcesToPause) sources.add(source);
    const pausedUntilMs = sources.size < sourcesToPause ? 0 : this.#clock.now() + pauseMs;
    this.#unreadable.set(nameOf(place), { sources, pausedUntilMs });
  }

  /** Throws UPSTREAM_MALFORMED while the calls for a product pause. */
  throwIfPaused(place: Place): void {
    const { pausedUntilMs = 0 } = this.#unreadable.get(nameOf(place)) ?? {};
    const retryAfterMs = Math.ceil(pausedUntilMs - this.#clock.now());
    if (retryAfterMs <= 0) return;
    throw new GatewayError(
      'UPSTREAM_MALFORMED',
      "Vonage's responses for this product could not be read several times in a row; calls for it are paused. Try again after retryAfterMs.",
      { retryAfterMs, neverSent: true },
    );
  }

  /** Account and product of each pause. */
  get current(): readonly string[] {
    const nowMs = this.#clock.now();
    return [...this.#unreadable.entries()].flatMap(([name, { pausedUntilMs }]) =>
      pausedUntilMs > nowMs ? [name] : [],
    );
  }
}

function nameOf({ accountId, product }: Place): string {
  return `${accountId}/${product}`;
}
