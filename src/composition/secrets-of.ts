import type { Config } from '../config.js';
import { accountKeysOf } from './account-keys-of.js';

/** Every text of a configuration that nobody may read in a log. */
export function secretsOf(config: Config): readonly string[] {
  const { redisUrl, routerSecret } = config;
  const { accounts, fallback } = accountKeysOf(config);
  const keys = [...accounts.values(), ...(fallback ? [fallback] : [])];
  const texts = [redisUrl, passwordOf(redisUrl), routerSecret].flatMap((text) => text || []);
  return [...texts, ...keys.flatMap(({ secrets }) => secrets)];
}

function passwordOf(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined;
}
