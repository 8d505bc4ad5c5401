import type { Config } from '../config/config.js';
import type { AccountKeys } from '../retrieval/record-engines.js';
import { passwordsOf } from '../traffic/resilience/redis-url.js';
import { Credentials } from '../vonage/credentials.js';

/** The operator's credentials: one pair for each listed account, and one pair for every other account. */
export function credentialsByAccount({ apiKey, apiSecret, accountKeys }: Config['vonage']): AccountKeys {
  return {
    accounts: accountKeys,
    fallback: apiKey && apiSecret ? new Credentials(apiKey, apiSecret) : undefined,
  };
}

/** Every text of a configuration that must not appear in a log. */
export function configuredSecrets({ vonage, redis, graphql }: Config): readonly string[] {
  const { accounts, fallback } = credentialsByAccount(vonage);
  const credentials = [...accounts.values(), ...(fallback ? [fallback] : [])];
  const texts = [redis.url, graphql.routerSecret].flatMap((text) => text || []);
  return [...texts, ...passwordsOf(redis.url ?? ''), ...credentials.flatMap(({ secrets }) => secrets)];
}
