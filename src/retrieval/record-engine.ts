import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Decoder } from '../records/decode.js';
import type { RecordTypeEntry } from '../records/record-types.js';
import { Coalescer, type CoalescerStats, type LaneLookup } from '../traffic/batching/coalescer.js';
import type { Cache } from '../traffic/cache/cache.js';
import type { RateLimiter } from '../traffic/rate-limit/rate-limiter.js';
import type { Bulkhead } from '../traffic/resilience/bulkhead.js';
import { CircuitBreaker, type CircuitBreakerStats } from '../traffic/resilience/circuit-breaker.js';
import type { Credentials } from '../vonage/credentials.js';
import {
  type CredentialsState,
  type OnCredentialsChange,
  RefusedCredentials,
} from '../vonage/refused-credentials.js';
import type { CachePolicy } from './cache/rows-cache.js';
import { RowsCache } from './cache/rows-cache.js';
import { BatchFetcher, type RecordsSource } from './calls/batch-fetcher.js';
import { VonageCaller } from './calls/vonage-caller.js';
import type { RecordLane, Rows } from './lookup/lanes.js';
import type { LookupPlan, Plan } from './lookup/lookup-plan.js';
import { SearchOrder } from './lookup/search-order.js';
import type { Operation } from './operation.js';
import { RecordStore } from './record-store.js';
import type { RetrievalObserver, SavedBy } from './retrieval-observer.js';
import type { LookupOutcome, LookupResult } from './usage-meter.js';

export interface RecordEngineOptions {
  readonly source: RecordsSource;
  /** The credentials as they are now: a secret can be replaced at any time, and its key stays. */
  credentials(): Credentials;
  /** Names the part of the cache that rows read with these credentials have. */
  readonly cacheSpace: string;
  readonly rateLimiter: RateLimiter;
  /** What calls pass until Vonage has responded to one; undefined where the credentials are the operator's. */
  readonly unverifiedKeysBulkhead?: Bulkhead | undefined;
  readonly clock: Clock;
  readonly cache: Cache<Rows>;
  readonly cachePolicy: CachePolicy;
  readonly cacheMessageBodies: boolean;
  readonly batchSize: number;
  readonly decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
  /** A number from 0 up to, not including, 1; spreads retries. */
  readonly random: () => number;
  /** Called for every 429 with the milliseconds for which all calls of the key pause. */
  onRateLimited?(pauseMs: number): void;
  /** Told when Vonage refuses the credentials, and when it accepts them again. */
  onCredentialsChange?: OnCredentialsChange | undefined;
  /** Told when calls stop because they failed several times in a row, with the last failure, and when they work again. */
  onCircuitChange?: ((isOpen: boolean, error?: unknown) => void) | undefined;
  /** Told of every call and lookup. */
  readonly observer?: RetrievalObserver | undefined;
  /** Gets the rows of each id once, as soon as they are known. */
  onRows?(lane: RecordLane, rows: Rows): void;
}

/** Gauges and counters of one engine. */
export interface RecordEngineStats {
  readonly queue: CoalescerStats;
  readonly breaker: CircuitBreakerStats;
  readonly credentials: CredentialsState;
  /** Calls that the rate limiter would let start now. */
  readonly tokensAvailable: number;
  /** Milliseconds that a new id would wait for its call. */
  readonly estimatedWaitMs: number;
}

/** Everything that finds the records of one API key, wired together: one rate, one queue, one part of the cache. */
export class RecordEngine {
  readonly store: RecordStore;
  readonly #options: RecordEngineOptions;
  readonly #coalescer: Coalescer<RecordLane, LookupResult>;
  readonly #fetcher: BatchFetcher;
  readonly #caller: VonageCaller;
  readonly #breaker: CircuitBreaker;
  readonly #refused: RefusedCredentials;

