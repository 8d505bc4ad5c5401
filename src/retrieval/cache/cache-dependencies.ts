import { rulesOf } from '../../catalogue/products.js';
import { isFinalRow } from '../../records/finality.js';
import type { LaneLookup } from '../../traffic/batching/batch.js';
import type { RecordLane, Rows } from '../lookup/lanes.js';

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
