import { LRUCache } from 'lru-cache';
import type { Product } from '../../catalogue/product.js';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { refusedBy } from '../../vonage/upstream-problem.js';
import type { RecordLane } from '../lookup/lanes.js';

type Place = Pick<RecordLane, 'accountId' | 'product'>;

/** A product that Vonage refuses for an account, or a whole account. */
export interface Refusal {
  readonly accountId: string;
  /** Undefined where the whole account is refused. */
  readonly product?: Product;
  /** What Vonage said. */
  readonly error: GatewayError;
}

export interface RefusalsOptions {
  readonly clock: Clock;
  /** Called once each time that Vonage begins to refuse a product or an account. */
  onRefused(refusal: Refusal): void;
}

interface RememberedRefusal extends Refusal {
  readonly untilMs: number;
}

/** Milliseconds for which a refusal, or a response of an account, is remembered. */
const refusalMemoryMs = 10 * 60 * 1000;

/** Refusals, and accounts that were answered, that are remembered; callers choose which accounts they ask for. */
const maxRefusals = 1000;

/**
 * Remembers which products Vonage refuses as a whole, so that searches do without them. A 403 that may concern the
 * product or the account concerns the product when Vonage has answered other calls of the account lately.
 */
export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #refused = new Map<string, RememberedRefusal>();
  readonly #answeredAtMs = new Map<string, number>();

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  /** Records that Vonage answered a call: it refuses neither the account nor the product any more. */
  recordAnswer({ accountId, product }: Place): void {
    this.#refused.delete(nameOf(accountId, product));
    this.#refused.delete(nameOf(accountId));
    remember(this.#answeredAtMs, accountId, this.#options.clock.now());
  }

  /** Records how a call failed. */
  recordFailure(place: Place, error: unknown): void {
    const refused = refusedBy(error);
    if (!(error instanceof GatewayError) || refused === undefined || refused === 'credentials') return;
    const { accountId, product } = place;
    const isProduct =
      refused === 'product' || (refused === 'account or product' && this.#wasAnswered(accountId));
    this.#remember(isProduct ? { accountId, product, error } : { accountId, error });
  }

  /** What Vonage said when it refused the product of a lane; undefined when it did not. */
  of({ accountId, product }: Place): GatewayError | undefined {
    return this.#current(nameOf(accountId, product))?.error;
  }

  /** What Vonage refuses now. */
  get current(): readonly Refusal[] {
    return [...this.#refused.keys()].flatMap((name) => this.#current(name) ?? []);
  }

  #remember(refusal: Refusal): void {
    const { clock, onRefused } = this.#options;
    const name = nameOf(refusal.accountId, refusal.product);
    const isNew = this.#current(name) === undefined;
    remember(this.#refused, name, { ...refusal, untilMs: clock.now() + refusalMemoryMs });
    if (isNew) onRefused(refusal);
  }

  #current(name: string): RememberedRefusal | undefined {
    const known = this.#refused.get(name);
    return known && known.untilMs > this.#options.clock.now() ? known : undefined;
  }

  #wasAnswered(accountId: string): boolean {
    const atMs = this.#answeredAtMs.get(accountId);
    return atMs !== undefined && this.#options.clock.now() - atMs < refusalMemoryMs;
  }
}

function nameOf(accountId: string, product?: Product): string {
  return product === undefined ? accountId : `${accountId}/${product}`;
}

/** Keeps the newest entries. */
function remember<Value>(memory: Map<string, Value>, name: string, value: Value): void {
  memory.delete(name);
  memory.set(name, value);
  if (memory.size <= maxRefusals) return;
  for (const oldest of memory.keys()) {
    memory.delete(oldest);
    return;
  }
}

/** Sources whose responses were unreadable, without a readable one between, after which the calls for a product pause. */
const sourcesToPause = 5;
/** Milliseconds for which they pause. After that one more unreadable response pauses them again. */
const pauseMs = 5000;
/** Products that are remembered, over all accounts. */
const maxUnreadable = 1000;

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
  readonly #unreadable = new LRUCache<string, Unreadable>({ max: maxUnreadable });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records a response that could be read. */
  recordAnswer(place: Place): void {
    this.#unreadable.delete(keyOf(place));
  }

  /**
   * Records how a call failed. Only a response that could not be read counts, and once for each source, so that one id
   * does not pause a product for all others.
   */
  recordFailure(place: Place, error: unknown, source: string): void {
    if (!(error instanceof GatewayError) || error.code !== 'UPSTREAM_MALFORMED') return;
    const { sources = new Set<string>() } = this.#unreadable.get(keyOf(place)) ?? {};
    if (sources.size < sourcesToPause) sources.add(source);
    const pausedUntilMs = sources.size < sourcesToPause ? 0 : this.#clock.now() + pauseMs;
    this.#unreadable.set(keyOf(place), { sources, pausedUntilMs });
  }

  /** Throws UPSTREAM_MALFORMED while the calls for a product pause. */
  throwIfPaused(place: Place): void {
    const { pausedUntilMs = 0 } = this.#unreadable.get(keyOf(place)) ?? {};
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

function keyOf({ accountId, product }: Place): string {
  return `${accountId}/${product}`;
}
