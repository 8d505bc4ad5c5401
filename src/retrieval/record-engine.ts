import type { Product } from '../catalogue/product.js';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Decoder } from '../records/decode.js';
import type { RecordTypeEntry } from '../records/record-types.js';
import { Coalescer, type LaneLookup } from '../traffic/batching/coalescer.js';
import type { Cache } from '../traffic/cache/cache.js';
import type { RateLimiter } from '../traffic/rate-limit/rate-limiter.js';
import type { Bulkhead } from '../traffic/resilience/bulkhead.js';
import { CircuitBreaker } from '../traffic/resilience/circuit-breaker.js';
import type { Credentials } from '../vonage/credentials.js';
import { RefusedCredentials } from '../vonage/refused-credentials.js';
import type { CachePolicy } from './cache/rows-cache.js';
import { RowsCache } from './cache/rows-cache.js';
import { BatchFetcher } from './calls/batch-fetcher.js';
import type { DriftedIdField } from './calls/id-field-drift.js';
import { IdsCalls, type RecordsSource } from './calls/ids-calls.js';
import { PausedProducts } from './calls/paused-products.js';
import { type Refusal, Refusals } from './calls/refusals.js';
import { VonageCaller } from './calls/vonage-caller.js';
import type { RecordLane, Rows } from './lookup/lanes.js';
import type { LookupPlan, Plan } from './lookup/lookup-plan.js';
import { MissedLanes } from './lookup/missed-lanes.js';
import { SearchExclusions } from './lookup/search-exclusions.js';
import { SearchOrder } from './lookup/search-order.js';
import type { Operation } from './operation.js';
import { RecordStore } from './record-store.js';
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
  /** Called once each time that Vonage begins to refuse a product, which searches then leave out for ten minutes. */
  onProductRefused?(refusal: Refusal & { readonly product: Product }): void;
  /** Called once each time that Vonage begins to refuse an account. */
  onAccountRefused?(refusal: Refusal): void;
  /** Called for each call that failed, and for each response that holds nothing but an error. */
  onCallFailed?(lane: RecordLane, error: unknown): void;
  /** Called once for each lane whose rows carry their ids in a field that the catalogue does not list. */
  onIdFieldDrift?(drift: DriftedIdField): void;
  /** Called for every 429 with the milliseconds for which all calls of the key pause. */
  onRateLimited?(pauseMs: number): void;
  /** Gets the rows of each id once, as soon as they are known; not those of an id that has more than Vonage returns. */
  onRows?(lane: RecordLane, rows: Rows): void;
}

/** Everything that finds the records of one API key, wired together: one rate, one queue, one part of the cache. */
export class RecordEngine {
  readonly store: RecordStore;
  readonly #options: RecordEngineOptions;
  readonly #coalescer: Coalescer<RecordLane, LookupResult>;
  readonly #calls: IdsCalls;
  readonly #caller: VonageCaller;
  readonly #breaker: CircuitBreaker;
  readonly #refusedCredentials: RefusedCredentials;
  readonly #refusals: Refusals;
  readonly #pausedProducts: PausedProducts;
  readonly #misses: MissedLanes;

