import { canonicalId } from '../../catalogue/ids.js';
import type { ProductRules } from '../../catalogue/product.js';
import type { WireRow } from '../../records/base.js';
import { occurredAt } from '../../records/finality.js';
import { canonicalJson } from '../../records/global-id.js';
import { idText, type RecordsResponse } from '../../vonage/records-response.js';

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
  /** The field, unknown to the catalogue, that named the ids of these rows; undefined where the known fields did. */
  readonly driftedField: string | undefined;
}

/** Fields whose value can be the id of a lookup. */
export interface IdFields {
  /** The fields that the catalogue lists for the product. */
  readonly known: readonly string[];
  /** A field that named the ids of earlier rows of the lane, where the known ones did not. */
  readonly drifted: string | undefined;
}

type Owners = ReadonlySet<string>;

const noOwner: Owners = new Set();

/**
 * Gives each row to the ids that it carries in the product's id fields. The order of rows means nothing: Vonage promises
 * none. Where no row carries an id in these fields, one other field that carries an id in every row is taken for them.
 * In a call for one id that no row carries, all rows belong to it.
 */
export function attribute(
  keys: readonly string[],
  response: Pick<RecordsResponse, 'rows' | 'idsNotFound'>,
  fields: IdFields,
): Attribution {
  const asked = new Set(keys);
  const { owners, driftedField } = ownersOfAll(response.rows, asked, fields);
  const found = new Map<string, WireRow[]>();
  const rowsByKey = new Map<string, number>();
  let unattributedRows = 0;
  for (const [index, row] of response.rows.entries()) {
    const [first] = owners[index] ?? noOwner;
    if (first === undefined) unattributedRows += 1;
    else rowsByKey.set(first, (rowsByKey.get(first) ?? 0) + 1);
    for (const key of owners[index] ?? noOwner) addTo(found, key, row);
  }
  const named = new Set(response.idsNotFound.map(canonicalId));
  const missing = new Set(keys.filter((key) => named.has(key) && !found.has(key)));
  const unanswered = keys.filter((key) => !found.has(key) && !missing.has(key));
  return { found, missing, unanswered, rowsByKey, unattributedRows, driftedField };
}

interface AllOwners {
  /** By place of the row. */
  readonly owners: readonly Owners[];
  readonly driftedField: string | undefined;
}

function ownersOfAll(rows: readonly WireRow[], asked: Owners, { known, drifted }: IdFields): AllOwners {
  const byKnownFields = rows.map((row) => ownersOf(row, asked, known));
  const isAnyNamed = byKnownFields.some(({ size }) => size > 0);
  const driftedField = isAnyNamed ? undefined : (commonField(rows, asked) ?? drifted);
  const field = isAnyNamed ? drifted : driftedField;
  const owners =
    field === undefined
      ? byKnownFields
      : byKnownFields.map((each, index) =>
          each.size > 0 ? each : ownersOf(rows[index] ?? {}, asked, [field]),
        );
  if (asked.size > 1 || owners.some(({ size }) => size > 0)) return { owners, driftedField };
  return { owners: ownersAlone(rows, asked), driftedField: undefined };
}

/** In a call for one id, the rows that name it in any field belong to it, and all rows where none does. */
function ownersAlone(rows: readonly WireRow[], asked: Owners): readonly Owners[] {
  const named = rows.map((row) => ownersOf(row, asked, Object.keys(row)));
  return named.some(({ size }) => size > 0) ? named : rows.map(() => asked);
}

/** The field that names an asked id in every row, where each row has exactly one such field. */
function commonField(rows: readonly WireRow[], asked: Owners): string | undefined {
  let common: string | undefined;
  for (const row of rows) {
    const naming = Object.keys(row).filter((field) => ownersOf(row, asked, [field]).size > 0);
    const [field] = naming;
    if (naming.length !== 1 || field !== (common ?? field)) return undefined;
    common = field;
  }
  return common;
}

function ownersOf(row: WireRow, asked: Owners, fields: readonly string[]): Owners {
  let owners: Set<string> | undefined;
  for (const field of fields) {
    const id = idText(row[field]);
    const key = id === undefined ? undefined : canonicalId(id.trim());
    if (key !== undefined && asked.has(key)) owners = (owners ?? new Set()).add(key);
  }
  return owners ?? noOwner;
}

function addTo(found: Map<string, WireRow[]>, key: string, row: WireRow): void {
  const rows = found.get(key);
  if (rows) rows.push(row);
  else found.set(key, [row]);
}

/**
 * The rows of one id, equal ones once, in an order that means something, since Vonage promises none: the rows whose own
 * id it is before those that only refer to it, and among these the earliest first.
 */
export function rowsOfId(rows: readonly WireRow[], key: string, rules: ProductRules): readonly WireRow[] {
  if (rows.length < 2) return rows;
  const rank = (row: WireRow) => {
    const field = rules.idFields.findIndex((name) => canonicalId(idText(row[name]) ?? '') === key);
    return field === -1 ? rules.idFields.length : field;
  };
  const moment = (row: WireRow) => occurredAt(row, rules)?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return distinct(rows).sort((one, other) => rank(one) - rank(other) || moment(one) - moment(other));
}

function distinct(rows: readonly WireRow[]): WireRow[] {
  return [...new Map(rows.map((row) => [canonicalJson(row), row])).values()];
}
