import { join } from 'node:path';
import { readConfig, withEnvFile } from '../../src/config/config.js';
import { errorsOf, SettingFiles } from './environment.js';

const files = new SettingFiles();
afterAll(() => files.remove());
const path = files.add('# the port of this machine\nPORT=4100\nVONAGE_ACCOUNT_ID="sub-1"\n');

test('in development the variables of the file count', () => {
  for (const environment of [{}, { NODE_ENV: '' }, { NODE_ENV: 'development' }]) {
    const { http, vonage } = readConfig(withEnvFile(environment, path).environment);
    expect([http.port, vonage.accountId]).toEqual([4100, 'sub-1']);
  }
});

test('variables of the environment win over the file', () => {
  expect(readConfig(withEnvFile({ PORT: '4200' }, path).environment).http.port).toBe(4200);
});

test.each(['test', 'production', 'staging'])('with NODE_ENV=%s the file is ignored', (environment) => {
  expect(withEnvFile({ NODE_ENV: environment }, path)).toEqual({
    environment: { NODE_ENV: environment },
    errors: [],
    warnings: [],
  });
});

test('the file is optional', () => {
  expect(withEnvFile({ PORT: '4200' }, join(files.path, 'missing'))).toEqual({
    environment: { PORT: '4200' },
    errors: [],
    warnings: [],
  });
});

test('a file that cannot be read, or that sets NODE_ENV, is an error beside those of the settings', () => {
  const errorsWith = (file: string) => {
    const { environment, errors } = withEnvFile({ LOG_LEVEL: 'loud' }, file);
    return errorsOf(environment, errors);
  };
  const production = files.add('NODE_ENV=production\nPORT=http\n');
  expect(errorsWith(production)).toEqual([
    expect.stringMatching(/^NODE_ENV must not be set in .*: set it in the environment/),
    expect.stringMatching(/^LOG_LEVEL must be/),
    expect.stringMatching(/^PORT must be/),
  ]);
  expect(errorsWith(files.path)).toEqual([
    expect.stringMatching(/must be a readable file, got EISDIR/),
    expect.stringMatching(/^LOG_LEVEL must be/),
  ]);
});
