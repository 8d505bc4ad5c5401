import type { Config } from '../config/config.js';

/** What logs and metrics show for an account that a caller named and the operator did not configure. */
export const otherAccounts = 'other';

/** Accounts that the operator configured. */
export function configuredAccounts({
  apiKey,
  apiSecret,
  accountId,
  accountKeys,
}: Config['vonage']): ReadonlySet<string> {
  const fallback = apiKey && apiSecret ? [accountId ?? apiKey] : [];
  return new Set([...accountKeys.keys(), ...fallback]);
}
