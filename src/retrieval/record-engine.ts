import { rulesOf } from '../catalogue/products.js';
import type { Clock } from '../clock.js';
import { inSteps } from '../event-loop.js';
import type { Decoder } from '../records/decode.js';
import type { RecordTypeEntry } from '../records/record-types.js';
import type { LaneLookup } from '../traffic/batching/batch.js';
import { CallScheduler } from '../traffic/batching/call-scheduler.js';
import { Coalescer, type CoalescerStats } from '../traffic/batching/coalescer.js';
import type { Cache } from '../traffic/cache/cache.js';
import { type Claims, ownClaims } from '../traffic/cache/claims.js';
import type { Reservation } from '../traffic/quota/quota-store.js';
import type { RateLimiter } from '../traffic/rate-limit/rate-limiter.js';
import type { Credentials } from '../vonage/credentials.js';
import type { CachePolicy } from './cache/rows-cache.js';
import { RowsCache } from './cache/rows-cache.js';
import { BatchFetcher } from './calls/batch-fetcher.js';
import { CappedCalls } from './calls/capped-calls.js';
import type { DailyCap } from './calls/daily-cap.js';
import type { DriftedIdField } from './calls/id-field-drift.js';
import { IdsCalls, type RecordBatch, type RecordsSource } from './calls/ids-calls.js';
import { IsolatedIds } from './calls/isolated-ids.js';
import {
  UpstreamHealth,
  type UpstreamHealthListener,
  type UpstreamHealthStats,
} from './calls/upstream-health.js';
import { VonageCaller } from './calls/vonage-caller.js';
import type { RecordLane, Rows } from './lookup/lanes.js';
import type { LookupPlan, Plan } from './lookup/lookup-plan.js';
import { MissedLanes } from './lookup/missed-lanes.js';
import { SearchExclusions } from './lookup/search-exclusions.js';
import { SearchOrder } from './lookup/search-order.js';
import type { Operation } from './operation.js';
import type { Page } from './pages/page.js';
import { PageCalls, type PagesSource } from './pages/page-calls.js';
import { PageStore } from './pages/page-store.js';
import { rowsById } from './pages/rows-by-id.js';
import { RecordStore } from './record-store.js';
import type { RetrievalObserver, SavedBy } from './retrieval-observer.js';
import { RowDecoder } from './row-decoder.js';
import type { LookupOutcome, LookupResult } from './usage-meter.js';

export interface RecordEngineOptions extends UpstreamHealthListener {
  readonly source: RecordsSource;
  readonly pageSource: PagesSource;
  /** The credentials as they are now: a secret can be replaced at any time, and its key stays. */
  credentials(): Credentials;
  /** Names the part of the cache that rows read with these credentials have. */
  readonly cacheSpace: string;
  readonly rateLimiter: RateLimiter;
  /** What the key may be billed in a day; undefined without a limit. */
  readonly dailyCap?: DailyCap | undefined;
  readonly clock: Clock;
  readonly cache: Cache<Rows>;
  /** Pages that were bought. */
  readonly pageCache: Cache<Page>;
  /** Pages with the texts of messages, where these must not leave the process. */
  readonly privatePageCache: Cache<Page>;
  /** Lets one replica at a time buy a page. */
  readonly pageClaims: Claims;
  readonly cachePolicy: CachePolicy;
  readonly cacheMessageBodies: boolean;
  readonly batchSize: number;
  readonly decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
  /** A number from 0 up to, not including, 1; spreads retries. */
  readonly random: () => number;
  /** Called once for each lane whose rows carry their ids in a field that the catalogue does not list. */
  onIdFieldDrift?(drift: DriftedIdField): void;
  /** Called for every 429 with the milliseconds for which all calls of the key pause. */
  onRateLimited?(pauseMs: number): void;
  /** Told of every call and lookup. */
  readonly observer?: RetrievalObserver | undefined;
  /** Gets the rows of each id once, as soon as they are known; not those of an id that has more than Vonage returns. */
  onRows?(lane: RecordLane, rows: Rows): void;
}

/** Everything that finds the records of one API key, wired together: one rate, one queue, one part of the cache. */
export class RecordEngine {
  readonly store: RecordStore;
  /** Lists of records by date. */
  readonly pages: PageStore;
  readonly decoder: RowDecoder;
  readonly #options: RecordEngineOptions;
  readonly #coalescer: Coalescer<RecordLane, LookupResult>;
  readonly #scheduler: CallScheduler;
  readonly #calls: IdsCalls;
  readonly #pageCalls: PageCalls;
  readonly #caller: VonageCaller;
  readonly #health: UpstreamHealth;
  readonly #misses: MissedLanes;

