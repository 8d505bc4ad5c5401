import { isLoopback } from '../urls.js';
import { Credentials } from '../vonage/credentials.js';
import type { SettingValues } from './settings.js';

/** A rule that each of several settings can meet alone and all of them break together. */
interface Rule {
  /** Variables that the rule reads. The rule applies only if none of them has an error of its own. */
  readonly reads: readonly string[];
  isBroken(values: SettingValues): boolean;
  readonly message: string;
}

const credentialVariables = ['VONAGE_API_KEY', 'VONAGE_API_SECRET', 'VONAGE_CREDENTIALS_FILE', 'AUTH_MODE'];

const credentialRules: readonly Rule[] = [
  {
    reads: ['VONAGE_API_KEY', 'VONAGE_API_SECRET'],
    isBroken: ({ vonage }) => Boolean(vonage.apiKey && !vonage.apiSecret),
    message:
      'VONAGE_API_SECRET_FILE or VONAGE_API_SECRET must be set when VONAGE_API_KEY is set, got neither.',
  },
  {
    reads: ['VONAGE_API_KEY', 'VONAGE_API_SECRET'],
    isBroken: ({ vonage }) => Boolean(vonage.apiSecret && !vonage.apiKey),
    message: 'VONAGE_API_KEY must be set when VONAGE_API_SECRET is set, got no value.',
  },
  {
    reads: ['VONAGE_API_KEY', 'VONAGE_ACCOUNT_ID', 'VONAGE_CREDENTIALS_FILE'],
    isBroken: ({ vonage: { apiKey, accountId, accountKeys } }) =>
      accountKeys !== undefined &&
      !apiKey &&
      (accountId === undefined ? accountKeys.size > 1 : !accountKeys.has(accountId)),
    message:
      'VONAGE_ACCOUNT_ID must name an account of VONAGE_CREDENTIALS_FILE when VONAGE_API_KEY is not set. It is optional only if the file has a single account.',
  },
  {
    reads: ['VONAGE_API_KEY', 'VONAGE_API_SECRET', 'VONAGE_CREDENTIALS_FILE'],
    isBroken: hasSecondSecret,
    message:
      'VONAGE_API_SECRET must be the secret that VONAGE_CREDENTIALS_FILE has for the same API key, got another one.',
  },
  {
    reads: ['VONAGE_API_KEY', 'VONAGE_CREDENTIALS_FILE', 'AUTH_MODE'],
    isBroken: ({ vonage, auth }) => auth.mode === 'basic' && Boolean(vonage.apiKey || vonage.accountKeys),
    message:
      'VONAGE_API_KEY and VONAGE_CREDENTIALS_FILE must not be set when AUTH_MODE is basic: every caller sends its own key.',
  },
];

const simulatorRules: readonly Rule[] = [
  {
    reads: ['NODE_ENV', 'SIMULATOR', ...credentialVariables],
    isBroken: (values) =>
      lacksCredentials(values) &&
      values.general.environment === 'production' &&
      values.vonage.simulator !== true,
    message:
      "VONAGE_API_KEY and VONAGE_API_SECRET must be set when NODE_ENV is production. VONAGE_CREDENTIALS_FILE, AUTH_MODE=basic for the keys of callers, or SIMULATOR=true for the simulator's invented records can replace them.",
  },
  {
    reads: ['NODE_ENV', 'SIMULATOR', ...credentialVariables],
    isBroken: (values) =>
      lacksCredentials(values) &&
      values.general.environment !== 'production' &&
      values.vonage.simulator === false,
    message:
      'VONAGE_API_KEY and VONAGE_API_SECRET must be set when SIMULATOR is false. VONAGE_CREDENTIALS_FILE, or AUTH_MODE=basic for the keys of callers, can replace them.',
  },
  {
    reads: ['HOST', 'SIMULATOR', ...credentialVariables],
    isBroken: (values) =>
      lacksCredentials(values) && values.vonage.simulator === undefined && !isLoopback(values.http.host),
    message:
      'HOST must be a loopback address when no Vonage credentials are set: the embedded simulator would answer the network with invented records. Set VONAGE_API_KEY and VONAGE_API_SECRET, or SIMULATOR=true.',
  },
  {
    reads: ['SIMULATOR', ...credentialVariables],
    isBroken: (values) => values.vonage.simulator === true && !lacksCredentials(values),
    message:
      'SIMULATOR must not be true when VONAGE_API_KEY, VONAGE_CREDENTIALS_FILE or AUTH_MODE=basic is set: those mean Vonage itself.',
  },
];

