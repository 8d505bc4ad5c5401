import type { Direction, Product } from '../../catalogue/product.js';
import type { WireRow } from '../../records/base.js';
import type { RecordShape } from '../../records/record-shape.js';
import { relatedRows } from '../related-rows.js';
import { makeRow } from '../row-maker.js';
import { type SimulatedRow, sampleAccountId } from '../sample-rows.js';
import { seededInt } from '../seeded.js';

/** Which rows to make up for one day. */
export interface DayOfRows {
  readonly product: Product;
  /** The direction of the record type; null for products whose calls need none. */
  readonly direction: Direction | null;
  /** The day in UTC, such as `2026-01-05`. */
  readonly day: string;
  /** Number of rows. */
  readonly count: number;
  /** Default: the account of the samples. */
  readonly accountId?: string;
  /** Values of every row, by wire name, in place of made-up ones. */
  readonly values?: WireRow;
}

const dayMs = 24 * 60 * 60 * 1000;
/** More than the rows of one day, so that two days share no index, and with it no id. */
const indexesPerDay = 10_000_000;

/**
 * Makes up the rows of a day, the same in every run. They come in no order of time, because Vonage documents none; the
 * last minute has no event, so that every time of a row is on the day.
 */
export function rowsOfDay(
  { product, direction, day, count, accountId = sampleAccountId, values = {} }: DayOfRows,
  shape: RecordShape,
): readonly SimulatedRow[] {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const firstIndex = (startMs / dayMs) * indexesPerDay;
  const rows: SimulatedRow[] = [];
  for (let index = firstIndex; rows.length < count; index += 1) {
    const atMs = startMs + seededInt(dayMs - 60_000, product, direction ?? '', index);
    for (const { given, direction: side } of relatedRows(product, direction, index)) {
      const row = makeRow({ shape, product, direction: side, accountId, index, atMs, given });
      rows.push({ product, direction: side, row: { ...row, ...values } });
    }
  }
  return rows.slice(0, count);
}
