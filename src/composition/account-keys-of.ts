import type { Config } from '../config.js';
import type { AccountKeys } from '../retrieval/record-engines.js';
import { Credentials } from '../vonage/credentials.js';

/** The operator's keys: one for each listed account, and one for all others. */
export function accountKeysOf({ apiKey, apiSecret, accountKeys }: Config): AccountKeys {
  return {
    accounts: accountKeys,
    fallback: apiKey && apiSecret ? new Credentials(apiKey, apiSecret) : undefined,
  };
}
