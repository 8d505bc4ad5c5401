import { flag, oneOf, type SettingGroup, setting, type ValuesOf } from './setting.js';
import { authSettings } from './settings/auth.js';
import { cacheSettings, redisSettings } from './settings/cache.js';
import { graphqlSettings, limitSettings } from './settings/graphql.js';
import { adminSettings, httpSettings } from './settings/http.js';
import { vonageSettings } from './settings/vonage.js';

/** Settings of the process as a whole. */
const generalSettings = {
  environment: setting(
    'NODE_ENV',
    oneOf(['development', 'test', 'production']),
    'development',
    'Environment of the process. `production` requires Vonage credentials or `SIMULATOR=true`, turns Apollo Sandbox off, turns the explorer off unless `EXPLORER=true`, and answers introspection only to callers with the scope `introspect`. Only `development` reads the file `.env`.',
  ),
  allowDevelopmentNetwork: setting(
    'ALLOW_DEVELOPMENT_NETWORK',
    flag(),
    'false',
    'Whether the gateway may start if `NODE_ENV` is not `production` and `HOST` is not a loopback address. Every client that reaches the address then gets the sandbox page and the explorer, and callers read the schema.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
    'Least severe level that the gateway logs.',
  ),
};

/** Every setting of the gateway, by group. */
export const settingGroups = {
  general: generalSettings,
  vonage: vonageSettings,
  http: httpSettings,
  admin: adminSettings,
  auth: authSettings,
  limits: limitSettings,
  cache: cacheSettings,
  redis: redisSettings,
  graphql: graphqlSettings,
} as const satisfies Readonly<Record<string, SettingGroup>>;

type Groups = typeof settingGroups;

/** The values of all settings by group, before the gateway derives anything from them. */
export type SettingValues = { readonly [Name in keyof Groups]: ValuesOf<Groups[Name]> };
