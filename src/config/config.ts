import { closeSync, openSync, readSync } from 'node:fs';
import type { z } from 'zod';
import { isLoopback } from '../urls.js';
import { Credentials } from '../vonage/credentials.js';
import { type Environment, type Setting, settings } from './settings.js';

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;
type Values = { readonly [Name in keyof Settings]: ValueOf<Settings[Name]> };

/** The checked configuration. */
export interface Config extends Omit<Values, 'accountKeys'> {
  /** The operator's keys by account id, as `VONAGE_CREDENTIALS_FILE` has them; empty without that file. */
  readonly accountKeys: ReadonlyMap<string, Credentials>;
  /** Path of every file that was read, as it was given: when one of them changes, the configuration may have changed. */
  readonly files: readonly string[];
}

/** Names every fault of the environment at once. Its message quotes no secret. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

/** What is gathered while settings are read. */
interface Reading {
  readonly environment: Environment;
  readonly faults: string[];
  readonly files: string[];
}

/** Mebibyte; what the files hold is far smaller, and a wrong path could name something without an end. */
const maxFileBytes = 1_048_576;

/**
 * Reads the configuration from an environment and the files it names. Throws a ConfigError that lists every fault of both.
 */
export function readConfig(environment: Environment): Config {
  const reading: Reading = { environment, faults: [], files: [] };
  const entries = Object.entries(settings).map(([name, each]) => [name, readSetting(each, reading)]);
  const config = toConfig(Object.fromEntries(entries) as Values, reading.files);
  const faults = reading.faults.length > 0 ? reading.faults : contradictions(config);
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

function toConfig(values: Values, files: readonly string[]): Config {
  const { apiKey, accountKeys = new Map<string, Credentials>() } = values;
  const [onlyAccount] = accountKeys.size === 1 ? accountKeys.keys() : [];
  return { ...values, accountKeys, files, accountId: values.accountId ?? apiKey ?? onlyAccount };
}

/** What each setting allows, but not all of them together: when it is broken, and what to do about it. */
const rules: readonly (readonly [isBroken: (config: Config) => boolean, fault: string])[] = [
  [
    ({ apiKey, apiSecret }) => Boolean(apiKey && !apiSecret),
    'VONAGE_API_SECRET (or VONAGE_API_SECRET_FILE) must be set when VONAGE_API_KEY is.',
  ],
  [
    ({ apiKey, apiSecret }) => Boolean(apiSecret && !apiKey),
    'VONAGE_API_KEY must be set when VONAGE_API_SECRET is.',
  ],
  [
    ({ production, apiKey, apiSecret, accountKeys, authMode }) =>
      production && !apiKey && !apiSecret && accountKeys.size === 0 && authMode !== 'basic',
    'VONAGE_API_KEY and VONAGE_API_SECRET must be set when NODE_ENV is production. VONAGE_CREDENTIALS_FILE will do instead, and so will AUTH_MODE=basic.',
  ],
  [
    ({ accountKeys, apiKey, accountId }) =>
      accountKeys.size > 0 && !apiKey && !accountKeys.has(accountId ?? ''),
    'VONAGE_ACCOUNT_ID must name an account of VONAGE_CREDENTIALS_FILE when VONAGE_API_KEY is not set; only where the file has a single account it may be left out.',
  ],
  [
    hasSecondSecret,
    'VONAGE_API_SECRET must be the same as in VONAGE_CREDENTIALS_FILE where the API key is the same.',
  ],
  [
    ({ authMode, host, allowAnonymousNetwork }) =>
      authMode === 'none' && !isLoopback(host) && !allowAnonymousNetwork,
    'AUTH_MODE must not be none when HOST is not a loopback address: whoever reaches it could read records. ALLOW_ANONYMOUS_NETWORK=true allows it.',
  ],
  [
    ({ authMode, tokens }) => authMode === 'token' && !tokens,
    'AUTH_TOKENS_FILE must be set when AUTH_MODE is token.',
  ],
  [
    ({ authMode, tokens }) => authMode !== 'token' && Boolean(tokens),
    'AUTH_MODE must be token when AUTH_TOKENS_FILE is set.',
  ],
  [
    ({ authMode, jwtJwksUrl, jwtIssuer, jwtAudience }) =>
      authMode === 'jwt' && !(jwtJwksUrl && jwtIssuer && jwtAudience),
    'JWT_JWKS_URL, JWT_ISSUER and JWT_AUDIENCE must be set when AUTH_MODE is jwt.',
  ],
  [
    ({ authMode, jwtJwksUrl }) => authMode !== 'jwt' && Boolean(jwtJwksUrl),
    'AUTH_MODE must be jwt when JWT_JWKS_URL is set.',
  ],
  [
    ({ authMode, apiKey, accountKeys }) => authMode === 'basic' && Boolean(apiKey || accountKeys.size > 0),
    'VONAGE_API_KEY and VONAGE_CREDENTIALS_FILE must not be set when AUTH_MODE is basic: callers bring their own keys.',
  ],
  [
    ({ authMode, redisUrl }) => authMode === 'basic' && Boolean(redisUrl),
    'REDIS_URL must not be set when AUTH_MODE is basic: what is read with a key of a caller is not shared.',
  ],
  [
    ({ headersTimeoutMs, requestTimeoutMs }) => requestTimeoutMs < headersTimeoutMs,
    'REQUEST_TIMEOUT_MS must not be less than HEADERS_TIMEOUT_MS.',
  ],
];

function contradictions(config: Config): string[] {
  return rules.filter(([isBroken]) => isBroken(config)).map(([, fault]) => fault);
}

function hasSecondSecret({ apiKey, apiSecret, accountKeys }: Config): boolean {
  if (!apiKey || !apiSecret) return false;
  const { authorization } = new Credentials(apiKey, apiSecret);
  return [...accountKeys.values()].some(
    (each) => each.apiKey === apiKey && each.authorization !== authorization,
  );
}

function readSetting(setting: Setting<unknown>, reading: Reading): unknown {
  const text = textOf(setting, reading) || setting.fallback(reading.environment);
  if (text === undefined) return undefined;
  const result = setting.schema.safeParse(text);
  if (result.success) return result.data;
  const { issues } = result.error;
  if (setting.source === 'file') reading.faults.push(...issues.map((issue) => fileFault(setting.key, issue)));
  else reading.faults.push(`${setting.key} ${messagesOf(issues)}${quoted(setting, text)}.`);
  return undefined;
}

/** The text of a setting; empty, which is how a shell or a compose file says "not set", or undefined for none. */
function textOf({ key, source }: Setting<unknown>, reading: Reading): string | undefined {
  const { environment, faults } = reading;
  if (source === 'variable') return environment[key];
  if (source === 'file') return readTextFile(key, reading);
  if (!environment[`${key}_FILE`]) return environment[key];
  if (environment[key]) faults.push(`${key} and ${key}_FILE must not both be set.`);
  return readTextFile(`${key}_FILE`, reading);
}

function readTextFile(variable: string, { environment, faults, files }: Reading): string | undefined {
  const path = environment[variable];
  if (!path) return undefined;
  files.push(path);
  try {
    const text = readBytes(path).toString('utf8').trim();
    // It may be half written; to take it for "not set" could open what it guards.
    if (text === '') faults.push(`${variable} must not name an empty file.`);
    return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    faults.push(`${variable} must name a readable file of at most ${maxFileBytes} bytes (${code}).`);
    return undefined;
  }
}

/** Reads no more than is allowed, since what is no plain file has no size to ask for. */
function readBytes(path: string): Buffer {
  const bytes = Buffer.alloc(maxFileBytes + 1);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    if (length > maxFileBytes) throw Object.assign(new Error('The file is too large'), { code: 'EFBIG' });
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function fileFault(key: string, { path, message }: z.core.$ZodIssue): string {
  const place = path.map((each) => (typeof each === 'number' ? `[${each}]` : `.${String(each)}`)).join('');
  return `${key}: ${place.replace(/^\./, '') || 'the file'} ${message}.`;
}

function messagesOf(issues: readonly z.core.$ZodIssue[]): string {
  return issues.map(({ message }) => message).join(', ');
}

/** What arrived, without the name and the password that a URL may hold. */
function quoted({ source, isQuoted = true }: Setting<unknown>, text: string): string {
  if (source !== 'variable' || !isQuoted) return '';
  return `, got: ${JSON.stringify(text.replace(/^(.*?\/\/)?.*@/s, '$1…@').slice(0, 80))}`;
}
