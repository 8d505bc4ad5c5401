import type { Config } from '../../src/config/config.js';

type GroupName = Exclude<keyof Config, 'production' | 'logLevel' | 'files'>;

/** Some values of a configuration, by group. */
export type ConfigChanges = Partial<Omit<Config, GroupName>> & {
  readonly [Group in GroupName]?: Partial<Config[Group]>;
};

/** The configuration with some values replaced; a group keeps the values that the changes do not name. */
export function changeConfig(config: Config, changes: ConfigChanges): Config {
  const groups = Object.entries(changes).map(([name, change]) => {
    const value = config[name as GroupName];
    return [
      name,
      typeof value === 'object' && !Array.isArray(value) ? { ...value, ...(change as object) } : change,
    ];
  });
  return { ...config, ...Object.fromEntries(groups) };
}
