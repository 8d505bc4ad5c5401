import type { Clock } from '../clock.js';
import type { UsageRecord } from '../records/base.js';
import type { LaneLookup } from '../traffic/batching/lane.js';
import type { LookupScope, RecordLane, Rows } from './lookup/lanes.js';
import { type Lookup, LookupPreparation, type PreparedScope, type SearchOrder } from './lookup/lookup.js';
import type { LookupPlan } from './lookup/lookup-plan.js';
import {
  type CachedRows,
  CallingSearch,
  type FoundRows,
  type Hit,
  type SearchSource,
  search,
} from './lookup/search.js';
import type { Exclusion, SearchExclusions } from './lookup/search-exclusions.js';
import type { Operation, QuotaHold } from './operation.js';
import { type RetrievalObserver, refusalOf } from './retrieval-observer.js';
import type { RowDecoder } from './row-decoder.js';
import type { RowsCache } from './rows-cache.js';
import type { LookupOutcome, LookupResult } from './usage-meter.js';

/** Every record of one id; none when no lane that was searched knows it. */
export interface Records extends ReadonlyArray<UsageRecord> {
  /** True when Vonage has more records of the id than it returns at once, so that some are missing here. */
  readonly isIncomplete?: boolean;
}

/** Some of the records of an id, which are incomplete where all of them were. */
export function filterRecords(records: Records, isMeant: (record: UsageRecord) => boolean): Records {
  const meant = records.filter(isMeant);
  return records.isIncomplete ? Object.assign(meant, { isIncomplete: true }) : meant;
}

export interface RecordStoreOptions {
  readonly clock: Clock;
  readonly decoder: RowDecoder;
  readonly cache: RowsCache;
  readonly order: SearchOrder;
  readonly exclusions: SearchExclusions;
  readonly observer?: RetrievalObserver | undefined;
  /**
   * Asks Vonage for one id in one lane. Rejects with a GatewayError.
   *
   * @param onOutcome gets the outcome of the pending lookup once, also when the operation does not wait for it any more
   */
  load(
    lookup: LaneLookup<RecordLane>,
    operation: Operation,
    onOutcome: (outcome: LookupOutcome) => void,
  ): Promise<LookupResult>;
}

/** Finds records: in the caches, and else with as few calls as all operations together need. */
export class RecordStore {
  readonly #options: RecordStoreOptions;
  readonly #preparation: LookupPreparation;

  constructor(options: RecordStoreOptions) {
    this.#options = options;
    this.#preparation = new LookupPreparation(options.order);
  }

  /** Prepares a scope, which the ids of one field share. */
  scope(scope: LookupScope): PreparedScope {
    return this.#preparation.scope(scope);
  }

  /** Prepares the lookup of one id. */
  lookup(id: string, scope: PreparedScope): Lookup {
    return this.#preparation.lookup(id, scope);
  }

