import { canonicalId } from '../catalogue/vonage-id.js';
import type { WireRow } from '../records/wire-row.js';
import type { RecordsAnswer } from '../vonage/records-answer.js';

/** What an answer says about each id that was asked, by canonical id. */
export interface Attribution {
  readonly found: ReadonlyMap<string, readonly WireRow[]>;
  readonly missing: ReadonlySet<string>;
  /** Asked, and neither found nor named as missing. */
  readonly unanswered: readonly string[];
  /** Rows that belong to no id that was asked. */
  readonly strays: number;
}

/**
 * Gives each row to the ids that it carries in the product's id fields. Order means nothing: Vonage does not promise
 * one. In an answer for a single id every row belongs to it, whatever its fields say.
 */
export function attribute(
  keys: readonly string[],
  answer: RecordsAnswer,
  idFields: readonly string[],
): Attribution {
  const found = new Map<string, WireRow[]>();
  const asked = new Set(keys);
  let strays = 0;
  for (const row of answer.rows) {
    const owners = keys.length === 1 ? asked : ownersOf(row, asked, idFields);
    if (owners.size === 0) strays += 1;
    for (const key of owners) {
      const rows = found.get(key);
      if (rows) rows.push(row);
      else found.set(key, [row]);
    }
  }
  const named = new Set(answer.idsNotFound.map(canonicalId));
  const missing = new Set(keys.filter((key) => named.has(key) && !found.has(key)));
  const unanswered = keys.filter((key) => !found.has(key) && !missing.has(key));
  return { found, missing, unanswered, strays };
}

function ownersOf(row: WireRow, asked: ReadonlySet<string>, idFields: readonly string[]): Set<string> {
  const ids = idFields.map((field) => row[field]).filter((value) => typeof value === 'string');
  return new Set(ids.map(canonicalId).filter((id) => asked.has(id)));
}
