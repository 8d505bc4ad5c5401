import type { ProductRules } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import type { Clock } from '../clock.js';
import type { WireRow } from '../records/base.js';
import { isFinalRow, occurredAt } from '../records/finality.js';
import type { LaneLookup } from '../traffic/batching/lane.js';
import type { Cache, Codec } from '../traffic/cache/cache.js';
import { isReasonableRow } from '../vonage/records-response.js';
import type { RecordLane, Rows } from './lookup/lanes.js';

export interface CachePolicy {
  /** Milliseconds for which rows that cannot change any more are kept; 0 keeps none. */
  readonly finalTtlMs: number;
  /** The same for rows that may still change. */
  readonly pendingTtlMs: number;
  /** The same for ids that were not found: a record may be written a moment after it was asked for. */
  readonly notFoundTtlMs: number;
}

/** Vonage can add a row to an id that has several while the event is recent; afterwards the rows are complete. */
const completeAfterMs = 72 * 60 * 60 * 1000;

/** Milliseconds for which rows are cached. */
function timeToLiveMs(rows: Rows, rules: ProductRules, policy: CachePolicy, nowMs: number): number {
  if (rows.length === 0) return policy.notFoundTtlMs;
  const settled = rows.every((row) => isFinalRow(row, rules, nowMs) && isComplete(row, rules, nowMs));
  return settled ? policy.finalTtlMs : policy.pendingTtlMs;
}

function isComplete(row: Rows[number], rules: ProductRules, nowMs: number): boolean {
  if (rules.rowsPerId === 'one') return true;
  const moment = occurredAt(row, rules);
  return moment !== null && nowMs - moment.getTime() >= completeAfterMs;
}

/** The row without the text of its message. */
export function withoutMessageBody(row: WireRow): WireRow {
  if (!Object.hasOwn(row, 'message_body')) return row;
  const { message_body: _text, ...rest } = row;
  return rest;
}

export interface RowsCacheOptions {
  readonly cache: Cache<Rows>;
  readonly policy: CachePolicy;
  readonly clock: Clock;
  /** Names the credentials that the rows were read with; callers with other credentials never see them. */
  readonly space: string;
  /** Whether message texts are cached. Without it a row is cached without its text. */
  readonly cacheMessageBodies: boolean;
}

/** The rows of recent responses, so that a record that will not change is never paid for twice. */
export class RowsCache {
  readonly #options: RowsCacheOptions;

  constructor(options: RowsCacheOptions) {
    this.#options = options;
  }

  /**
   * The rows that are cached for a lookup, with the detail that it asks for or with more; at once where memory has them.
   * Undefined when Vonage must be asked.
   */
  peek({ lane, key }: LaneLookup<RecordLane>): Rows | undefined | Promise<Rows | undefined> {
    if (this.#options.cacheMessageBodies) return this.#firstCached(lane.name, lane.servedBy, key);
    return lane.detail.messageBody ? undefined : this.#firstCached(lane.name, lane.servedWithoutBody, key);
  }

  /** Caches the rows of an id. A text that must not be cached is left out, and the rest of its row is cached. */
  store(lane: RecordLane, key: string, rows: Rows): void {
    const { cache, policy, clock, cacheMessageBodies } = this.#options;
    const ttlMs = timeToLiveMs(rows, rulesOf(lane.product), policy, clock.now());
    const name = cacheMessageBodies ? lane.name : lane.nameWithoutBody;
    cache.set(this.#keyOf(name, key), cacheMessageBodies ? rows : rows.map(withoutMessageBody), ttlMs);
  }

  #firstCached(
    name: string,
    [next, ...others]: readonly string[],
    key: string,
  ): Rows | undefined | Promise<Rows | undefined> {
    const cached = this.#options.cache.get(this.#keyOf(name, key));
    const orNext = (rows: Rows | undefined) =>
      rows ?? (next === undefined ? undefined : this.#firstCached(next, others, key));
    return cached instanceof Promise ? cached.then(orNext) : orNext(cached);
  }

  #keyOf(laneName: string, key: string): string {
    return `${this.#options.space}/${laneName}/${key}`;
  }
}

/** The same bound as for Vonage's responses: more rows would block the event loop. */
const maxRows = 10_000;

/** Rows as text for a shared cache. What comes back is checked to be a list of objects; decoders trust it no further. */
export const rowsCodec: Codec<Rows> = {
  encode: (rows) => JSON.stringify(rows),
  decode(text) {
    try {
      const value: unknown = JSON.parse(text);
      return isRows(value) ? value : undefined;
    } catch {
      return undefined;
    }
  },
};

/** Tells whether a value out of a shared cache is a list of rows. */
export function isRows(value: unknown): value is Rows {
  return Array.isArray(value) && value.length <= maxRows && value.every(isRow);
}

function isRow(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isReasonableRow(value);
}

/** What an object costs beside its texts: its header, its keys' slots, the cache's own entry. */
const overheadBytes = 256;

/** Bytes that rows take in memory, roughly: two for each character of their keys and values. */
export function sizeOfRows(rows: Rows): number {
  let characters = 0;
  for (const row of rows)
    for (const key of Object.keys(row)) characters += key.length + charactersOf(row[key]);
  return overheadBytes * (1 + rows.length) + 2 * characters;
}

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 8;
}

/** The store of one API key's rows. */
interface RowsOwner {
  /** Whether memory still holds these very rows: they have not expired, made room, or been replaced. */
  isFresh(lookup: LaneLookup<RecordLane>, rows: Rows): boolean;
}

/** Rows that memory answered one lookup with. */
export interface CachedRows {
  readonly owner: RowsOwner;
  readonly lookup: LaneLookup<RecordLane>;
  readonly rows: Rows;
}

/**
 * The cached rows that the response to an operation rests on. A response that rests on nothing but final records in memory
 * stays the same for as long as memory holds these very rows.
 */
export class CacheDependencies {
  readonly #rows: CachedRows[] = [];
  #isCacheable = true;

  /** Adds rows that memory answered with. */
  add(cached: CachedRows): void {
    this.#rows.push(cached);
  }

  /** Tells that the response also rests on something else: a call, or an error. */
  markUncacheable(): void {
    this.#isCacheable = false;
  }

  /** Whether memory still holds every row that the response rests on. */
  isFresh(): boolean {
    return this.#rows.every(({ owner, lookup, rows }) => owner.isFresh(lookup, rows));
  }

  /** The rows that the response rests on, where time alone cannot change them; undefined where the response must be made anew. */
  cacheableAt(nowMs: number): readonly CachedRows[] | undefined {
    const isCacheable =
      this.#isCacheable &&
      this.#rows.length > 0 &&
      this.#rows.every(({ lookup: { lane }, rows }) =>
        rows.every((row) => isFinalRow(row, rulesOf(lane.product), nowMs)),
      );
    return isCacheable ? this.#rows : undefined;
  }
}