  /** The records of a lookup where memory knows them; else the lookup as `load` takes it. */
  find(lookup: Lookup, operation: Operation): Records | UnansweredLookup {
    const source = new LookupSource(this, lookup, operation, this.#options);
    const hit = search(lookup.lanes, source);
    if (hit instanceof CallingSearch) return new UnansweredLookup(source, hit);
    this.#options.observer?.onLookupEnded(hit ? 'found' : 'not_found');
    return this.#recordsOf(lookup, hit, operation);
  }

  /** The records of each lookup, in the same order. A promise rejects with a GatewayError when no lane could tell. */
  load(lookups: readonly UnansweredLookup[]): readonly Promise<Records>[] {
    return lookups.map(({ source, search }) => {
      const { lookup, operation } = source;
      operation.cacheDependencies.markUncacheable();
      return this.#observed(search.run())
        .finally(() => source.end())
        .then((found) => this.#recordsOf(lookup, found, operation));
    });
  }

  /** Whether memory still holds these very rows: they have not expired, made room, or been replaced. */
  isFresh(lookup: LaneLookup<RecordLane>, rows: Rows): boolean {
    return this.#options.cache.peek(lookup) === rows;
  }

  /** Plans a lookup without making it. */
  async plan(lookup: Lookup, plan: LookupPlan): Promise<void> {
    const { id, key, lanes } = lookup;
    const { cache, exclusions } = this.#options;
    const cached = await Promise.all(lanes.map((lane) => cache.peek({ lane, id, key })));
    if (cached.some((rows) => rows && rows.length > 0)) plan.recordCacheHit();
    else
      plan.recordLookup(
        key,
        lanes.filter((lane, index) => cached[index] === undefined && !exclusions.of(lane, lookup)),
      );
  }

  #observed(hit: Promise<Hit | undefined>): Promise<Hit | undefined> {
    const { observer } = this.#options;
    if (!observer) return hit;
    return hit.then(
      (found) => {
        observer.onLookupEnded(found ? 'found' : 'not_found');
        return found;
      },
      (error) => {
        observer.onLookupEnded('failed');
        throw error;
      },
    );
  }

  #recordsOf({ id, lanes }: Lookup, hit: Hit | undefined, { sees }: Operation): Records {
    if (!hit) return [];
    if (lanes.length > 1) this.#options.order.learn(id, hit.lane);
    const { decoder } = this.#options;
    const finding = { lane: hit.lane, id, sees };
    const records = hit.rows.flatMap((_row, place) => decoder.decode(hit.rows, place, finding) ?? []);
    return hit.isComplete ? records : Object.assign(records, { isIncomplete: true });
  }
}

/** A lookup that memory could not answer, and the rest of its search. */
export class UnansweredLookup {
  readonly source: LookupSource;
  readonly search: CallingSearch;

  constructor(source: LookupSource, search: CallingSearch) {
    this.source = source;
    this.search = search;
  }
}

/** Where one lookup looks: in the caches, and in what Vonage answers. */
class LookupSource implements SearchSource {
  readonly lookup: Lookup;
  readonly operation: Operation;
  readonly #owner: RecordStore;
  readonly #options: RecordStoreOptions;
  #hold: QuotaHold | undefined;

  constructor(owner: RecordStore, lookup: Lookup, operation: Operation, options: RecordStoreOptions) {
    this.#owner = owner;
    this.lookup = lookup;
    this.operation = operation;
    this.#options = options;
  }

  peek(lane: RecordLane): CachedRows {
    const { id, key } = this.lookup;
    return this.#options.cache.peek({ lane, id, key });
  }

  onCached(lane: RecordLane, rows: Rows): void {
    const { id, key } = this.lookup;
    this.operation.meter.recordCacheHit(id, lane, rows);
    if (rows.length > 0) this.#options.observer?.onRecordsSaved(lane.product, 'cache', rows.length);
    this.operation.cacheDependencies.add({ owner: this.#owner, lookup: { lane, id, key }, rows });
  }

  exclusionOf(lane: RecordLane): Exclusion | undefined {
    return this.#options.exclusions.of(lane, this.lookup);
  }

  onLeftOut(lane: RecordLane, { reason }: Exclusion): void {
    this.operation.meter.recordLeftOut(this.lookup.id, lane, reason);
  }

  /** The quota comes after the caches: a caller whose quota is used up still gets every record that is cached. */
  async load(lane: RecordLane): Promise<FoundRows> {
    const { id, key } = this.lookup;
    const { load, clock, observer } = this.#options;
    const startedAtMs = clock.now();
    const record = (outcome: LookupOutcome) => {
      const refusal = observer && refusalOf(outcome);
      if (refusal) observer.onLookupRefused(refusal);
      return this.operation.meter.recordOutcome(id, lane, outcome, startedAtMs);
    };
    this.#hold ??= this.operation.holdQuota?.();
    try {
      await this.#hold?.open();
    } catch (error) {
      record({ error });
      throw error;
    }
    return load({ lane, id, key }, this.operation, (outcome) => {
      const records = record(outcome);
      this.#hold?.close(records);
    });
  }

  /** Tells that no further lane is asked. */
  end(): void {
    this.#hold?.end();
  }
}
