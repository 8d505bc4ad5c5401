import type { Principal } from '../access/principal.js';
import type { Product } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import type { OperationCost } from '../limits/cost/estimate-cost.js';
import type { UsageRecord } from '../records/base.js';
import { CacheDependencies, type CachedRows } from '../retrieval/cache/cache-dependencies.js';
import type { SelectedContent } from '../retrieval/lookup/lanes.js';
import type { Lookup } from '../retrieval/lookup/lookup.js';
import type { Operation } from '../retrieval/operation.js';
import { filterRecords, type RecordStore, type Records } from '../retrieval/record-store.js';
import { UsageMeter } from '../retrieval/usage-meter.js';
import { refusedByVonage } from '../retrieval/verification/refused-pairs.js';
import { isVisibleTo } from './authorize.js';
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
import { createRecordLoader, type RecordLoader } from './record-loader.js';
import { TargetPreparation } from './target-preparation.js';

/** An operation that looks records up. */
export class LiveOperation implements OperationService {
  readonly #scope: OperationScope;
  readonly #options: OperationOptions;
  readonly #quota: CallerQuota;
  readonly #meter = new UsageMeter();
  readonly #cacheDependencies = new CacheDependencies();
  readonly #cacheControl = new CacheControl();
  readonly #loader: RecordLoader;
  readonly #targets: TargetPreparation;
  readonly #listing: RecordListing;
  readonly #operation: Operation;
  #ids = 0;

  constructor(scope: OperationScope, options: OperationOptions) {
    const { principal } = scope;
    this.#scope = scope;
    this.#options = options;
    this.#quota = options.quotaOf(principal);
    this.#targets = new TargetPreparation(principal, options);
    this.#listing = new RecordListing(principal, options);
    this.#operation = this.#retrievalOperation();
    this.#loader = createRecordLoader((store, lookups) => this.#findAll(store, lookups));
  }

  admit({ ids }: OperationCost): void | Promise<void> {
    const { rejection } = this.#scope;
    if (rejection) throw rejection.error;
    this.#ids = ids;
    return this.#quota.admit(ids);
  }

  chargeRejection(): void {
    this.#quota.chargeOne();
  }

  async find(target: Target, content: SelectedContent): Promise<Records> {
    const records = await this.#loader.load(this.#targets.prepare(target, content));
    const { globalId, scope } = target;
    const { principal } = this.#scope;
    if (globalId === null && principal.accounts === 'any') return records;
    const isMeant = (record: UsageRecord) =>
      (globalId === null || record.id === globalId) && isVisibleTo(record, scope.accountId, principal);
    return records.every(isMeant) ? records : filterRecords(records, isMeant);
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

  #retrievalOperation(): Operation {
    const { principal, signal, deadlineAtMs, spanContext } = this.#scope;
    const { hold, reserve } = this.#quota;
    return {
      signal,
      deadlineAtMs,
      meter: this.#meter,
      cacheDependencies: this.#cacheDependencies,
      sees: { numbers: principal.has('records:numbers'), content: principal.has('records:content') },
      ...(spanContext && { spanContext }),
      ...(hold && { holdQuota: hold }),
      ...(reserve && { reserveRecords: reserve }),
    };
  }

  #findAll(store: RecordStore, lookups: readonly Lookup[]): readonly (Records | Promise<Records>)[] {
    return store.find(lookups, this.#operation).map((records) => this.#observed(records));
  }

  #observed(records: Records | Promise<Records>): Records | Promise<Records> {
    if (!(records instanceof Promise)) return this.#observe(records);
    return records.then(
      (found) => this.#observe(found),
      (error) => {
        throw toCredentialError(error, this.#scope.principal);
      },
    );
  }

  #observe(records: Records): Records {
    this.#cacheControl.record(records);
    if (records.length > 0) return records;
    this.#quota.chargeOne();
    // A cached response would not charge the miss, and the record can appear at any time.
    this.#cacheDependencies.markUncacheable();
    return records;
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
