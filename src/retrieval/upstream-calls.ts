import { rulesOf } from '../catalogue/products.js';
import type { Clock } from '../clock.js';
import type { Reservation } from '../traffic/quota/quota-store.js';
import type { RateLimiter } from '../traffic/rate-limit/rate-limiter.js';
import type { Credentials } from '../vonage/credentials.js';
import type { DailyCap } from './calls/daily-cap.js';
import type { DriftedIdField } from './calls/id-field-drift.js';
import { IdsCalls, type RecordsSource } from './calls/ids-calls.js';
import { UpstreamHealth, type UpstreamHealthListener } from './calls/upstream-health.js';
import { VonageCaller } from './calls/vonage-caller.js';
import type { RecordLane } from './lookup/lanes.js';
import { PageCalls, type PagesSource } from './pages/page-calls.js';
import type { RetrievalObserver } from './retrieval-observer.js';

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
