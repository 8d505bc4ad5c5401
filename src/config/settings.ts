import { z } from 'zod';
import { authModes } from '../access/authenticators/authenticator.js';
import { jwtAlgorithms } from '../access/authenticators/jwt-claims.js';
import { tokenList } from '../access/authenticators/token-list.js';
import { accessScopes } from '../access/scopes.js';
import { isAccountId } from '../catalogue/ids.js';
import { productByName, productName } from '../catalogue/product.js';
import { products } from '../catalogue/products.js';
import { trustedDocumentList } from '../graphql/documents/trusted-documents.js';
import { isLoopback } from '../urls.js';
import { accountKeys } from '../vonage/credentials-file.js';

/** The environment variables, by name; an empty one is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One environment variable: how it is read, and what the documentation says about it. */
export interface Setting<Value> {
  readonly key: string;
  /**
   * Where the text is that is read: in the variable; as a secret, which may also be in the file that `KEY_FILE` names; or
   * in the file that the variable names. Only what stood in the variable itself is ever quoted back.
   */
  readonly source: 'variable' | 'secret' | 'file';
  /** False where a secret may stand beside it by mistake, as in `key:secret`: then it is not quoted at all. */
  readonly isQuoted?: boolean;
  readonly schema: z.ZodType<Value>;
  /** The default beside the other variables; undefined for none. The documentation shows it beside no others. */
  readonly fallback: (environment: Environment) => string | undefined;
  readonly sentence: string;
}

const searchable = products.filter((each) => each.searchedByDefault).map((each) => productName(each.product));

