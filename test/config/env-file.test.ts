import { join } from 'node:path';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import { withEnvFile } from '../../src/config/env-file.js';
import { SettingFiles } from './environment.js';

const files = new SettingFiles();
afterAll(() => files.remove());
const path = files.add('# the port of this machine\nPORT=4100\nVONAGE_ACCOUNT_ID="sub-1"\n');

test('in development the variables of the file count', () => {
  for (const environment of [{}, { NODE_ENV: '' }, { NODE_ENV: 'development' }]) {
    const { http, vonage } = readConfig(withEnvFile(environment, path));
    expect([http.port, vonage.accountId]).toEqual([4100, 'sub-1']);
  }
});

test('variables of the environment win over the file', () => {
  expect(readConfig(withEnvFile({ PORT: '4200' }, path)).http.port).toBe(4200);
});

test.each(['test', 'production', 'staging'])('with NODE_ENV=%s the file is ignored', (environment) => {
  expect(withEnvFile({ NODE_ENV: environment }, path)).toEqual({ NODE_ENV: environment });
});

test('the file is optional', () => {
  expect(withEnvFile({ PORT: '4200' }, join(files.path, 'missing'))).toEqual({ PORT: '4200' });
});

test('a file that cannot be read, or that sets NODE_ENV, is a configuration error', () => {
  expect(() => withEnvFile({}, files.path)).toThrow(ConfigError);
  const production = files.add('NODE_ENV=production\n');
  expect(() => withEnvFile({}, production)).toThrow(
    /NODE_ENV must not be set in .*: set it in the environment/,
  );
});