  constructor(options: RecordEngineOptions) {
    const { clock, rateLimiter, batchSize } = options;
    const cache = new RowsCache({ ...options, policy: options.cachePolicy, space: options.cacheSpace });
    this.#options = options;
    this.#refused = new RefusedCredentials(clock, options.onCredentialsChange);
    this.#breaker = new CircuitBreaker({
      clock,
      isFailure: isUpstreamFailure,
      onChange: options.onCircuitChange,
    });
    this.#caller = new VonageCaller({
      ...options,
      breaker: this.#breaker,
      refused: this.#refused,
      onRateLimited: (pauseMs) => options.onRateLimited?.(pauseMs),
    });
    this.#fetcher = new BatchFetcher({
      ...options,
      caller: this.#caller,
      onRows: (lane, key, rows) => {
        cache.store(lane, key, rows);
        options.onRows?.(lane, rows);
      },
    });
    this.#coalescer = new Coalescer({
      rateLimiter,
      clock,
      maxBatchSize: batchSize,
      send: (batch) => this.#fetcher.fetch(batch),
    });
    this.store = new RecordStore({
      ...options,
      cache,
      order: new SearchOrder(),
      load: (...lookup) => this.#load(...lookup),
    });
  }

  /** Nothing is queued for a host that is down, or with credentials that Vonage refused. */
  #load(
    lookup: LaneLookup<RecordLane>,
    operation: Operation,
    onOutcome: (outcome: LookupOutcome) => void,
  ): Promise<LookupResult> {
    try {
      this.#breaker.refuseWhileOpen();
      this.#refused.throwIfRefused(this.#options.credentials());
    } catch (error) {
      onOutcome({ error });
      return Promise.reject(error);
    }
    const { observer } = this.#options;
    if (!observer) return this.#coalescer.load(lookup, operation, onOutcome);
    let savedBy: SavedBy | undefined;
    const onObserved = (outcome: LookupOutcome) => {
      const records = 'value' in outcome ? outcome.value.rows.length : 0;
      if (savedBy && records > 0) observer.onRecordsSaved(lookup.lane.product, savedBy, records);
      onOutcome(outcome);
    };
    return this.#coalescer.load(lookup, operation, onObserved, (state) => {
      savedBy = state === 'sent' ? 'in_flight' : 'shared';
    });
  }

  /** What a plan's lookups would cost now. */
  price(plan: LookupPlan): Plan {
    return plan.toPlan(this.#options.batchSize, (calls) => this.#coalescer.estimateMs(calls));
  }

  stats(): RecordEngineStats {
    return {
      queue: this.#coalescer.stats(),
      breaker: this.#breaker.stats(),
      credentials: this.#refused.state,
      tokensAvailable: this.#tokensAvailable,
      estimatedWaitMs: this.#coalescer.estimateMs(1),
    };
  }

  get #tokensAvailable(): number {
    const { rateLimiter } = this.#options;
    let tokens = 0;
    while (tokens < rateLimiter.ratePerSecond && rateLimiter.estimateMs(tokens + 1) <= 0) tokens += 1;
    return tokens;
  }

  /** Ids that wait for a call. */
  get waiting(): number {
    return this.#coalescer.waiting;
  }

  /** Whether enough ids for a full call wait for the rate. */
  get isBacklogged(): boolean {
    return this.#coalescer.isBacklogged;
  }

  /** Ids that were sent and have no outcome yet. */
  get inFlight(): number {
    return this.#coalescer.inFlight;
  }

  /** Lookups without an outcome; several can be for the same id. */
  get pending(): number {
    return this.#coalescer.pending;
  }

  /** Lanes with ids that wait or are in flight. */
  get lanes(): number {
    return this.#coalescer.lanes;
  }

  /** Calls that were sent, repeated ones included. */
  get calls(): number {
    return this.#caller.calls;
  }

  /** Records that Vonage returned, and so billed. */
  get recordsBilled(): number {
    return this.#fetcher.recordsBilled;
  }

  /** Whether Vonage has responded to a call, and so accepted the credentials. */
  get hasResponded(): boolean {
    return this.#caller.hasResponded;
  }

  /** Rows that belonged to no id of their call. */
  get unattributedRows(): number {
    return this.#fetcher.unattributedRows;
  }

  /** The breaker's phase: calls are made, paused after failures, or tried. */
  get breakerPhase(): string {
    return this.#breaker.phase;
  }
}

/** No response, or one of a server in trouble. A 4xx is about the call, and a 429 about the rate. */
function isUpstreamFailure(error: unknown): boolean {
  const code = error instanceof GatewayError ? error.code : undefined;
  return code === 'UPSTREAM_UNAVAILABLE' || code === 'UPSTREAM_TIMEOUT' || code === 'UPSTREAM_MALFORMED';
}
