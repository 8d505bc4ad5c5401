import type { Product } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { Reservation } from '../../traffic/quota/quota-store.js';
import type { RateLimiter } from '../../traffic/rate-limit/rate-limiter.js';
import { CircuitBreaker, type CircuitBreakerStats } from '../../traffic/resilience/circuit-breaker.js';
import {
  type Credentials,
  type CredentialsState,
  type OnCredentialsChange,
  RefusedCredentials,
} from '../../vonage/credentials.js';
import type { RecordLane } from '../lookup/lanes.js';
import { PageCalls, type PagesSource } from '../pages/page-calls.js';
import type { RetrievalObserver } from '../retrieval-observer.js';
import type { DailyCap } from './daily-cap.js';
import { IdsCalls, type RecordsSource } from './ids-calls.js';
import type { DriftedIdField } from './schema-drift.js';
import { PausedProducts, type Refusal, Refusals } from './unavailable-products.js';
import { VonageCaller } from './vonage-caller.js';

export interface UpstreamCallsOptions extends UpstreamHealthListener {
  readonly source: RecordsSource;
  readonly pageSource: PagesSource;
  /** The credentials as they are now: a secret can be replaced at any time, and its key stays. */
  credentials(): Credentials;
  readonly rateLimiter: RateLimiter;
  /** What the key may be billed in a day; undefined without a limit. */
  readonly dailyCap?: DailyCap | undefined;
  readonly clock: Clock;
  /** A number from 0 up to, not including, 1; spreads retries. */
  readonly random: () => number;
  /** Called once for each lane whose rows carry their ids in a field that the catalogue does not list. */
  onIdFieldDrift?(drift: DriftedIdField): void;
  /** Called for every 429 with the milliseconds for which all calls of the key pause. */
  onRateLimited?(pauseMs: number): void;
  /** Told of every call and lookup. */
  readonly observer?: RetrievalObserver | undefined;
}

/** The two kinds of calls that one API key makes, and what its answers tell about Vonage's health. */
export class UpstreamCalls {
  /** Calls for a batch of ids. */
  readonly ids: IdsCalls;
  /** Calls for a page of a list by date. */
  readonly pages: PageCalls;
  readonly health: UpstreamHealth;
  readonly #options: UpstreamCallsOptions;
  readonly #caller: VonageCaller;

  constructor(options: UpstreamCallsOptions) {
    const { clock, source, pageSource, observer } = options;
    const health = new UpstreamHealth(clock, options);
    const caller = new VonageCaller({
      ...options,
      breaker: health.breaker,
      refused: health.refusedCredentials,
      onRateLimited: (pauseMs) => options.onRateLimited?.(pauseMs),
    });
    const outcomes = {
      caller,
      onAnswer: (lane: RecordLane) => health.recordAnswer(lane),
      onFailure: (...failure: Parameters<UpstreamHealth['recordFailure']>) =>
        health.recordFailure(...failure),
    };
    const onIdFieldDrift = (drift: DriftedIdField) => options.onIdFieldDrift?.(drift);
    this.#options = options;
    this.#caller = caller;
    this.health = health;
    this.ids = new IdsCalls({ ...outcomes, source, clock, observer, onIdFieldDrift });
    this.pages = new PageCalls({ ...options, ...outcomes, source: pageSource });
  }

