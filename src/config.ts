import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Product } from './catalogue/product.js';
import { productName } from './catalogue/product-name.js';
import { products } from './catalogue/products.js';

/** One environment variable: how it is read, and what the documentation says about it. */
interface Setting<Value> {
  readonly key: string;
  readonly schema: z.ZodType<Value>;
  /** The default as the documentation shows it; undefined for none. */
  readonly fallback: string | undefined;
  readonly sentence: string;
  /** A secret may also come from the file that `KEY_FILE` names, and is never quoted back. */
  readonly secret: boolean;
}

const searchable = products.filter((each) => !each.deprecated).map((each) => productName(each.product));

/** Everything that can be set. The table in the README is compared with it by a test. */
export const settings = {
  production: setting(
    'NODE_ENV',
    z.string().transform((value) => value === 'production'),
    'development',
    'With `production`, credentials are required, and introspection, the explorer and the sandbox are off.',
  ),
  host: setting('HOST', z.string().min(1), '127.0.0.1', 'Address to listen on.'),
  port: setting('PORT', integer(0, 65_535), '4000', 'Port to listen on; 0 picks a free one.'),
  apiKey: setting(
    'VONAGE_API_KEY',
    z.string().regex(/^[^:\s]+$/, 'must hold no colon and no space'),
    undefined,
    'API key of the Vonage account. Without it the embedded simulator answers.',
  ),
  apiSecret: secret('VONAGE_API_SECRET', 'Secret of the API key.'),
  accountId: setting(
    'VONAGE_ACCOUNT_ID',
    z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _'),
    undefined,
    'Account asked when a look-up names none. Default: the API key.',
  ),
  baseUrl: setting(
    'VONAGE_BASE_URL',
    z.string().refine(isHttpUrl, 'must be an http or https URL without credentials'),
    'https://api.nexmo.com',
    'Where the Reports API is.',
  ),
  syncRate: setting(
    'VONAGE_SYNC_RATE',
    integer(1, 1000),
    '10',
    'Calls a second that Vonage allows per API key.',
  ),
  arrivalJitterMs: setting(
    'VONAGE_ARRIVAL_JITTER_MS',
    integer(0, 1000),
    '15',
    'Milliseconds added to the second of the rate, because calls may arrive closer together than they left. Raise it when 429s are logged.',
  ),
  batchSize: setting('VONAGE_BATCH_SIZE', integer(1, 20), '20', 'Ids in one call; Vonage takes at most 20.'),
  callTimeoutMs: setting(
    'VONAGE_TIMEOUT_MS',
    integer(100, 120_000),
    '15000',
    'Milliseconds after which a call to Vonage is given up.',
  ),
  searchProducts: setting(
    'SEARCH_PRODUCTS',
    productList(),
    searchable.join(','),
    'Products that a look-up without a product searches, the likeliest first.',
  ),
  operationTimeoutMs: setting(
    'OPERATION_TIMEOUT_MS',
    integer(100, 600_000),
    '30000',
    'Milliseconds after which an operation is given up.',
  ),
  maxIds: setting('MAX_IDS', integer(1, 10_000), '1000', 'Ids that one `ids` argument may hold.'),
  redisUrl: secret(
    'REDIS_URL',
    'Redis that replicas share their budget and their cache through, such as `redis://127.0.0.1:6379`. Default: each has its own.',
    z.string().refine(isRedisUrl, 'must be a redis or rediss URL, or the path of a socket'),
  ),
  cacheMaxBytes: setting(
    'CACHE_MAX_BYTES',
    integer(0, 999_999_999),
    '67108864',
    'Bytes of records kept in memory; 0 keeps none.',
  ),
  cacheFinalTtlMs: setting(
    'CACHE_FINAL_TTL_MS',
    integer(0, 999_999_999),
    '86400000',
    'Milliseconds for which records that cannot change any more are kept.',
  ),
  cacheOpenTtlMs: setting(
    'CACHE_OPEN_TTL_MS',
    integer(0, 999_999_999),
    '5000',
    'The same for records that may still change.',
  ),
  cacheMissTtlMs: setting(
    'CACHE_MISS_TTL_MS',
    integer(0, 999_999_999),
    '2000',
    'The same for ids that were not found.',
  ),
  cacheMessageBodies: setting(
    'CACHE_MESSAGE_BODIES',
    flag(),
    'false',
    'Whether the texts of messages may be kept, too.',
  ),
  routerSecret: secret(
    'ROUTER_SECRET',
    'What a federation router sends in `x-router-secret` to be told the subgraph. Without it any caller is a router while in development, none in production.',
    z.string().min(16, 'must hold at least 16 characters'),
  ),
  maxBodyBytes: setting(
    'MAX_BODY_BYTES',
    integer(1024, 16_777_216),
    '262144',
    'Largest request body, in bytes.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
    'Least severe level that is logged.',
  ),
} as const;

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

