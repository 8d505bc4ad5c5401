import { canonicalId } from '../../catalogue/ids.js';
import type { ProductRules } from '../../catalogue/product.js';
import type { WireRow } from '../../records/base.js';
import { occurredAt } from '../../records/finality.js';
import type { RecordsResponse } from '../../vonage/records-response.js';

/** What a response says about each id of its call, by canonical id. */
export interface Attribution {
  readonly found: ReadonlyMap<string, readonly WireRow[]>;
  readonly missing: ReadonlySet<string>;
  /** Ids that were neither found nor named as missing. */
  readonly unanswered: readonly string[];
  /** Rows by the first id that they belong to, so that each row counts once. */
  readonly rowsByKey: ReadonlyMap<string, number>;
  /** Rows that belong to no id of the call. */
  readonly unattributedRows: number;
}

/**
 * Gives each row to the ids that it carries in the product's id fields. The order of rows means nothing: Vonage promises
 * none. In the response to a call for a single id every row belongs to it, whatever its fields say.
 */
export function attribute(
  keys: readonly string[],
  response: Pick<RecordsResponse, 'rows' | 'idsNotFound'>,
  idFields: readonly string[],
): Attribution {
  const found = new Map<string, WireRow[]>();
  const rowsByKey = new Map<string, number>();
  const asked = new Set(keys);
  let unattributedRows = 0;
  for (const row of response.rows) {
    const owners = keys.length === 1 ? asked : ownersOf(row, asked, idFields);
    const [first] = owners;
    if (first === undefined) unattributedRows += 1;
    else rowsByKey.set(first, (rowsByKey.get(first) ?? 0) + 1);
    for (const key of owners) addTo(found, key, row);
  }
  const named = new Set(response.idsNotFound.map(canonicalId));
  const missing = new Set(keys.filter((key) => named.has(key) && !found.has(key)));
  const unanswered = keys.filter((key) => !found.has(key) && !missing.has(key));
  return { found, missing, unanswered, rowsByKey, unattributedRows };
}

function addTo(found: Map<string, WireRow[]>, key: string, row: WireRow): void {
  const rows = found.get(key);
  if (rows) rows.push(row);
  else found.set(key, [row]);
}

function ownersOf(row: WireRow, asked: ReadonlySet<string>, idFields: readonly string[]): Set<string> {
  const ids = idFields.map((field) => row[field]).filter((value) => typeof value === 'string');
  return new Set(ids.map(canonicalId).filter((id) => asked.has(id)));
}

/**
 * Puts the rows of one id in an order that means something, since Vonage promises none: the rows whose own id it is
 * before those that only refer to it, and among these the earliest first.
 */
export function orderRows(rows: readonly WireRow[], key: string, rules: ProductRules): readonly WireRow[] {
  if (rows.length < 2) return rows;
  const rank = (row: WireRow) => {
    const field = rules.idFields.findIndex((name) => {
      const id = row[name];
      return typeof id === 'string' && canonicalId(id) === key;
    });
    return field === -1 ? rules.idFields.length : field;
  };
  const moment = (row: WireRow) => occurredAt(row, rules)?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return [...rows].sort((one, other) => rank(one) - rank(other) || moment(one) - moment(other));
}