  /**
   * Nothing is queued for a host that is down, a product that is paused, with credentials that Vonage refused, or after the
   * records of the day are used up.
   */
  throwIfUnavailable(lane: RecordLane): void {
    this.health.throwIfUnavailable(lane, this.#options.credentials());
    if (!rulesOf(lane.product).isFree) this.#options.dailyCap?.throwIfReached();
  }

  /** Reserves records of the key's day for a page; undefined where nothing is billed or capped. */
  async reserveRecords({ product }: RecordLane, records: number): Promise<Reservation | undefined> {
    return rulesOf(product).isFree ? undefined : this.#options.dailyCap?.reserve(records);
  }

  /** Calls that were sent, repeated ones included. */
  get sent(): number {
    return this.#caller.calls;
  }

  /** Records that Vonage returned, and so billed. */
  get recordsBilled(): number {
    return this.ids.recordsBilled + this.pages.recordsBilled;
  }
}

/** Gets the changes in what can be used of Vonage. */
export interface UpstreamHealthListener {
  /** Called once each time that Vonage begins to refuse a product, which searches then leave out for ten minutes. */
  onProductRefused?(refusal: Refusal & { readonly product: Product }): void;
  /** Called once each time that Vonage begins to refuse an account. */
  onAccountRefused?(refusal: Refusal): void;
  /** Called when Vonage refuses the credentials, and when it accepts them again. */
  readonly onCredentialsChange?: OnCredentialsChange | undefined;
  /** Called when calls stop because they failed several times in a row, with the last failure, and when they work again. */
  readonly onCircuitChange?: ((isOpen: boolean, error?: unknown) => void) | undefined;
}

/** What of Vonage cannot be used now. Lists hold at most a thousand entries. */
export interface UpstreamHealthStats {
  readonly breaker: CircuitBreakerStats;
  readonly credentials: CredentialsState;
  /** Products that searches leave out, since Vonage refuses them. */
  readonly refusedProducts: readonly { readonly accountId: string; readonly product: Product }[];
  readonly refusedAccounts: readonly string[];
  /** Account and product of each pause after unreadable responses. */
  readonly pausedProducts: readonly string[];
}

/** What the calls of one API key tell about Vonage: its host, the credentials, the accounts and the products. */
class UpstreamHealth {
  readonly breaker: CircuitBreaker;
  readonly refusedCredentials: RefusedCredentials;
  readonly #refusals: Refusals;
  readonly #pausedProducts: PausedProducts;
  readonly #listener: UpstreamHealthListener;

  constructor(clock: Clock, listener: UpstreamHealthListener) {
    this.#listener = listener;
    this.breaker = new CircuitBreaker({
      clock,
      isFailure: isHostFailure,
      onChange: listener.onCircuitChange,
    });
    this.refusedCredentials = new RefusedCredentials(clock, listener.onCredentialsChange);
    this.#refusals = new Refusals({ clock, onRefused: (refusal) => this.#report(refusal) });
    this.#pausedProducts = new PausedProducts(clock);
  }

  /** Throws for a host that is down, a product that is paused, and credentials that Vonage refused. */
  throwIfUnavailable(lane: RecordLane, credentials: Credentials): void {
    this.breaker.refuseWhileOpen();
    this.#pausedProducts.throwIfPaused(lane);
    this.refusedCredentials.throwIfRefused(credentials);
  }

  /** Records a response with rows, or without an error. */
  recordAnswer(lane: RecordLane): void {
    this.#refusals.recordAnswer(lane);
    this.#pausedProducts.recordAnswer(lane);
  }

  /**
   * Records how a call failed.
   *
   * @param source names what was asked for; one source alone pauses nothing
   */
  recordFailure(lane: RecordLane, error: unknown, source: string): void {
    this.#refusals.recordFailure(lane, error);
    this.#pausedProducts.recordFailure(lane, error, source);
  }

  /** What Vonage refused the product of a lane with; undefined where it does not refuse it. */
  refusalOf(lane: RecordLane): GatewayError | undefined {
    return this.#refusals.of(lane);
  }

  stats(): UpstreamHealthStats {
    const refusals = this.#refusals.current;
    return {
      breaker: this.breaker.stats(),
      credentials: this.refusedCredentials.state,
      refusedProducts: refusals.flatMap(({ accountId, product }) =>
        product ? [{ accountId, product }] : [],
      ),
      refusedAccounts: refusals.flatMap(({ accountId, product }) => (product ? [] : [accountId])),
      pausedProducts: this.#pausedProducts.current,
    };
  }

  #report(refusal: Refusal): void {
    const { product } = refusal;
    if (product) this.#listener.onProductRefused?.({ ...refusal, product });
    else this.#listener.onAccountRefused?.(refusal);
  }
}

/** No response, or one of a server in trouble. Any other response, readable or not, proves that the host works. */
function isHostFailure(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const status = error.upstream?.status;
  if (status !== undefined) return status >= 500;
  return error.code === 'UPSTREAM_UNAVAILABLE' || error.code === 'UPSTREAM_TIMEOUT';
}
