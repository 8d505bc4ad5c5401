import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import type { Credentials } from '../vonage/credentials.js';
import { ConfigError, fileAccessWarning } from './config-problems.js';
import { contradictions, lacksCredentials } from './contradictions.js';
import type { Environment, Setting, SettingGroup } from './setting.js';
import { type SettingValues, settingGroups } from './settings.js';
import { unknownVariables, variableNameErrors } from './variable-names.js';

/** Settings of the calls to Vonage. */
interface VonageConfig extends Omit<SettingValues['vonage'], 'accountKeys' | 'simulator'> {
  /** The operator's credentials by account id, from `VONAGE_CREDENTIALS_FILE`; empty without that file. */
  readonly accountKeys: ReadonlyMap<string, Credentials>;
  /** Whether the embedded simulator answers in place of Vonage. */
  readonly simulator: boolean;
}

/** The checked configuration by group. */
export interface Config extends Omit<SettingValues, 'general' | 'vonage'> {
  /** Whether `NODE_ENV` is `production`. */
  readonly production: boolean;
  /** Least severe level that the gateway logs. */
  readonly logLevel: SettingValues['general']['logLevel'];
  readonly vonage: VonageConfig;
  /** Path of every file that was read, as the variable has it. A change of one may change the configuration. */
  readonly files: readonly string[];
  /** What may be a mistake of the operator, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration from the environment and from the files that it names. Throws a ConfigError that lists every
 * error of both.
 *
 * @param earlierErrors errors that were found before, to be listed with the others
 * @param earlierWarnings warnings that were found before
 */
export function readConfig(
  environment: Environment,
  earlierErrors: readonly string[] = [],
  earlierWarnings: readonly string[] = [],
): Config {
  const reading: Reading = { environment, errors: [], warnings: [], files: [] };
  const groups = Object.entries(settingGroups).map(([name, group]) => [name, readGroup(group, reading)]);
  const values: SettingValues = Object.fromEntries(groups);
  const faulty = new Set(reading.errors.map(({ key }) => key));
  const errors = [
    ...earlierErrors,
    ...variableNameErrors(environment),
    ...reading.errors.map(({ sentence }) => sentence),
    ...contradictions(values, faulty),
  ];
  const unknown = unknownVariables(environment);
  if (errors.length > 0) throw new ConfigError([...errors, ...unknown]);
  const warnings = [...earlierWarnings, ...unknown, ...reading.warnings];
  return Object.freeze({ ...toConfig(values, reading.files), warnings });
}

function readGroup(group: SettingGroup, reading: Reading): Readonly<Record<string, unknown>> {
  const entries = Object.entries(group).map(([name, setting]) => [name, readSetting(setting, reading)]);
  return Object.freeze(Object.fromEntries(entries));
}

function toConfig(values: SettingValues, files: readonly string[]): Omit<Config, 'warnings'> {
  const { general, vonage, ...groups } = values;
  const { apiKey, accountKeys = new Map<string, Credentials>() } = vonage;
  const [onlyAccount] = accountKeys.size === 1 ? accountKeys.keys() : [];
  return {
    ...groups,
    production: general.environment === 'production',
    logLevel: general.logLevel,
    vonage: {
      ...vonage,
      accountKeys,
      accountId: vonage.accountId ?? apiKey ?? onlyAccount,
      simulator: vonage.simulator ?? lacksCredentials(values),
    },
    files,
  };
}

/** What the settings are read from, and what reading them collects. */
interface Reading {
  readonly environment: Environment;
  /** One sentence for each error, by the name of the setting. */
  readonly errors: { readonly key: string; readonly sentence: string }[];
  /** One sentence for each file that others can read or change. */
  readonly warnings: string[];
  /** Paths of the files that were read, as the variables have them. */
  readonly files: string[];
}

/** One mebibyte. The files are far smaller; a wrong path could name a device without an end. */
const maxFileBytes = 1_048_576;

/** Reads one setting. Returns undefined for an error, which the reading collects, and for a setting without a value. */
function readSetting(setting: Setting<unknown>, reading: Reading): unknown {
  const text = textOf(setting, reading) || setting.fallback(reading.environment);
  if (text === undefined) return undefined;
  const result = setting.schema.safeParse(text);
  if (result.success) return result.data;
  const { key, source } = setting;
  const { issues } = result.error;
  const sentences =
    source === 'file'
      ? issues.map((issue) => `${key}: ${placeOf(issue)} ${issue.message}.`)
      : [`${key} ${issues.map(({ message }) => message).join(', ')}${received(setting, text)}.`];
  reading.errors.push(...sentences.map((sentence) => ({ key, sentence })));
  return undefined;
}

/** The text of a setting. Shells and compose files say "not set" with an empty text. */
function textOf(setting: Setting<unknown>, reading: Reading): string | undefined {
  const { key, source } = setting;
  const { environment, errors } = reading;
  if (source === 'variable') return environment[key];
  if (source === 'file') return readTextFile(setting, key, reading);
  const variable = `${key}_FILE`;
  if (!environment[variable]) return environment[key];
  if (environment[key])
    errors.push({
      key,
      sentence: `${key} must not be set when ${variable} is set, got both: remove one of them.`,
    });
  return readTextFile(setting, variable, reading);
}

function readTextFile(
  { key, isPublic }: Setting<unknown>,
  variable: string,
  reading: Reading,
): string | undefined {
  const path = reading.environment[variable];
  if (!path) return undefined;
  reading.files.push(path);
  const warning = fileAccessWarning(variable, path, !isPublic);
  if (warning) reading.warnings.push(warning);
  const report = (sentence: string) => void reading.errors.push({ key, sentence });
  try {
    const text = readBytes(path).toString('utf8').trim();
    // A writer may not be done. To take the setting for "not set" could allow what the file forbids.
    if (text === '') report(`${variable} must not name an empty file.`);
    return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    report(`${variable} must name a readable file of at most ${maxFileBytes} bytes, got ${code}.`);
    return undefined;
  }
}

/** Reads no more than the limit, because a device or a pipe has no size to check first. */
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

/** Where in a file an error is, such as `tokens[0].scopes`. */
function placeOf({ path }: z.core.$ZodIssue): string {
  const place = path.map((each) => (typeof each === 'number' ? `[${each}]` : `.${String(each)}`)).join('');
  return place.replace(/^\./, '') || 'the file';
}

/** What arrived, without the user name and the password that a URL may hold, and its likely cause. */
function received({ source, isQuoted = true }: Setting<unknown>, text: string): string {
  if (source !== 'variable' || !isQuoted) return '';
  const shown = JSON.stringify(text.replace(/^(.*?\/\/)?.*@/s, '$1…@').slice(0, 80));
  const cause = likelyCauses.find(([pattern]) => pattern.test(text))?.[1] ?? '';
  return `, got ${shown}${cause}`;
}

const likelyCauses: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [/^(["']).*\1$/s, ': the quotes are part of the value, as in an env file of Docker; remove them'],
  [/^\s|\s$/, ': white space at its start or end is part of the value; remove it'],
];

/** The variables that the configuration is read from. */
export interface Variables {
  readonly environment: Environment;
  /** One sentence for each error of the `.env` file. */
  readonly errors: readonly string[];
  /** A sentence if other users can read secrets of the file, or change it. */
  readonly warnings: readonly string[];
}

const secrets = Object.values(settingGroups)
  .flatMap((group) => Object.values<Setting<unknown>>(group))
  .flatMap(({ key, source }) => (source === 'secret' ? [key] : []));

/**
 * Adds the variables of a `.env` file to the environment of a process in development. Real environment variables win. The
 * file is optional; a process in test or production ignores it. It is an error if the file cannot be read, or if it sets
 * `NODE_ENV`, which decides whether the file counts.
 *
 * @param path default: `.env` in the working directory
 */
export function withEnvFile(environment: Environment, path = '.env'): Variables {
  const { NODE_ENV: name } = environment;
  if (name && name !== 'development') return { environment, errors: [], warnings: [] };
  try {
    const { NODE_ENV: ownName, ...variables } = parseEnv(readFileSync(path, 'utf8'));
    const error = `NODE_ENV must not be set in ${path}: set it in the environment of the process.`;
    const isSecret = secrets.some((key) => variables[key]);
    const warning = fileAccessWarning(path, path, isSecret);
    return {
      environment: { ...variables, ...environment },
      errors: ownName ? [error] : [],
      warnings: warning ? [warning] : [],
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const errors = code === 'ENOENT' ? [] : [`${path} must be a readable file, got ${code}.`];
    return { environment, errors, warnings: [] };
  }
}
