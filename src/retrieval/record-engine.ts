import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Decoder } from '../records/decode.js';
import type { RecordTypeEntry } from '../records/record-types.js';
import { Coalescer } from '../traffic/batching/coalescer.js';
import type { Cache } from '../traffic/cache/cache.js';
import type { RateLimiter } from '../traffic/rate-limit/rate-limiter.js';
import type { Bulkhead } from '../traffic/resilience/bulkhead.js';
import { CircuitBreaker } from '../traffic/resilience/circuit-breaker.js';
import type { Credentials } from '../vonage/credentials.js';
import { RefusedCredentials } from '../vonage/refused-credentials.js';
import type { CachePolicy } from './cache/rows-cache.js';
import { RowsCache } from './cache/rows-cache.js';
import { BatchFetcher, type RecordsSource } from './calls/batch-fetcher.js';
import type { RecordLane } from './lookup/lanes.js';
import type { LookupPlan, Plan } from './lookup/lookup-plan.js';
import type { LookupResult, Rows } from './lookup/lookup-result.js';
import { SearchOrder } from './lookup/search-order.js';
import { RecordStore } from './record-store.js';

export interface RecordEngineOptions {
  readonly source: RecordsSource;
  /** The credentials as they are now: a secret may be changed at any time, the key it belongs to stays. */
  credentials(): Credentials;
  /** Sets apart in the cache what was read with these credentials; equal ones share it. */
  readonly cacheSpace: string;
  readonly rateLimiter: RateLimiter;
  /** What calls pass until Vonage has answered one; undefined where the credentials are the operator's. */
  readonly unverifiedKeysBulkhead?: Bulkhead | undefined;
  readonly clock: Clock;
  readonly cache: Cache<Rows>;
  readonly cachePolicy: CachePolicy;
  readonly cacheMessageBodies: boolean;
  readonly batchSize: number;
  readonly decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
  /** A number from 0 up to, not including, 1; spreads retries. */
  readonly random: () => number;
  /** Told of every 429, and for how many milliseconds everything pauses. */
  onRateLimited?(pauseMs: number): void;
  /** Gets every answer of Vonage once. */
  onAnswer?(lane: RecordLane, rows: Rows): void;
}

/** Everything that finds the records of one API key, wired together: one budget, one queue, one cache. */
export class RecordEngine {
  readonly store: RecordStore;
  readonly #options: RecordEngineOptions;
  readonly #coalescer: Coalescer<RecordLane, LookupResult>;
  readonly #fetcher: BatchFetcher;
  readonly #breaker: CircuitBreaker;
  readonly #refused: RefusedCredentials;

  constructor(options: RecordEngineOptions) {
    const { clock, rateLimiter, batchSize } = options;
    const cache = new RowsCache({ ...options, policy: options.cachePolicy, space: options.cacheSpace });
    this.#options = options;
    this.#refused = new RefusedCredentials(clock);
    this.#breaker = new CircuitBreaker({ clock, isFailure: isUpstreamFailure });
    this.#fetcher = new BatchFetcher({
      ...options,
      breaker: this.#breaker,
      refused: this.#refused,
      onRateLimited: (pauseMs) => options.onRateLimited?.(pauseMs),
      onAnswer: (lane, key, rows) => {
        cache.store(lane, key, rows);
        options.onAnswer?.(lane, rows);
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
      load: async (lookup, operation) => {
        this.#breaker.refuseWhileOpen();
        this.#refused.throwIfRefused(options.credentials());
        return this.#coalescer.load(lookup, operation);
      },
    });
  }

  /** What a plan's look-ups would cost now. */
  price(plan: LookupPlan): Plan {
    return plan.toPlan(this.#options.batchSize, (calls) => this.#coalescer.estimateMs(calls));
  }

  /** Ids that wait for a call. */
  get waiting(): number {
    return this.#coalescer.waiting;
  }

  /** Whether ids that fill a call wait for the rate. */
  get isBacklogged(): boolean {
    return this.#coalescer.isBacklogged;
  }

  /** Ids that were sent and have no outcome yet. */
  get inFlight(): number {
    return this.#coalescer.inFlight;
  }

  /** Look-ups without an outcome; several may be for the same id. */
  get pending(): number {
    return this.#coalescer.pending;
  }

  /** Lanes with ids that wait or are in flight. */
  get lanes(): number {
    return this.#coalescer.lanes;
  }

  /** Calls made, repeated ones included. */
  get calls(): number {
    return this.#fetcher.calls;
  }

  /** Records returned, and so billed. */
  get recordsBilled(): number {
    return this.#fetcher.recordsBilled;
  }

  /** Whether Vonage has answered a call, and so accepted the credentials. */
  get hasResponded(): boolean {
    return this.#fetcher.hasResponded;
  }

  /** Rows that belonged to no id asked for. */
  get unattributedRows(): number {
    return this.#fetcher.unattributedRows;
  }

  /** Whether calls are made, paused after failures, or tried. */
  get breakerPhase(): string {
    return this.#breaker.phase;
  }
}

/** No answer, or one of a server in trouble. A 4xx is about the call, and a 429 about the rate. */
function isUpstreamFailure(error: unknown): boolean {
  const code = error instanceof GatewayError ? error.code : undefined;
  return code === 'UPSTREAM_UNAVAILABLE' || code === 'UPSTREAM_TIMEOUT' || code === 'UPSTREAM_MALFORMED';
}