/** Everything that can be set. The table in the README is compared with it by a test. */
export const settings = {
  production: setting(
    'NODE_ENV',
    z.string().transform((value) => value === 'production'),
    'development',
    'With `production`, credentials are required, the explorer and the sandbox are off, and introspection takes a caller with the scope `introspect`.',
  ),
  host: setting('HOST', z.string().min(1), '127.0.0.1', 'Address to listen on.'),
  port: setting('PORT', integer(0, 65_535), '4000', 'Port to listen on; 0 picks a free one.'),
  apiKey: unquoted(
    setting(
      'VONAGE_API_KEY',
      z.string().regex(/^[^:\s]+$/, 'must hold no colon and no space'),
      undefined,
      'API key of the Vonage account. Without it the embedded simulator answers.',
    ),
  ),
  apiSecret: secret('VONAGE_API_SECRET', 'Secret of the API key.'),
  accountId: unquoted(
    setting(
      'VONAGE_ACCOUNT_ID',
      z.string().refine(isAccountId, 'must be 1 to 64 letters, digits, - or _'),
      undefined,
      'Account asked when a look-up names none. Default: the API key, or the only account of `VONAGE_CREDENTIALS_FILE`.',
    ),
  ),
  accountKeys: file(
    'VONAGE_CREDENTIALS_FILE',
    accountKeys,
    'File with a key for each account: `{ "accounts": { "<account id>": { "apiKey": "…", "apiSecret": "…" } } }`.',
  ),
  baseUrl: setting(
    'VONAGE_BASE_URL',
    z.string().refine(isHttpUrl, 'must be an http or https URL without credentials'),
    'https://api.nexmo.com',
    'Where the Reports API is.',
  ),
  ratePerSecond: setting(
    'VONAGE_RATE_PER_SECOND',
    integer(1, 1000),
    '10',
    'Calls a second that Vonage allows per API key.',
  ),
  rateMarginMs: setting(
    'VONAGE_RATE_MARGIN_MS',
    integer(0, 1000),
    '15',
    'Milliseconds added to the second of the rate, because calls may arrive closer together than they left; an answer within twice as long tells how much closer, and counts instead. Raise it when 429s are logged.',
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
    listOf(productByName),
    searchable.join(','),
    'Products that a look-up without a product searches, the likeliest first.',
  ),
  operationTimeoutMs: setting(
    'OPERATION_TIMEOUT_MS',
    integer(100, 600_000),
    '30000',
    'Milliseconds after which an operation is given up.',
  ),
  maxIds: setting('MAX_IDS', integer(1, 10_000), '1000', 'Ids that one operation may ask for.'),
  maxRecords: setting(
    'MAX_RECORDS',
    integer(1, 1_000_000),
    '5000',
    'Records that one operation may bring: two an id where one id may have several, and for each what its edges lead to.',
  ),
  maxValues: setting(
    'MAX_VALUES',
    integer(100, 100_000_000),
    '250000',
    'Values that these records may show in one answer; an object such as `raw` counts 20.',
  ),
  maxTokens: setting(
    'MAX_TOKENS',
    integer(100, 100_000),
    '4000',
    'Words and signs that a GraphQL document may hold.',
  ),
  maxDefinitions: setting(
    'MAX_DEFINITIONS',
    integer(1, 1000),
    '100',
    'Operations and fragments that a document may define.',
  ),
  maxSelections: setting(
    'MAX_SELECTIONS',
    integer(100, 100_000),
    '5000',
    'Fields and fragments that a document may select. Here and below, fragments count as often as they are spread.',
  ),
  maxDepth: setting('MAX_DEPTH', integer(3, 100), '10', 'Fields that may stand inside one another.'),
  maxIntrospectionDepth: setting(
    'MAX_INTROSPECTION_DEPTH',
    integer(3, 100),
    '20',
    "The same inside `__schema` and `__type`; tools' usual query takes 15.",
  ),
  maxAliases: setting('MAX_ALIASES', integer(0, 10_000), '100', 'Aliases that one operation may hold.'),
  maxAliasLength: setting(
    'MAX_ALIAS_LENGTH',
    integer(1, 10_000),
    '128',
    'Characters of an alias, which the answer repeats for every record.',
  ),
  maxRootFields: setting(
    'MAX_ROOT_FIELDS',
    integer(1, 10_000),
    '100',
    'Outermost fields that one operation may select.',
  ),
  maxDirectives: setting(
    'MAX_DIRECTIVES',
    integer(0, 10_000),
    '50',
    'Directives, such as `@include`, that one operation may hold.',
  ),
  maxRepeats: setting(
    'MAX_REPEATS',
    integer(1, 1000),
    '30',
    'Times that one field of the answer may be selected, each record type for which it is selected counting.',
  ),
  maxErrors: setting(
    'MAX_ERRORS',
    integer(2, 100),
    '5',
    'Faults that are listed of a document, or of its variables; the last says that there are more.',
  ),
  redisUrl: secret(
    'REDIS_URL',
    'Redis that replicas share their budget and their cache through, such as `redis://127.0.0.1:6379`. Default: each has its own.',
    z
      .string()
      .refine(isRedisUrl, 'must be a redis or rediss URL, or the path of a socket; % in a password is %25'),
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
  cachePendingTtlMs: setting(
    'CACHE_PENDING_TTL_MS',
    integer(0, 999_999_999),
    '5000',
    'The same for records that may still change.',
  ),
  cacheNotFoundTtlMs: setting(
    'CACHE_NOT_FOUND_TTL_MS',
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
  trustedDocumentsMode: setting(
    'TRUSTED_DOCUMENTS',
    z.enum(['off', 'log', 'enforce'], { error: 'must be off, log or enforce' }),
    'off',
    'Documents that may run: all (`off`), all with the others logged (`log`), or those of the list only (`enforce`).',
  ),
  trustedDocuments: file(
    'TRUSTED_DOCUMENTS_FILE',
    trustedDocumentList,
    'JSON file with the list of trusted documents. Default: the operations of `schema/operations`.',
  ),
  apqMaxBytes: setting(
    'APQ_MAX_BYTES',
    integer(0, 999_999_999),
    '4194304',
    'Bytes of documents kept that callers register by automatic persisted queries; 0 turns them off.',
  ),
  authMode: setting(
    'AUTH_MODE',
    z.enum(authModes, `must be one of ${authModes.join(', ')}`),
    'none',
    'How callers prove who they are: not at all; by a token of `AUTH_TOKENS_FILE`; by a JWT; or by their own Vonage key and secret as HTTP Basic, with which their look-ups are made.',
  ),
  tokens: file(
    'AUTH_TOKENS_FILE',
    tokenList,
    'File with the tokens, for `token`: `{ "tokens": [{ "name": "billing", "sha256": "…", "scopes": ["records:read"] }] }`, and as needed `accounts`, `products`, `idsPerSecond`, `recordsPerDay`, `expiresAt`.',
  ),
  jwtJwksUrl: setting(
    'JWT_JWKS_URL',
    z.string().refine(isKeySetUrl, 'must be an https URL without credentials, or http on a loopback address'),
    undefined,
    "Where the issuer's key set (JWKS) is, for `jwt`.",
  ),
  jwtIssuer: setting('JWT_ISSUER', z.string(), undefined, 'What `iss` must be, for `jwt`.'),
  jwtAudience: setting('JWT_AUDIENCE', z.string(), undefined, 'What `aud` must be or hold, for `jwt`.'),
  jwtAlgorithms: setting(
    'JWT_ALGORITHMS',
    listOf(namesOf(jwtAlgorithms)),
    'RS256,PS256,ES256,EdDSA',
    'Algorithms with which a JWT may be signed. Those with a shared secret cannot be chosen.',
  ),
  jwtClockSkewMs: setting(
    'JWT_CLOCK_SKEW_MS',
    integer(0, 300_000),
    '5000',
    "Milliseconds by which the issuer's clock may differ.",
  ),
  anonymousScopes: computed(
    'ANONYMOUS_SCOPES',
    listOf(namesOf(accessScopes)),
    ({ NODE_ENV }) =>
      NODE_ENV === 'production' ? 'records:read,records:content,records:numbers' : accessScopes.join(','),
    'What everybody may do where `AUTH_MODE` is `none`. Default in production: `records:read,records:content,records:numbers`.',
  ),
  allowAnonymousNetwork: setting(
    'ALLOW_ANONYMOUS_NETWORK',
    flag(),
    'false',
    'Whether to start where `AUTH_MODE` is `none` and `HOST` is not a loopback address, so that whoever reaches it reads records.',
  ),
  callerIdsPerSecond: computed(
    'CALLER_IDS_PER_SECOND',
    integer(1, 1_000_000),
    ({ AUTH_MODE = '' }) => (['', 'none'].includes(AUTH_MODE) ? undefined : '50'),
    'Ids a second that a caller may ask for whose token says nothing else. Default: 50, but none where `AUTH_MODE` is `none`.',
  ),
  callerRecordsPerDay: setting(
    'CALLER_RECORDS_PER_DAY',
    integer(1, 999_999_999),
    undefined,
    'Billed records that it may cause in a day of UTC. Default: no limit.',
  ),
  maxBodyBytes: setting(
    'MAX_BODY_BYTES',
    integer(1024, 16_777_216),
    '262144',
    'Largest request body, in bytes, before and after it is inflated.',
  ),
  maxHeaderBytes: setting(
    'MAX_HEADER_BYTES',
    integer(4096, 65_536),
    '16384',
    "Most bytes of a request's first line and headers together.",
  ),
  maxConnections: setting(
    'MAX_CONNECTIONS',
    integer(1, 1_000_000),
    '10000',
    'Connections open at once. For one more the one is ended that has had no request longest; it is dropped itself where all have one. Each takes a file descriptor of the process.',
  ),
  headersTimeoutMs: setting(
    'HEADERS_TIMEOUT_MS',
    integer(100, 600_000),
    '10000',
    'Milliseconds within which the headers of a request must arrive. Looked at once a second.',
  ),
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT_MS',
    integer(100, 600_000),
    '30000',
    'The same for a whole request with its body; not less than `HEADERS_TIMEOUT_MS`.',
  ),
  keepAliveTimeoutMs: setting(
    'KEEP_ALIVE_TIMEOUT_MS',
    integer(100, 3_600_000),
    '72000',
    'Milliseconds for which an idle connection is kept. Keep it above that of a load balancer in front, often 60 s, which otherwise sends into connections that have just been closed.',
  ),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    listThat(isHost, 'must be a comma-separated list of host names or addresses without ports'),
    undefined,
    'Hosts that requests may name, such as `records.example.com,10.0.0.7`; others get 421, but for `/livez` and `/readyz`. Default: where `HOST` is a loopback address only the names of this machine, otherwise any.',
  ),
  corsOrigins: setting(
    'CORS_ORIGINS',
    listThat(
      isOrigin,
      'must be a comma-separated list of origins such as https://app.example.com, without *',
    ),
    undefined,
    "Origins whose pages may read answers. Default: Apollo's hosted sandbox while in development, none in production.",
  ),
  legacyStatusCodes: setting(
    'LEGACY_STATUS_CODES',
    flag(),
    'false',
    'Whether documents and variables that are wrong get 200, as was the custom, where the caller does not name `application/graphql-response+json` in `accept`; otherwise they get 400.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
    'Least severe level that is logged.',
  ),
} as const;

