import DataLoader from 'dataloader';
import type { Principal } from '../access/principal.js';
import type { Product } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import type { OperationCost } from '../limits/estimate-cost.js';
import type { UsageRecord } from '../records/base.js';
import type { SelectedContent } from '../retrieval/lookup/lanes.js';
import type { Lookup } from '../retrieval/lookup/lookup.js';
import type { Operation } from '../retrieval/operation.js';
import {
  filterRecords,
  type RecordStore,
  type Records,
  UnansweredLookup,
} from '../retrieval/record-store.js';
import { refusedByVonage } from '../retrieval/refused-pairs.js';
import { CacheDependencies, type CachedRows } from '../retrieval/rows-cache.js';
import { UsageMeter } from '../retrieval/usage-meter.js';
import { isVisibleTo, TargetPreparation } from './authorize.js';
import { CacheControl } from './cache-control.js';
import type { CallerQuota } from './caller-quota.js';
import type { OperationSpending } from './operation-report.js';
import type {
  CacheableResponse,
  ListTarget,
  OperationOptions,
  OperationScope,
  OperationService,
  RecordList,
  Target,
  UsageReport,
} from './operation-service.js';
import { RecordListing } from './record-listing.js';

/** An operation that looks records up. */
export class LiveOperation implements OperationService {
  readonly #scope: OperationScope;
  readonly #options: OperationOptions;
  readonly #rejection: OperationScope['rejection'];
  readonly #quota: CallerQuota;
  readonly #meter = new UsageMeter();
  readonly #cacheDependencies = new CacheDependencies();
  readonly #cacheControl = new CacheControl();
  readonly #loader: RecordLoader;
  readonly #targets: TargetPreparation;
  readonly #listing: RecordListing;
  readonly #operation: Operation;
  #ids = 0;

