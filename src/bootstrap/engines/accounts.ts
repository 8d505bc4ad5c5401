import type { Config } from '../../config/config.js';
import type { AccountKeys } from '../../retrieval/record-engines.js';
import { Credentials } from '../../vonage/credentials.js';

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

/** The operator's credentials: one pair for each listed account, and one pair for every other account. */
export function credentialsByAccount({ apiKey, apiSecret, accountKeys }: Config['vonage']): AccountKeys {
  return {
    accounts: accountKeys,
    fallback: apiKey && apiSecret ? new Credentials(apiKey, apiSecret) : undefined,
  };
}
