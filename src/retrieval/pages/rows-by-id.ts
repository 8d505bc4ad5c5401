import { canonicalId, isVonageId } from '../../catalogue/ids.js';
import { Direction } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import type { WireRow } from '../../records/base.js';
import { type RecordLane, type Rows, recordLane } from '../lookup/lanes.js';

/** Rows of a page that are all rows of an id, in a lane in which a lookup can ask for it. */
export interface RowsOfId {
  readonly lane: RecordLane;
  readonly key: string;
  readonly rows: Rows;
}

/**
 * What the rows of a page tell about single ids. Nothing for a product whose ids can have several rows: the page can hold
 * some of them only.
 */
export function rowsById(lane: RecordLane, rows: Rows): readonly RowsOfId[] {
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
