import type { SettingGroup, ValuesOf } from './setting.js';
import { adminSettings } from './settings/admin.js';
import { authSettings } from './settings/auth.js';
import { cacheSettings } from './settings/cache.js';
import { generalSettings } from './settings/general.js';
import { graphqlSettings } from './settings/graphql.js';
import { httpSettings } from './settings/http.js';
import { limitSettings } from './settings/limits.js';
import { redisSettings } from './settings/redis.js';
import { vonageSettings } from './settings/vonage.js';

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