  /** @param rejection the error with which the operation is rejected */
  constructor(scope: OperationScope, options: OperationOptions, rejection = scope.rejection) {
    const { principal } = scope;
    this.#scope = scope;
    this.#rejection = rejection;
    this.#options = options;
    this.#quota = options.quotaOf(principal);
    this.#loader = new RecordLoader({
      onFound: (records) => this.#observe(records),
      toCallerError: (error) => toCredentialError(error, principal),
    });
    this.#targets = new TargetPreparation(principal, options);
    this.#listing = new RecordListing(principal, options);
    this.#operation = new RetrievalOperation(scope, this.#quota, this.#meter, this.#cacheDependencies);
  }

  admit({ ids }: OperationCost): void | Promise<void> {
    if (this.#rejection) throw this.#rejection.error;
    this.#ids = ids;
    return this.#quota.admit(ids);
  }

  chargeRejection(): void {
    this.#quota.chargeOne();
  }

  find(target: Target, content: SelectedContent): Records | Promise<Records> {
    const { engine, lookup } = this.#targets.prepare(target, content);
    const found = this.#loader.find(engine.store, lookup, this.#operation);
    return found instanceof Promise
      ? found.then((records) => this.#visible(records, target))
      : this.#visible(found, target);
  }

  async list(target: ListTarget, content: SelectedContent): Promise<RecordList> {
    const prepared = this.#listing.prepare(target, content);
    this.#cacheDependencies.markUncacheable();
    this.#cacheControl.recordList();
    try {
      return await this.#listing.list(prepared, target, this.#operation);
    } catch (error) {
      throw toCredentialError(error, this.#scope.principal);
    }
  }

  usageReport(): UsageReport | undefined {
    const { principal, explain } = this.#scope;
    if (!principal.has('explain') || !this.#meter.hasLookups) return undefined;
    return { ...this.#meter.usage, ...(explain && { explain: this.#meter.traces }) };
  }

  spending(): OperationSpending {
    const { calls, recordsBilled } = this.#meter.usage;
    return { ids: this.#ids, calls, recordsBilled };
  }

  cacheControl(): string | undefined {
    return this.#cacheControl.header(this.#options.finalMaxAgeMs);
  }

  markUncacheable(): void {
    this.#cacheDependencies.markUncacheable();
  }

  cacheable(): CacheableResponse | undefined {
    const rows = this.#cacheDependencies.cacheableAt(this.#options.clock.now());
    const isFresh = () =>
      this.#cacheDependencies.isFresh() && (rows ?? []).every((cached) => this.#isStillAsked(cached));
    return rows && { ids: this.#ids, lookups: rows.length, savedRecords: recordsByProduct(rows), isFresh };
  }

  /** Those of the records that the target means and the caller may see. */
  #visible(records: Records, { globalId, scope }: Target): Records {
    const { principal } = this.#scope;
    if (globalId === null && principal.accounts === 'any') return records;
    const isMeant = (record: UsageRecord) =>
      (globalId === null || record.id === globalId) && isVisibleTo(record, scope.accountId, principal);
    return records.every(isMeant) ? records : filterRecords(records, isMeant);
  }

  #observe(records: Records): void {
    this.#cacheControl.record(records);
    if (records.length > 0) return;
    this.#quota.chargeOne();
    // A cached response would not charge the miss, and the record can appear at any time.
    this.#cacheDependencies.markUncacheable();
  }

  /** Whether rows would be looked for where they are cached: the key of their account can be gone, or be another one. */
  #isStillAsked({ owner, lookup }: CachedRows): boolean {
    try {
      return this.#options.engineOf(lookup.lane.accountId, this.#scope.principal).store === owner;
    } catch {
      return false;
    }
  }
}

/** The operation as retrieval sees it. */
class RetrievalOperation implements Operation {
  readonly meter: UsageMeter;
  readonly cacheDependencies: CacheDependencies;
  readonly deadlineAtMs: number;
  readonly spanContext: Operation['spanContext'];
  readonly sees: Operation['sees'];
  readonly holdQuota: Operation['holdQuota'];
  readonly reserveRecords: Operation['reserveRecords'];
  readonly #scope: OperationScope;

  constructor(scope: OperationScope, quota: CallerQuota, meter: UsageMeter, dependencies: CacheDependencies) {
    const { principal } = scope;
    this.#scope = scope;
    this.meter = meter;
    this.cacheDependencies = dependencies;
    this.deadlineAtMs = scope.deadlineAtMs;
    this.spanContext = scope.spanContext;
    this.sees = { numbers: principal.has('records:numbers'), content: principal.has('records:content') };
    this.holdQuota = quota.hold;
    this.reserveRecords = quota.reserve;
  }

  /** Read only when the operation waits, since it is made when it is first read. */
  get signal(): AbortSignal {
    return this.#scope.signal;
  }
}

function recordsByProduct(cached: readonly CachedRows[]): ReadonlyMap<Product, number> {
  const records = new Map<Product, number>();
  for (const { lookup, rows } of cached) {
    const { product } = lookup.lane;
    records.set(product, (records.get(product) ?? 0) + rows.length);
  }
  return records;
}

/** A caller who brought the key that Vonage refused is told so. */
function toCredentialError(error: unknown, { own }: Principal): unknown {
  const wasRefused = error instanceof GatewayError && error.code === 'UPSTREAM_UNAUTHORIZED';
  if (!own || !wasRefused) return error;
  return refusedByVonage();
}

/** A lookup that memory could not answer, and the store that makes its calls. */
interface StoreLookup {
  readonly store: RecordStore;
  readonly lookup: UnansweredLookup;
}

interface RecordLoaderOptions {
  /** Called once for each lookup, with what it found. */
  onFound(records: Records): void;
  /** The error that the caller gets for the failure of a lookup. */
  toCallerError(error: unknown): unknown;
}

/** Finds the records of one operation: each lookup once, and the lookups of one tick that need calls as one array. */
class RecordLoader {
  readonly #options: RecordLoaderOptions;
  /**
   * The cache of the DataLoader. A lookup that memory answers puts its records there itself: a promise for each of hundreds
   * of ids would cost more than their records.
   */
  readonly #cache = new Map<string, Records | Promise<Records>>();
  #loader: DataLoader<StoreLookup, Records, string> | undefined;

  constructor(options: RecordLoaderOptions) {
    this.#options = options;
  }

  /** The records of a lookup, at once where memory knows them. */
  find(store: RecordStore, lookup: Lookup, operation: Operation): Records | Promise<Records> {
    const cached = this.#cache.get(lookup.cacheKey);
    if (cached) return cached;
    const found = store.find(lookup, operation);
    if (found instanceof UnansweredLookup) return this.#dataLoader().load({ store, lookup: found });
    this.#options.onFound(found);
    this.#cache.set(lookup.cacheKey, found);
    return found;
  }

  /** Made for the first lookup that needs a call. */
  #dataLoader(): DataLoader<StoreLookup, Records, string> {
    this.#loader ??= new DataLoader((batch) => this.#loadBatch(batch), {
      cacheKeyFn: ({ lookup }) => lookup.source.lookup.cacheKey,
      // The loader is asked only for keys that the cache lacks, so it reads no value but its own promises.
      cacheMap: this.#cache as Map<string, Promise<Records>>,
    });
    return this.#loader;
  }

  /** DataLoader takes an Error in place of a value for the failure of one key among others. */
  async #loadBatch(batch: readonly StoreLookup[]): Promise<readonly (Records | Error)[]> {
    const found = new Map<StoreLookup, Promise<Records>>();
    for (const store of new Set(batch.map((each) => each.store))) {
      const own = batch.filter((each) => each.store === store);
      const results = store.load(own.map(({ lookup }) => lookup));
      for (const [index, each] of own.entries()) found.set(each, results[index] ?? Promise.resolve([]));
    }
    return Promise.all(batch.map((each) => this.#settle(found.get(each))));
  }

  async #settle(finding: Promise<Records> | undefined): Promise<Records | Error> {
    try {
      const records = (await finding) ?? [];
      this.#options.onFound(records);
      return records;
    } catch (error) {
      return toError(this.#options.toCallerError(error));
    }
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('A lookup was rejected without an error.', { cause: reason });
}