function setting<Value, Fallback extends string | undefined>(
  key: string,
  schema: z.ZodType<Value>,
  fallback: Fallback,
  sentence: string,
) {
  return computed(key, schema, () => fallback, sentence);
}

/** One whose default follows from other variables. */
function computed<Value, Fallback extends string | undefined>(
  key: string,
  schema: z.ZodType<Value>,
  fallback: (environment: Environment) => Fallback,
  sentence: string,
): Setting<Fallback extends string ? Value : Value | undefined> {
  return { key, source: 'variable', schema, fallback, sentence } as unknown as Setting<never>;
}

function unquoted<Value>(setting: Setting<Value>): Setting<Value> {
  return { ...setting, isQuoted: false };
}

function secret(
  key: string,
  sentence: string,
  schema: z.ZodType<string> = z.string(),
): Setting<string | undefined> {
  return { key, source: 'secret', schema, fallback: () => undefined, sentence };
}

/** One that names a file of JSON; its value is what the file holds. */
function file<Value>(
  key: string,
  content: z.ZodType<Value, unknown>,
  sentence: string,
): Setting<Value | undefined> {
  const schema = z.string().transform(parseJson).pipe(content);
  return { key, source: 'file', schema, fallback: () => undefined, sentence };
}

/** The parser's own message is left out, as it quotes the text. */
function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must hold JSON' });
    return z.NEVER;
  }
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

