import type { Principal } from '../access/principal.js';
import type { UsageRecord } from '../records/usage-record.js';

/**
 * Tells whether a caller may see a record that was found in an account that it may ask. A row says itself whose it is: one
 * that strayed into the answer for another account, or was put in its place in a shared store, is not shown.
 */
export function belongsToCaller(
  { accountId }: UsageRecord,
  askedAccountId: string,
  principal: Principal,
): boolean {
  return accountId.toLowerCase() === askedAccountId.toLowerCase() || principal.mayReadAccount(accountId);
}