  constructor(options: RecordEngineOptions) {
    const { clock, rateLimiter, batchSize } = options;
    const cache = new RowsCache({ ...options, policy: options.cachePolicy, space: options.cacheSpace });
    const order = new SearchOrder();
    this.#options = options;
    this.#refusedCredentials = new RefusedCredentials(clock);
    this.#refusals = new Refusals({ clock, onRefused: (refusal) => reportRefusal(refusal, options) });
    this.#pausedProducts = new PausedProducts(clock);
    this.#misses = new MissedLanes(clock);
    this.#breaker = new CircuitBreaker({ clock, isFailure: isHostFailure });
    this.#caller = new VonageCaller({
      ...options,
      breaker: this.#breaker,
      refused: this.#refusedCredentials,
      onRateLimited: (pauseMs) => options.onRateLimited?.(pauseMs),
    });
    this.#calls = this.#createCalls();
    const fetcher = new BatchFetcher({
      calls: this.#calls,
      rateLimiter,
      onRows: (lane, key, rows) => {
        cache.store(lane, key, rows);
        this.#recordMiss(lane, key, rows);
        options.onRows?.(lane, rows);
      },
    });
    this.#coalescer = new Coalescer({
      rateLimiter,
      clock,
      maxBatchSize: batchSize,
      send: (batch) => fetcher.fetch(batch),
    });
    this.store = new RecordStore({
      ...options,
      cache,
      order,
      exclusions: new SearchExclusions({
        order,
        misses: this.#misses,
        refusalOf: (lane) => this.#refusals.of(lane),
      }),
      load: (...lookup) => this.#load(...lookup),
    });
  }

  /** The calls for ids, and what is learned from how they end. */
  #createCalls(): IdsCalls {
    const options = this.#options;
    return new IdsCalls({
      source: options.source,
      clock: options.clock,
      caller: this.#caller,
      onAnswer: (lane) => {
        this.#refusals.recordAnswer(lane);
        this.#pausedProducts.recordAnswer(lane);
      },
      onFailure: (lane, error) => {
        this.#refusals.recordFailure(lane, error);
        this.#pausedProducts.recordFailure(lane, error);
        options.onCallFailed?.(lane, error);
      },
      onIdFieldDrift: (drift) => options.onIdFieldDrift?.(drift),
    });
  }

  #recordMiss(lane: RecordLane, key: string, rows: Rows): void {
    if (rows.length === 0) this.#misses.record(lane, key);
    else this.#misses.forget(lane, key);
  }

  /** Nothing is queued for a host that is down, a product that is paused, or with credentials that Vonage refused. */
  #load(
    lookup: LaneLookup<RecordLane>,
    operation: Operation,
    onOutcome: (outcome: LookupOutcome) => void,
  ): Promise<LookupResult> {
    try {
      this.#breaker.refuseWhileOpen();
      this.#pausedProducts.throwIfPaused(lookup.lane);
      this.#refusedCredentials.throwIfRefused(this.#options.credentials());
    } catch (error) {
      onOutcome({ error });
      return Promise.reject(error);
    }
    return this.#coalescer.load(lookup, operation, onOutcome);
  }

  /** What a plan's lookups would cost now. */
  price(plan: LookupPlan): Plan {
    return plan.toPlan(this.#options.batchSize, (calls) => this.#coalescer.estimateMs(calls));
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
    return this.#calls.recordsBilled;
  }

  /** Whether Vonage has responded to a call, and so accepted the credentials. */
  get hasResponded(): boolean {
    return this.#caller.hasResponded;
  }

  /** Rows that belonged to no id of their call. */
  get unattributedRows(): number {
    return this.#calls.unattributedRows;
  }

  /** The breaker's phase: calls are made, paused after failures, or tried. */
  get breakerPhase(): string {
    return this.#breaker.phase;
  }

  /** Gauges and counters of the engine. Lists hold at most a thousand entries. */
  stats(): RecordEngineStats {
    const refusals = this.#refusals.current;
    return {
      waiting: this.waiting,
      inFlight: this.inFlight,
      pending: this.pending,
      lanes: this.lanes,
      calls: this.calls,
      recordsBilled: this.recordsBilled,
      unattributedRows: this.unattributedRows,
      breakerPhase: this.breakerPhase,
      refusedProducts: refusals.flatMap(({ accountId, product }) =>
        product ? [{ accountId, product }] : [],
      ),
      refusedAccounts: refusals.flatMap(({ accountId, product }) => (product ? [] : [accountId])),
      pausedProducts: this.#pausedProducts.current,
      rememberedMisses: this.#misses.size,
      driftedIdFields: this.#calls.driftedIdFields,
    };
  }
}

/** Gauges and counters of one engine. */
export interface RecordEngineStats {
  /** Ids that wait for a call. */
  readonly waiting: number;
  /** Ids that were sent and have no outcome yet. */
  readonly inFlight: number;
  /** Lookups without an outcome. */
  readonly pending: number;
  /** Lanes with ids that wait or are in flight. */
  readonly lanes: number;
  /** Calls that were sent, repeated ones included. */
  readonly calls: number;
  /** Records that Vonage returned, and so billed. */
  readonly recordsBilled: number;
  /** Rows that belonged to no id of their call. */
  readonly unattributedRows: number;
  readonly breakerPhase: string;
  /** Products that searches leave out, since Vonage refuses them. */
  readonly refusedProducts: readonly { readonly accountId: string; readonly product: Product }[];
  readonly refusedAccounts: readonly string[];
  /** Account and product of each pause after unreadable responses. */
  readonly pausedProducts: readonly string[];
  /** Ids whose misses are remembered. */
  readonly rememberedMisses: number;
  /** Fields that carry ids although the catalogue does not list them, by product and direction. */
  readonly driftedIdFields: Readonly<Record<string, string>>;
}

/** No response, or one of a server in trouble. Any other response, readable or not, proves that the host works. */
function isHostFailure(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const status = error.upstream?.status;
  if (status !== undefined) return status >= 500;
  return error.code === 'UPSTREAM_UNAVAILABLE' || error.code === 'UPSTREAM_TIMEOUT';
}

function reportRefusal(refusal: Refusal, { onProductRefused, onAccountRefused }: RecordEngineOptions): void {
  const { product } = refusal;
  if (product) onProductRefused?.({ ...refusal, product });
  else onAccountRefused?.(refusal);
}