/** A comma-separated list of at least one name, as what the names stand for. */
function listOf<Value>(byName: ReadonlyMap<string, Value>): z.ZodType<readonly Value[]> {
  const rule = `must be a comma-separated list of ${[...byName.keys()].join(', ')}`;
  return z
    .string()
    .transform((text) => text.split(',').map((each) => byName.get(each.trim())))
    .refine((list): list is Value[] => !list.includes(undefined), rule);
}

/** A comma-separated list of at least one entry, each of which is right. */
function listThat(isRight: (entry: string) => boolean, rule: string): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine((entries) => entries.every(isRight), rule);
}

function isHost(text: string): boolean {
  return /^([a-z0-9_][a-z0-9._-]{0,252}|\[[0-9a-f:.]{2,45}\])$/i.test(text);
}

/** As a browser writes it, since it is compared with what one sends. */
function isOrigin(text: string): boolean {
  return isHttpUrl(text) && new URL(text).origin === text && !text.includes('*');
}

function namesOf<Name extends string>(names: readonly Name[]): ReadonlyMap<string, Name> {
  return new Map(names.map((name) => [name, name]));
}

/** It may hold a password, so it is treated as a secret. */
function isRedisUrl(text: string): boolean {
  if (text.startsWith('/')) return true;
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['redis:', 'rediss:'].includes(protocol) && isDecodable(username) && isDecodable(password);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** Who can change the keys on their way can sign tokens, so they travel encrypted. */
function isKeySetUrl(text: string): boolean {
  if (!isHttpUrl(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || isLoopback(hostname);
}