const networkRules: readonly Rule[] = [
  {
    reads: ['NODE_ENV', 'HOST', 'ALLOW_DEVELOPMENT_NETWORK'],
    isBroken: ({ general, http }) =>
      general.environment !== 'production' && !isLoopback(http.host) && !general.allowDevelopmentNetwork,
    message:
      'NODE_ENV must be production when HOST is not a loopback address: in development every client gets the pages of the explorer, and callers read the schema. ALLOW_DEVELOPMENT_NETWORK=true allows it.',
  },
  {
    reads: ['AUTH_MODE', 'HOST', 'ALLOWED_HOSTS'],
    isBroken: ({ auth, http }) => auth.mode === 'none' && !isLoopback(http.host) && !http.allowedHosts,
    message:
      'ALLOWED_HOSTS must be set when AUTH_MODE is none and HOST is not a loopback address: otherwise any web page that a browser in this network opens could read records (DNS rebinding). List the names and addresses by which clients call the gateway.',
  },
];

const authRules: readonly Rule[] = [
  {
    reads: ['AUTH_MODE', 'HOST', 'ALLOW_ANONYMOUS_NETWORK'],
    isBroken: ({ auth, http }) =>
      auth.mode === 'none' && !isLoopback(http.host) && !auth.allowAnonymousNetwork,
    message:
      'AUTH_MODE must not be none when HOST is not a loopback address: every client that reaches it could read records. ALLOW_ANONYMOUS_NETWORK=true allows it.',
  },
  {
    reads: ['AUTH_MODE', 'AUTH_TOKENS_FILE'],
    isBroken: ({ auth }) => auth.mode === 'token' && !auth.tokens,
    message: 'AUTH_TOKENS_FILE must be set when AUTH_MODE is token, got no value.',
  },
  {
    reads: ['AUTH_MODE', 'AUTH_TOKENS_FILE'],
    isBroken: ({ auth }) => auth.mode !== 'token' && Boolean(auth.tokens),
    message: 'AUTH_MODE must be token when AUTH_TOKENS_FILE is set: another mode ignores the tokens.',
  },
  {
    reads: ['AUTH_MODE', 'JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'],
    isBroken: ({ auth: { mode, jwtJwksUrl, jwtIssuer, jwtAudience } }) =>
      mode === 'jwt' && !(jwtJwksUrl && jwtIssuer && jwtAudience),
    message: 'JWT_JWKS_URL, JWT_ISSUER and JWT_AUDIENCE must be set when AUTH_MODE is jwt.',
  },
  {
    reads: ['AUTH_MODE', 'JWT_JWKS_URL'],
    isBroken: ({ auth }) => auth.mode !== 'jwt' && Boolean(auth.jwtJwksUrl),
    message: 'AUTH_MODE must be jwt when JWT_JWKS_URL is set: another mode ignores the keys of the issuer.',
  },
];

const redisRules: readonly Rule[] = [
  {
    reads: ['AUTH_MODE', 'REDIS_URL'],
    isBroken: ({ auth, redis }) => auth.mode === 'basic' && Boolean(redis.url),
    message:
      'REDIS_URL must not be set when AUTH_MODE is basic: the gateway shares nothing that it reads with the key of a caller.',
  },
  {
    reads: ['REPLICAS', 'REDIS_URL'],
    isBroken: ({ redis }) => redis.replicas !== undefined && !redis.url,
    message:
      'REPLICAS must not be set when REDIS_URL is not set: it applies only while Redis does not answer.',
  },
];

const rules = [...credentialRules, ...simulatorRules, ...networkRules, ...authRules, ...redisRules];

/**
 * Finds what settings contradict each other.
 *
 * @param faulty variables that have an error of their own, so that their values are missing
 */
export function contradictions(values: SettingValues, faulty: ReadonlySet<string>): string[] {
  return rules
    .filter(({ reads, isBroken }) => !reads.some((key) => faulty.has(key)) && isBroken(values))
    .map(({ message }) => message);
}

/** Tells whether neither the operator nor a caller brings a key. Half a key counts: another rule names its other half. */
export function lacksCredentials({ vonage, auth }: SettingValues): boolean {
  return !vonage.apiKey && !vonage.apiSecret && !vonage.accountKeys && auth.mode !== 'basic';
}

function hasSecondSecret({ vonage: { apiKey, apiSecret, accountKeys } }: SettingValues): boolean {
  if (!apiKey || !apiSecret || !accountKeys) return false;
  const { authorization } = new Credentials(apiKey, apiSecret);
  return [...accountKeys.values()].some(
    (each) => each.apiKey === apiKey && each.authorization !== authorization,
  );
}
