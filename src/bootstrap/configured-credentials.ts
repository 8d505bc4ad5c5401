import type { Config } from '../config/config.js';
import type { AccountKeys } from '../retrieval/record-engines.js';
import { Credentials } from '../vonage/credentials.js';

/** The operator's keys: one for each listed account, and one for all others. */
export function credentialsByAccount({ apiKey, apiSecret, accountKeys }: Config): AccountKeys {
  return {
    accounts: accountKeys,
    fallback: apiKey && apiSecret ? new Credentials(apiKey, apiSecret) : undefined,
  };
}

/** Every text of a configuration that nobody may read in a log. */
export function configuredSecrets(config: Config): readonly string[] {
  const { redisUrl, routerSecret } = config;
  const { accounts, fallback } = credentialsByAccount(config);
  const keys = [...accounts.values(), ...(fallback ? [fallback] : [])];
  const texts = [redisUrl, passwordOf(redisUrl), routerSecret].flatMap((text) => text || []);
  return [...texts, ...keys.flatMap(({ secrets }) => secrets)];
}

function passwordOf(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined;
}
