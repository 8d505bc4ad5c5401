import { canonicalId, isVonageId } from '../catalogue/ids.js';
import { Direction } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import { inSteps } from '../event-loop.js';
import type { WireRow } from '../records/base.js';
import { type RecordLane, type Rows, recordLane } from './lookup/lanes.js';
import type { MissedLanes } from './lookup/search-exclusions.js';
import type { RowsCache } from './rows-cache.js';

/** Gets the rows of each id once, as soon as they are known; not those of an id that has more than Vonage returns. */
export type OnRows = (lane: RecordLane, rows: Rows) => void;

/** What calls brought, for later lookups: rows in the cache, and the lanes in which an id was missed. */
export class KeptRows {
  readonly #cache: RowsCache;
  readonly #misses: MissedLanes;
  readonly #onRows: OnRows | undefined;

  constructor(cache: RowsCache, misses: MissedLanes, onRows: OnRows | undefined) {
    this.#cache = cache;
    this.#misses = misses;
    this.#onRows = onRows;
  }

  /** Keeps the rows of one id; none means that the id was missed. */
  keep(lane: RecordLane, key: string, rows: Rows): void {
    this.#cache.store(lane, key, rows);
    if (rows.length === 0) this.#misses.record(lane, key);
    else this.#misses.forget(lane, key);
    this.#onRows?.(lane, rows);
  }

  /** Lets later lookups by id have the rows of a page, in steps between which other events have their turn. */
  async keepPage(lane: RecordLane, rows: Rows): Promise<void> {
    for await (const step of inSteps(rows)) {
      this.#onRows?.(lane, step);
      for (const found of rowsById(lane, step)) {
        this.#cache.store(found.lane, found.key, found.rows);
        this.#misses.forget(found.lane, found.key);
      }
    }
  }
}

/** Rows of a page that are all rows of an id, in a lane in which a lookup can ask for it. */
interface RowsOfId {
  readonly lane: RecordLane;
  readonly key: string;
  readonly rows: Rows;
}

/**
 * What the rows of a page tell about single ids. Nothing for a product whose ids can have several rows: the page can hold
 * some of them only.
 */
function rowsById(lane: RecordLane, rows: Rows): readonly RowsOfId[] {
  const { rowsPerId, idFields, direction } = rulesOf(lane.product);
  const [idField] = idFields;
  if (rowsPerId !== 'one' || idField === undefined) return [];
  const byKey = new Map<string, WireRow[]>();
  for (const row of rows) {
    const id = Object.hasOwn(row, idField) ? row[idField] : undefined;
    if (typeof id !== 'string' || !isVonageId(id.trim())) continue;
    const key = canonicalId(id.trim());
    const own = byKey.get(key);
    if (own) own.push(row);
    else byKey.set(key, [row]);
  }
  return [...byKey].flatMap(([key, own]) =>
    (direction === 'optional' ? lanesOf(lane, own) : [lane]).map((each) => ({ lane: each, key, rows: own })),
  );
}

/** Where the direction is optional, a lookup can name none, or that of the row. */
function lanesOf(lane: RecordLane, [row]: Rows): readonly RecordLane[] {
  const own = Object.values(Direction).find((each) => each === row?.direction);
  const { accountId, product, detail } = lane;
  const directions = new Set([lane.direction, null, ...(own ? [own] : [])]);
  return [...directions].map((direction) => recordLane({ accountId, product, direction }, detail));
}
