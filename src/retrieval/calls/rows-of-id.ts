import { canonicalId } from '../../catalogue/ids.js';
import type { ProductRules } from '../../catalogue/product.js';
import type { WireRow } from '../../records/base.js';
import { occurredAt } from '../../records/finality.js';
import { canonicalJson } from '../../records/row-key.js';
import { idText } from '../../vonage/records-response.js';

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
