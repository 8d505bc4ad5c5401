import type { WireRow } from './base.js';
import { isAbsent } from './convert.js';

/**
 * The account to which a row says that it belongs: null where it names none, and empty where what it names cannot be read
 * as an account. An id is trimmed and otherwise left as it is: a character more, even an invisible one, is another account.
 */
export function namedAccountOf(row: WireRow): string | null {
  const named = Object.hasOwn(row, 'account_id') ? row.account_id : undefined;
  if (isAbsent(named)) return null;
  // An API key can consist of digits only.
  if (typeof named === 'number') return Number.isSafeInteger(named) ? String(named) : '';
  return typeof named === 'string' ? named.trim() : '';
}
