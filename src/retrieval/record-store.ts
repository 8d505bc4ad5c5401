import { canonicalId } from '../catalogue/ids.js';
import { rulesOf } from '../catalogue/products.js';
import type { Clock } from '../clock.js';
import type { UsageRecord, WireRow } from '../records/base.js';
import type { Decoder } from '../records/decode.js';
import type { Visibility } from '../records/record-mask.js';
import { type RecordTypeEntry, recordTypeOf } from '../records/record-types.js';
import type { Lookup } from '../traffic/batching/coalescer.js';
import type { RowsCache } from './cache/rows-cache.js';
import { withoutMessageBody } from './cache/rows-cache.js';
import type { RecordLane, RecordRequest } from './lookup/lanes.js';
import { CandidateLanes } from './lookup/lanes.js';
import type { LookupPlan } from './lookup/lookup-plan.js';
import type { LookupResult, Rows } from './lookup/lookup-result.js';
import { type Hit, search, searchCached } from './lookup/search.js';
import type { SearchOrder } from './lookup/search-order.js';
import type { Operation } from './operation.js';

export interface RecordStoreOptions {
  readonly clock: Clock;
  readonly decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
  readonly cache: RowsCache;
  readonly order: SearchOrder;
  /** Asks Vonage for one id in one lane. Rejects with a GatewayError. */
  load(lookup: Lookup<RecordLane>, operation: Operation): Promise<LookupResult>;
}

/** Finds records: in the cache, and else with as few calls as all callers together need. */
export class RecordStore {
  readonly #options: RecordStoreOptions;
  readonly #candidates = new CandidateLanes();

  constructor(options: RecordStoreOptions) {
    this.#options = options;
  }

  /** Every record of an id; none when no lane that was asked knows it. Rejects with a GatewayError when none could tell. */
  async find(request: RecordRequest, operation: Operation): Promise<readonly UsageRecord[]> {
    operation.cacheDependencies.markUncacheable();
    const lanes = this.#lanesOf(request);
    const hit = await search(lanes, {
      load: (lane) => this.#rowsIn(lane, request.id, operation),
      cached: (lane) => this.#cachedRowsIn(lane, request.id, operation),
    });
    return this.#recordsOf(request, lanes, hit, operation);
  }

  /** The same records at once when memory alone tells; undefined, and nothing noted, when anybody must be asked. */
  findCached(request: RecordRequest, operation: Operation): readonly UsageRecord[] | undefined {
    const { id } = request;
    const key = canonicalId(id);
    const lanes = this.#lanesOf(request);
    const found = searchCached(lanes, (lane) => {
      const rows = this.#options.cache.peek({ lane, id, key });
      return rows instanceof Promise ? undefined : rows;
    });
    if (!found) return undefined;
    for (const { lane, rows } of found.looked) {
      operation.meter.recordCacheHit(id, lane, rows);
      operation.cacheDependencies.note({ owner: this, lookup: { lane, id, key }, rows });
    }
    return this.#recordsOf(request, lanes, found.hit, operation);
  }

  /** Whether memory still holds these very rows: they have not expired, made room, or been replaced. */
  isFresh(lookup: Lookup<RecordLane>, rows: Rows): boolean {
    return this.#options.cache.peek(lookup) === rows;
  }

  /** Notes what a look-up would cost, and makes none. */
  async plan(request: RecordRequest, plan: LookupPlan): Promise<void> {
    const { cache } = this.#options;
    const lanes = this.#lanesOf(request);
    const key = canonicalId(request.id);
    const cached = await Promise.all(lanes.map((lane) => cache.peek({ lane, id: request.id, key })));
    if (cached.some((rows) => rows && rows.length > 0)) plan.noteCacheHit();
    else
      plan.noteLookup(
        key,
        lanes.filter((_lane, index) => cached[index] === undefined),
      );
  }

  /** The lanes to look in, the likeliest first. */
  #lanesOf(request: RecordRequest): readonly RecordLane[] {
    return this.#options.order.sort(request.id, this.#candidates.of(request));
  }

  #recordsOf(
    { id }: RecordRequest,
    lanes: readonly RecordLane[],
    hit: Hit | undefined,
    { sees }: Operation,
  ): readonly UsageRecord[] {
    if (!hit) return [];
    if (lanes.length > 1) this.#options.order.learn(id, hit.lane);
    return hit.rows.flatMap((row) => this.#decode(row, hit.lane, id, sees) ?? []);
  }

  async #rowsIn(lane: RecordLane, id: string, operation: Operation) {
    const startedAtMs = this.#options.clock.now();
    try {
      const result = await this.#result({ lane, id, key: canonicalId(id) }, operation);
      operation.meter.noteAnswer(id, lane, result, startedAtMs);
      return result.rows;
    } catch (error) {
      operation.meter.noteFailure(id, lane, error);
      throw error;
    }
  }

  async #cachedRowsIn(lane: RecordLane, id: string, operation: Operation): Promise<Rows> {
    const rows = (await this.#options.cache.peek({ lane, id, key: canonicalId(id) })) ?? [];
    if (rows.length > 0) operation.meter.recordCacheHit(id, lane, rows);
    return rows;
  }

  async #result(lookup: Lookup<RecordLane>, operation: Operation): Promise<LookupResult> {
    const cached = await this.#options.cache.peek(lookup);
    return cached ? { rows: cached, call: null } : this.#options.load(lookup, operation);
  }

  /** A fuller row that was fetched for somebody else must not show its text to one who did not select it. */
  #decode(row: WireRow, lane: RecordLane, id: string, sees: Visibility): UsageRecord | undefined {
    const type = recordTypeOf(lane.product, lane.direction);
    const decode = type && this.#options.decoders.get(type);
    return decode?.(lane.detail.messageBody ? row : withoutMessageBody(row), {
      rules: rulesOf(lane.product),
      accountId: lane.accountId,
      direction: lane.direction,
      id,
      nowMs: this.#options.clock.now(),
      sees,
    });
  }
}
