import type { ProductRules } from '../catalogue/product-rules.js';
import { canonicalId } from '../catalogue/vonage-id.js';
import { occurredAt } from '../records/finality.js';
import type { WireRow } from '../records/wire-row.js';

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
