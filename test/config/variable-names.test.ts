import { readConfig } from '../../src/config/config.js';
import { settingGroups } from '../../src/config/settings.js';
import { fixedValues, renamedVariables } from '../../src/config/variable-names.js';
import { errorsOf } from './environment.js';

const keys = Object.values(settingGroups).flatMap((group) => Object.values(group).map(({ key }) => key));

test('no two settings read the same variable', () => {
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(fixedValues.map(({ key, value }) => [key, value]))(
  'the former setting %s is an error that names the constant',
  (key, value) => {
    expect(keys).not.toContain(key);
    expect(errorsOf({ [key]: '7' })).toEqual([
      `${key} must be removed: the setting no longer exists, and the value is always ${value}.`,
    ]);
  },
);

test.each([...renamedVariables])('the old name %s is an error that names %s', (old, current) => {
  expect(keys).toContain(current);
  expect(errorsOf({ [old]: '7' })).toEqual([`${old} must be renamed: the setting is now ${current}.`]);
});

test.each([
  ['VONAGE_API_SECERT', 'VONAGE_API_SECRET'],
  ['VONAGE_API_KEYS', 'VONAGE_API_KEY'],
  ['CACHE_MAX_BYTE', 'CACHE_MAX_BYTES'],
  ['ROUTER_SECRETS_FILE', 'ROUTER_SECRET_FILE'],
])('the misspelled name %s is an error that names %s', (name, similar) => {
  expect(errorsOf({ [name]: 'x' })).toEqual([
    `${name} must be corrected or removed: no setting has this name, and ${similar} is similar.`,
  ]);
});

test.each(['HOME', 'PATH', 'REDIS_URI', 'NODE_ENVS', 'VONAGE_PRIVATE_KEY', 'MAX_OLD_SPACE', 'constructor'])(
  'the variable %s of another program is no error',
  (name) => {
    expect(errorsOf({ [name]: 'x' })).toEqual([]);
  },
);

describe('a variable that begins with VONAGE_ and is no setting', () => {
  const names = ['VONAGE_KEY', 'VONAGE_SECRET', 'VONAGE_PRIVATE_KEY', 'vonage_base'];

  test.each(names)('%s is a warning, because another program may use it', (name) => {
    expect(readConfig({ [name]: 'x' }).warnings).toEqual([
      `${name} is set, but no setting has this name; docs/configuration.md lists the settings.`,
    ]);
  });

  test('is named beside the errors, because it may be their cause', () => {
    expect(errorsOf({ NODE_ENV: 'production', VONAGE_KEY: 'x' })).toEqual([
      expect.stringMatching(/^VONAGE_API_KEY and VONAGE_API_SECRET must be set/),
      expect.stringMatching(/^VONAGE_KEY is set/),
    ]);
  });

  test('is an error in lower case, if a setting has the same letters', () => {
    expect(errorsOf({ vonage_api_key: 'x' })).toEqual([
      expect.stringMatching(/^vonage_api_key must be corrected .* VONAGE_API_KEY is similar/),
    ]);
  });

  test('is no warning if Kubernetes set it for a Service of the gateway, or if it is empty', () => {
    const environment = { VONAGE_RECORDS_GATEWAY_PORT_80_TCP: 'tcp://10.0.0.1:80', VONAGE_KEY: '' };
    expect(readConfig(environment).warnings).toEqual([]);
  });
});
