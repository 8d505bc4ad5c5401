import type { Decoder } from '../records/decode.js';
import type { RecordTypeEntry } from '../records/record-types.js';
import { CallScheduler } from '../traffic/batching/call-scheduler.js';
import { Coalescer, type CoalescerStats } from '../traffic/batching/coalescer.js';
import type { LaneLookup } from '../traffic/batching/lane.js';
import type { Cache } from '../traffic/cache/cache.js';
import { type Claims, ownClaims } from '../traffic/cache/claims.js';
import { BatchFetcher } from './calls/batch-fetcher.js';
import { CappedCalls } from './calls/daily-cap.js';
import type { RecordBatch } from './calls/ids-calls.js';
import { IsolatedIds } from './calls/isolated-ids.js';
import {
  UpstreamCalls,
  type UpstreamCallsOptions,
  type UpstreamHealthStats,
} from './calls/upstream-calls.js';
import { KeptRows, type OnRows } from './kept-rows.js';
import type { RecordLane, Rows } from './lookup/lanes.js';
import { SearchOrder } from './lookup/lookup.js';
import type { LookupPlan, Plan } from './lookup/lookup-plan.js';
import { MissedLanes, SearchExclusions } from './lookup/search-exclusions.js';
import type { Operation } from './operation.js';
import type { Page } from './pages/page.js';
import { PageStore } from './pages/page-store.js';
import { RecordStore } from './record-store.js';
import type { SavedBy } from './retrieval-observer.js';
import { RowDecoder } from './row-decoder.js';
import { type CachePolicy, RowsCache } from './rows-cache.js';
import type { LookupOutcome, LookupResult } from './usage-meter.js';

export interface RecordEngineOptions extends UpstreamCallsOptions {
  /** Names the part of the cache that rows read with these credentials have. */
  readonly cacheSpace: string;
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
  readonly onRows?: OnRows;
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
  readonly #calls: UpstreamCalls;
  readonly #kept: KeptRows;
  readonly #misses: MissedLanes;

  constructor(options: RecordEngineOptions) {
    const { clock, rateLimiter, batchSize } = options;
    const cache = new RowsCache({ ...options, policy: options.cachePolicy, space: options.cacheSpace });
    this.#options = options;
    this.#misses = new MissedLanes(clock);
    this.#kept = new KeptRows(cache, this.#misses, options.onRows);
    this.#calls = new UpstreamCalls(options);
    const fetcher = this.#createFetcher();
    const send = (batch: RecordBatch) => fetcher.fetch(batch);
    const scheduler = new CallScheduler(rateLimiter, clock);
    this.#scheduler = scheduler;
    this.#coalescer = new Coalescer({ rateLimiter, clock, scheduler, maxBatchSize: batchSize, send });
    this.decoder = new RowDecoder(options.decoders, clock);
    this.store = this.#createStore(cache);
    this.pages = this.#createPageStore();
  }

  #createFetcher(): BatchFetcher {
    const { rateLimiter, dailyCap, clock, observer } = this.#options;
    const { ids: calls, health } = this.#calls;
    return new BatchFetcher({
      ...{ rateLimiter, clock, observer },
      calls: new CappedCalls({ calls, rateLimiter, dailyCap }),
      isolatedIds: new IsolatedIds(clock),
      isHostHealthy: () => health.breaker.phase === 'closed',
      onRows: (lane, key, rows) => this.#kept.keep(lane, key, rows),
    });
  }

  #createPageStore(): PageStore {
    const { cacheMessageBodies, pageCache, privatePageCache, pageClaims } = this.#options;
    const isPrivate = ({ detail }: RecordLane) => detail.messageBody && !cacheMessageBodies;
    return new PageStore({
      ...this.#options,
      calls: this.#calls.pages,
      reserveRecords: (lane, records) => this.#calls.reserveRecords(lane, records),
      scheduler: this.#scheduler,
      cacheOf: (lane) => (isPrivate(lane) ? privatePageCache : pageCache),
      claimsOf: (lane) => (isPrivate(lane) ? ownClaims : pageClaims),
      throwIfUnavailable: (lane) => this.#calls.throwIfUnavailable(lane),
      onRows: (lane, rows) => void this.#kept.keepPage(lane, rows),
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
        refusalOf: (lane) => this.#calls.health.refusalOf(lane),
      }),
      load: (...lookup) => this.#load(...lookup),
    });
  }

  #load(
    lookup: LaneLookup<RecordLane>,
    operation: Operation,
    onOutcome: (outcome: LookupOutcome) => void,
  ): Promise<LookupResult> {
    try {
      this.#calls.throwIfUnavailable(lookup.lane);
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
    return this.#calls.sent;
  }

  /** Records that Vonage returned, and so billed. */
  get recordsBilled(): number {
    return this.#calls.recordsBilled;
  }

  /** Rows that belonged to no id of their call. */
  get unattributedRows(): number {
    return this.#calls.ids.unattributedRows;
  }

  /** The breaker's phase: calls are made, paused after failures, or tried. */
  get breakerPhase(): string {
    return this.#calls.health.breaker.phase;
  }

  /** Gauges and counters of the engine. Lists hold at most a thousand entries. */
  stats(): RecordEngineStats {
    return {
      ...this.#calls.health.stats(),
      queue: this.#coalescer.stats(),
      tokensAvailable: this.#tokensAvailable,
      recordsLeft: this.#options.dailyCap?.recordsLeft,
      estimatedWaitMs: this.#coalescer.estimateMs(1),
      rememberedMisses: this.#misses.size,
      driftedIdFields: this.#calls.ids.driftedIdFields,
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