/** The checked configuration. */
export type Config = { readonly [Name in keyof Settings]: ValueOf<Settings[Name]> };

/** Names every fault of the environment at once. Its message quotes no secret. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

/** Reads the configuration from an environment. Throws a ConfigError that lists every fault. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const entries = Object.entries(settings).map(([name, each]) => [
    name,
    readSetting(each, environment, faults),
  ]);
  const config = Object.fromEntries(entries) as Config;
  if (faults.length === 0) faults.push(...contradictions(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

function contradictions({ production, apiKey, apiSecret }: Config): string[] {
  if (apiKey && !apiSecret)
    return ['VONAGE_API_SECRET (or VONAGE_API_SECRET_FILE) must be set when VONAGE_API_KEY is.'];
  if (apiSecret && !apiKey) return ['VONAGE_API_KEY must be set when VONAGE_API_SECRET is.'];
  return production && !apiKey
    ? ['VONAGE_API_KEY and VONAGE_API_SECRET must be set when NODE_ENV is production.']
    : [];
}

function readSetting(
  { key, schema, fallback, secret }: Setting<unknown>,
  environment: Readonly<Record<string, string | undefined>>,
  faults: string[],
): unknown {
  const given = secret ? readSecret(key, environment, faults) : environment[key];
  // An empty variable is how a shell or a compose file says "not set".
  const text = given === undefined || given === '' ? fallback : given;
  if (text === undefined) return undefined;
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  const got = secret ? '' : `, got: ${JSON.stringify(text.slice(0, 80))}`;
  faults.push(`${key} ${result.error.issues.map((issue) => issue.message).join(', ')}${got}.`);
  return undefined;
}

function readSecret(
  key: string,
  environment: Readonly<Record<string, string | undefined>>,
  faults: string[],
) {
  const path = environment[`${key}_FILE`];
  if (!path) return environment[key];
  if (environment[key]) faults.push(`${key} and ${key}_FILE must not both be set.`);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    faults.push(`${key}_FILE must name a readable file (${(error as NodeJS.ErrnoException).code}).`);
    return undefined;
  }
}

function setting<Value, Fallback extends string | undefined>(
  key: string,
  schema: z.ZodType<Value>,
  fallback: Fallback,
  sentence: string,
): Setting<Fallback extends string ? Value : Value | undefined> {
  return { key, schema, fallback, sentence, secret: false } as Setting<never>;
}

function secret(
  key: string,
  sentence: string,
  schema: z.ZodType<string> = z.string(),
): Setting<string | undefined> {
  return { key, schema, fallback: undefined, sentence, secret: true };
}

function integer(min: number, max: number): z.ZodType<number> {
  const rule = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, rule)
    .transform(Number)
    .refine((value) => value >= min && value <= max, rule);
}

function flag(): z.ZodType<boolean> {
  return z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
}

function productList(): z.ZodType<readonly Product[]> {
  const byName = new Map(Object.values(Product).map((each) => [productName(each), each]));
  const rule = `must be a comma-separated list of ${[...byName.keys()].join(', ')}`;
  return z
    .string()
    .transform((text) => text.split(',').map((each) => byName.get(each.trim())))
    .refine((list): list is Product[] => list.length > 0 && !list.includes(undefined), rule);
}

/** It may hold a password, so it is treated as a secret. */
function isRedisUrl(text: string): boolean {
  return (
    text.startsWith('/') || (URL.canParse(text) && ['redis:', 'rediss:'].includes(new URL(text).protocol))
  );
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
