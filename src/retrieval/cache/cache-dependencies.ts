import { rulesOf } from '../../catalogue/products.js';
import { isFinalRow } from '../../records/finality.js';
import type { LookUp } from '../../traffic/batching/coalescer.js';
import type { RecordLane } from '../lookup/lanes.js';
import type { Rows } from '../lookup/lookup-result.js';

/** Knows what memory holds of one API key's rows. */
interface Keeper {
  /** Whether memory still holds these very rows: they have not expired, made room, or been replaced. */
  holds(lookUp: LookUp<RecordLane>, rows: Rows): boolean;
}

/** What memory answered to one look-up. */
export interface KeptRows {
  readonly keeper: Keeper;
  readonly lookUp: LookUp<RecordLane>;
  readonly rows: Rows;
}

/**
 * What the answer to an operation rests on. One that rests on nothing but final records out of memory is the same
 * answer again for as long as memory holds these very rows.
 */
export class Evidence {
  readonly #rows: KeptRows[] = [];
  #isWhole = true;

  /** Notes what memory answered. */
  note(kept: KeptRows): void {
    this.#rows.push(kept);
  }

  /** Notes that the answer also rests on something else: a call, or an error. */
  noteMore(): void {
    this.#isWhole = false;
  }

  /** Whether memory still holds every row that the answer rests on. */
  holds(): boolean {
    return this.#rows.every(({ keeper, lookUp, rows }) => keeper.holds(lookUp, rows));
  }

  /** All that the answer rests on, where that cannot change by time alone; undefined where the answer must be made anew. */
  repeatableAt(nowMs: number): readonly KeptRows[] | undefined {
    const isRepeatable =
      this.#isWhole &&
      this.#rows.length > 0 &&
      this.#rows.every(({ lookUp: { lane }, rows }) =>
        rows.every((row) => isFinalRow(row, rulesOf(lane.product), nowMs)),
      );
    return isRepeatable ? this.#rows : undefined;
  }
}
