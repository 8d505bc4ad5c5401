import { inSteps } from '../event-loop.js';
import type { RowsCache } from './cache/rows-cache.js';
import type { RecordLane, Rows } from './lookup/lanes.js';
import type { MissedLanes } from './lookup/missed-lanes.js';
import { rowsById } from './pages/rows-by-id.js';

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
