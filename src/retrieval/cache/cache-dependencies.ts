import { rulesOf } from '../../catalogue/products.js';
import { isFinalRow } from '../../records/finality.js';
import type { Lookup } from '../../traffic/batching/coalescer.js';
import type { RecordLane } from '../lookup/lanes.js';
import type { Rows } from '../lookup/lookup-result.js';

/** Knows what memory holds of one API key's rows. */
interface RowsOwner {
  /** Whether memory still holds these very rows: they have not expired, made room, or been replaced. */
  isFresh(lookup: Lookup<RecordLane>, rows: Rows): boolean;
}

/** What memory answered to one look-up. */
export interface CachedRows {
  readonly owner: RowsOwner;
  readonly lookup: Lookup<RecordLane>;
  readonly rows: Rows;
}

/**
 * What the answer to an operation rests on. One that rests on nothing but final records out of memory is the same
 * answer again for as long as memory holds these very rows.
 */
export class CacheDependencies {
  readonly #rows: CachedRows[] = [];
  #isWhole = true;

  /** Notes what memory answered. */
  note(cached: CachedRows): void {
    this.#rows.push(cached);
  }

  /** Notes that the answer also rests on something else: a call, or an error. */
  markUncacheable(): void {
    this.#isWhole = false;
  }

  /** Whether memory still holds every row that the answer rests on. */
  isFresh(): boolean {
    return this.#rows.every(({ owner, lookup, rows }) => owner.isFresh(lookup, rows));
  }

  /** All that the answer rests on, where that cannot change by time alone; undefined where the answer must be made anew. */
  cacheableAt(nowMs: number): readonly CachedRows[] | undefined {
    const isRepeatable =
      this.#isWhole &&
      this.#rows.length > 0 &&
      this.#rows.every(({ lookup: { lane }, rows }) =>
        rows.every((row) => isFinalRow(row, rulesOf(lane.product), nowMs)),
      );
    return isRepeatable ? this.#rows : undefined;
  }
}
