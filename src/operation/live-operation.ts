import type { Principal } from '../access/principal.js';
import type { Product } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import type { OperationCost } from '../limits/estimate-cost.js';
import type { UsageRecord } from '../records/base.js';
import type { SelectedContent } from '../retrieval/lookup/lanes.js';
import type { Operation } from '../retrieval/operation.js';
import { filterRecords, type Records } from '../retrieval/record-store.js';
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
import { RecordLoader } from './record-loader.js';

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
