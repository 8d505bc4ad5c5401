import type { Credentials } from '../vonage/credentials.js';
import { ConfigError } from './config-error.js';
import { contradictions, lacksCredentials } from './contradictions.js';
import { type Reading, readSetting } from './read-setting.js';
import type { Environment, SettingGroup } from './setting.js';
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