  constructor(options: RecordEngineOptions) {
    const { clock, rateLimiter, batchSize } = options;
    const cache = new RowsCache({ ...options, policy: options.cachePolicy, space: options.cacheSpace });
    this.#options = options;
    this.#health = new UpstreamHealth(clock, options);
    this.#misses = new MissedLanes(clock);
    this.#caller = new VonageCaller({
      ...options,
      breaker: this.#health.breaker,
      refused: this.#health.refusedCredentials,
      onRateLimited: (pauseMs) => options.onRateLimited?.(pauseMs),
    });
    this.#calls = new IdsCalls({
      source: options.source,
      clock,
      caller: this.#caller,
      observer: options.observer,
      onAnswer: (lane) => this.#health.recordAnswer(lane),
      onFailure: (...failure) => this.#health.recordFailure(...failure),
      onIdFieldDrift: (drift) => options.onIdFieldDrift?.(drift),
    });
    const { dailyCap } = options;
    const fetcher = new BatchFetcher({
      calls: new CappedCalls({ calls: this.#calls, rateLimiter, dailyCap }),
      rateLimiter,
      clock,
      isolatedIds: new IsolatedIds(clock),
      isHostHealthy: () => this.#health.breaker.phase === 'closed',
      observer: options.observer,
      onRows: (lane, key, rows) => this.#keep(cache, lane, key, rows),
    });
    const send = (batch: RecordBatch) => fetcher.fetch(batch);
    const scheduler = new CallScheduler(rateLimiter, clock);
    this.#scheduler = scheduler;
    this.#coalescer = new Coalescer({ rateLimiter, clock, scheduler, maxBatchSize: batchSize, send });
    this.decoder = new RowDecoder(options.decoders, clock);
    this.store = this.#createStore(cache);
    this.#pageCalls = new PageCalls({
      ...options,
      source: options.pageSource,
      caller: this.#caller,
      onAnswer: (lane) => this.#health.recordAnswer(lane),
      onFailure: (...failure) => this.#health.recordFailure(...failure),
    });
    this.pages = this.#createPageStore(cache);
  }

  #createPageStore(cache: RowsCache): PageStore {
    const { cacheMessageBodies, pageCache, privatePageCache, pageClaims } = this.#options;
    const isPrivate = ({ detail }: RecordLane) => detail.messageBody && !cacheMessageBodies;
    return new PageStore({
      ...this.#options,
      calls: this.#pageCalls,
      reserveRecords: (lane, records) => this.#reserveRecords(lane, records),
      scheduler: this.#scheduler,
      cacheOf: (lane) => (isPrivate(lane) ? privatePageCache : pageCache),
      claimsOf: (lane) => (isPrivate(lane) ? ownClaims : pageClaims),
      throwIfUnavailable: (lane) => this.#throwIfUnavailable(lane),
      onRows: (lane, rows) => void this.#keepPage(cache, lane, rows),
    });
  }

  #createStore(cache: RowsCache): RecordStore {
    const order = new SearchOrder();
    return new RecordStore({
      ...this.#options,
      decoder: this.decoder,
      cache,
      order,
      exclusions: new SearchExclusions({
        order,
        misses: this.#misses,
        refusalOf: (lane) => this.#health.refusalOf(lane),
      }),
      load: (...lookup) => this.#load(...lookup),
    });
  }

  #keep(cache: RowsCache, lane: RecordLane, key: string, rows: Rows): void {
    cache.store(lane, key, rows);
    if (rows.length === 0) this.#misses.record(lane, key);
    else this.#misses.forget(lane, key);
    this.#options.onRows?.(lane, rows);
  }

  /** Lets later lookups by id have the rows of a page, in steps between which other events have their turn. */
  async #keepPage(cache: RowsCache, lane: RecordLane, rows: Rows): Promise<void> {
    for await (const step of inSteps(rows)) {
      this.#options.onRows?.(lane, step);
      for (const found of rowsById(lane, step)) {
        cache.store(found.lane, found.key, found.rows);
        this.#misses.forget(found.lane, found.key);
      }
    }
  }

  /**
   * Nothing is queued for a host that is down, a product that is paused, with credentials that Vonage refused, or after the
   * records of the day are used up.
   */
  #throwIfUnavailable(lane: RecordLane): void {
    this.#health.throwIfUnavailable(lane, this.#options.credentials());
    if (!rulesOf(lane.product).isFree) this.#options.dailyCap?.throwIfReached();
  }

  async #reserveRecords({ product }: RecordLane, records: number): Promise<Reservation | undefined> {
    return rulesOf(product).isFree ? undefined : this.#options.dailyCap?.reserve(records);
  }

  #load(
    lookup: LaneLookup<RecordLane>,
    operation: Operation,
    onOutcome: (outcome: LookupOutcome) => void,
  ): Promise<LookupResult> {
    try {
      this.#throwIfUnavailable(lookup.lane);
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

  /** Tells that the process stops at a moment (epoch milliseconds); lookups that no call can serve before are refused. */
  closeAt(closesAtMs: number): void {
    this.#coalescer.closeAt(closesAtMs);
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

  /** Pages that wait for a token or are in flight. */
  get pendingPages(): number {
    return this.#scheduler.bulkWaiting + this.#scheduler.bulkInFlight;
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
    return this.#calls.recordsBilled + this.#pageCalls.recordsBilled;
  }

  /** Rows that belonged to no id of their call. */
  get unattributedRows(): number {
    return this.#calls.unattributedRows;
  }

  /** The breaker's phase: calls are made, paused after failures, or tried. */
  get breakerPhase(): string {
    return this.#health.breaker.phase;
  }

  /** Gauges and counters of the engine. Lists hold at most a thousand entries. */
  stats(): RecordEngineStats {
    return {
      ...this.#health.stats(),
      queue: this.#coalescer.stats(),
      tokensAvailable: this.#tokensAvailable,
      recordsLeft: this.#options.dailyCap?.recordsLeft,
      estimatedWaitMs: this.#coalescer.estimateMs(1),
      rememberedMisses: this.#misses.size,
      driftedIdFields: this.#calls.driftedIdFields,
    };
  }
}

/** Gauges and counters of one engine. */
export interface RecordEngineStats extends UpstreamHealthStats {
  readonly queue: CoalescerStats;
  /** Calls that the rate limiter would let start now. */
  readonly tokensAvailable: number;
  /** Records that the daily cap still allows; undefined without a cap. */
  readonly recordsLeft: number | undefined;
  /** Milliseconds that a new id would wait for its call. */
  readonly estimatedWaitMs: number;
  /** Ids whose misses are remembered. */
  readonly rememberedMisses: number;
  /** Fields that carry ids although the catalogue does not list them, by product and direction. */
  readonly driftedIdFields: Readonly<Record<string, string>>;
}
