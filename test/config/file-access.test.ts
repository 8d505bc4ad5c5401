import { chmodSync } from 'node:fs';
import { readConfig, withEnvFile } from '../../src/config/config.js';
import { SettingFiles, secret, token } from './environment.js';

const files = new SettingFiles();
afterAll(() => files.remove());

/** A file with a mode. */
function fileOf(content: unknown, mode: number): string {
  const path = files.add(content);
  chmodSync(path, mode);
  return path;
}

const secretFile = (mode: number) => ({
  VONAGE_API_KEY: 'abcd1234',
  VONAGE_API_SECRET_FILE: fileOf(secret, mode),
});
const tokenFile = (mode: number) => ({
  AUTH_MODE: 'token',
  AUTH_TOKENS_FILE: fileOf({ tokens: [token] }, mode),
});
const credentialsFile = (mode: number) => ({
  VONAGE_CREDENTIALS_FILE: fileOf(
    { accounts: { abcd1234: { apiKey: 'abcd1234', apiSecret: secret } } },
    mode,
  ),
});
const redisFile = (mode: number) => ({ REDIS_URL_FILE: fileOf('redis://:password@127.0.0.1:6379', mode) });
const documentsFile = (mode: number) => ({ TRUSTED_DOCUMENTS_FILE: fileOf({}, mode) });

describe('a file with secrets or tokens', () => {
  const each = { secretFile, tokenFile, credentialsFile, redisFile };

  test.each(Object.entries(each))(
    'that only its owner, or also its group, can read is no reason to warn: %s',
    (_name, file) => {
      for (const mode of [0o400, 0o600, 0o440, 0o640]) expect(readConfig(file(mode)).warnings).toEqual([]);
    },
  );

  test.each(Object.entries(each))('that others can read or change is warned of: %s', (_name, file) => {
    const warningsAt = (mode: number) => {
      const environment = file(mode);
      const [variable = ''] = Object.keys(environment).filter((key) => key.endsWith('_FILE'));
      return readConfig(environment).warnings.map((warning) => warning.replace(variable, 'X'));
    };
    const warning = (actions: string, mode: string) => [
      `X: other users of this machine can ${actions} the file (mode ${mode}). Restrict it to the user of the gateway, such as with chmod 600.`,
    ];
    expect(warningsAt(0o644)).toEqual(warning('read', '644'));
    expect(warningsAt(0o620)).toEqual(warning('change', '620'));
    expect(warningsAt(0o602)).toEqual(warning('change', '602'));
    expect(warningsAt(0o666)).toEqual(warning('read and change', '666'));
  });
});

test('a list of trusted documents may be read by others, but not changed', () => {
  expect(readConfig(documentsFile(0o644)).warnings).toEqual([]);
  expect(readConfig(documentsFile(0o646)).warnings).toEqual([
    expect.stringMatching(/^TRUSTED_DOCUMENTS_FILE: other users of this machine can change the file/),
  ]);
});

test('a .env file with a secret is warned of like any other file, and one without may be readable', () => {
  const warningsOf = (text: string, mode: number) => {
    const { environment, errors, warnings } = withEnvFile({}, fileOf(text, mode));
    return readConfig(environment, errors, warnings).warnings;
  };
  const withSecret = `VONAGE_API_KEY=abcd1234\nVONAGE_API_SECRET=${secret}\n`;
  expect(warningsOf(withSecret, 0o644)).toEqual([expect.stringContaining('can read the file (mode 644)')]);
  expect(warningsOf(withSecret, 0o600)).toEqual([]);
  expect(warningsOf('PORT=4100\n', 0o644)).toEqual([]);
  expect(warningsOf('PORT=4100\n', 0o666)).toEqual([expect.stringContaining('can change the file')]);
});

test('a warning quotes nothing of the file', () => {
  expect(readConfig(secretFile(0o666)).warnings.join()).not.toContain(secret);
});
