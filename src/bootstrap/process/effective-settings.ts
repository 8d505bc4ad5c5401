import type { Config } from '../../config/config.js';
import { settingGroups } from '../../config/settings.js';

/** The settings in use by the names of their variables, without secrets, files and settings without a value. */
export function effectiveSettings(config: Config): Readonly<Record<string, unknown>> {
  const { general: _process, ...groups } = settingGroups;
  const settings = Object.entries(groups).flatMap(([group, members]) =>
    Object.entries(members).map(([name, setting]) => {
      const values = config[group as keyof typeof groups] as Readonly<Record<string, unknown>>;
      return [setting, values[name]] as const;
    }),
  );
  const shown = settings.filter(
    ([{ source, isQuoted }, value]) => source === 'variable' && isQuoted !== false && value !== undefined,
  );
  return {
    LOG_LEVEL: config.logLevel,
    ...Object.fromEntries(shown.map(([{ key }, value]) => [key, value])),
  };
}
