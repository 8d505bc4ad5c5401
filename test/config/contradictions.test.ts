import { readConfig } from '../../src/config/config.js';
import { errorsOf, jwt, SettingFiles, secret, token, withCredentials } from './environment.js';

const pair = { apiKey: 'abcd1234', apiSecret: secret };
const files = new SettingFiles();
afterAll(() => files.remove());
const tokensFile = files.add({ tokens: [token] });
const oneAccount = files.add({ accounts: { 'sub-1': pair } });
const twoAccounts = files.add({ accounts: { 'sub-1': pair, 'sub-2': pair } });

/** What an anonymous network in development needs. */
const allowedNetwork = {
  ALLOW_ANONYMOUS_NETWORK: 'true',
  ALLOW_DEVELOPMENT_NETWORK: 'true',
  ALLOWED_HOSTS: 'records.internal',
};

/** An error that begins like this. */
const error = (text: string) => [expect.stringMatching(`^${text}`)];

describe('a process without Vonage credentials', () => {
  test('uses the embedded simulator on a loopback address', () => {
    for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost'])
      expect(readConfig({ HOST: host }).vonage.simulator).toBe(true);
  });

  test.each(['0.0.0.0', '::', '10.0.0.7', 'records.internal'])('does not start on %s', (host) => {
    const environment = { HOST: host, ...allowedNetwork };
    expect(errorsOf(environment)).toEqual(
      error('HOST must be a loopback address when no Vonage credentials'),
    );
    expect(readConfig({ ...environment, SIMULATOR: 'true' }).vonage.simulator).toBe(true);
    expect(readConfig({ ...environment, ...withCredentials }).vonage.simulator).toBe(false);
  });

  test('does not start in production, unless the simulator is turned on explicitly', () => {
    const production = { NODE_ENV: 'production' };
    expect(errorsOf(production)).toEqual(
      error('VONAGE_API_KEY and VONAGE_API_SECRET must be set when NODE_ENV'),
    );
    expect(errorsOf({ ...production, SIMULATOR: 'false' })).toHaveLength(1);
    expect(readConfig({ ...production, SIMULATOR: 'true' }).vonage.simulator).toBe(true);
    expect(readConfig({ ...production, VONAGE_CREDENTIALS_FILE: oneAccount }).vonage.simulator).toBe(false);
    expect(readConfig({ ...production, AUTH_MODE: 'basic' }).vonage.simulator).toBe(false);
  });

  test('does not start when the simulator is turned off', () => {
    expect(errorsOf({ SIMULATOR: 'false' })).toEqual(
      error('VONAGE_API_KEY and VONAGE_API_SECRET must be set when SIMULATOR is false'),
    );
  });

  test('is the only one that takes SIMULATOR=true', () => {
    for (const environment of [
      withCredentials,
      { VONAGE_CREDENTIALS_FILE: oneAccount },
      { AUTH_MODE: 'basic' },
    ])
      expect(errorsOf({ ...environment, SIMULATOR: 'true' })).toEqual(
        error('SIMULATOR must not be true when'),
      );
  });
});

describe('the credentials of accounts', () => {
  test('need both halves', () => {
    expect(errorsOf({ VONAGE_API_KEY: 'abcd1234' })).toEqual(
      error('VONAGE_API_SECRET_FILE or .* must be set'),
    );
    expect(errorsOf({ VONAGE_API_SECRET: secret })).toEqual(error('VONAGE_API_KEY must be set'));
  });

  test('do not go together with the credentials of callers', () => {
    for (const environment of [withCredentials, { VONAGE_CREDENTIALS_FILE: oneAccount }])
      expect(errorsOf({ ...environment, AUTH_MODE: 'basic' })).toEqual(
        error('VONAGE_API_KEY and VONAGE_CREDENTIALS_FILE must not be set when AUTH_MODE is basic'),
      );
  });

  test('have the only account as the default, and need a default among several', () => {
    const accountOf = (environment: Record<string, string>) => readConfig(environment).vonage.accountId;
    expect(accountOf({ VONAGE_CREDENTIALS_FILE: oneAccount })).toBe('sub-1');
    expect(accountOf({ VONAGE_CREDENTIALS_FILE: twoAccounts, VONAGE_ACCOUNT_ID: 'sub-2' })).toBe('sub-2');
    for (const environment of [
      { VONAGE_CREDENTIALS_FILE: twoAccounts },
      { VONAGE_CREDENTIALS_FILE: twoAccounts, VONAGE_ACCOUNT_ID: 'sub-3' },
      { VONAGE_CREDENTIALS_FILE: oneAccount, VONAGE_ACCOUNT_ID: 'sub-3' },
    ])
      expect(errorsOf(environment)).toEqual(error('VONAGE_ACCOUNT_ID must name an account of'));
  });

  test('leave the account of VONAGE_API_KEY the default', () => {
    const own = {
      VONAGE_API_KEY: 'efgh5678',
      VONAGE_API_SECRET: 'another',
      VONAGE_CREDENTIALS_FILE: twoAccounts,
    };
    expect(readConfig(own).vonage.accountId).toBe('efgh5678');
    expect(readConfig({ ...own, VONAGE_ACCOUNT_ID: 'main' }).vonage.accountId).toBe('main');
  });

  test('cannot have two secrets for one key', () => {
    const own = { VONAGE_API_KEY: 'abcd1234', VONAGE_CREDENTIALS_FILE: oneAccount };
    expect(errorsOf({ ...own, VONAGE_API_SECRET: secret })).toEqual([]);
    expect(errorsOf({ ...own, VONAGE_API_SECRET: 'another' })).toEqual(
      error('VONAGE_API_SECRET must be the secret that VONAGE_CREDENTIALS_FILE has'),
    );
  });
});

describe.each(['0.0.0.0', '::', '10.0.0.7', 'records.internal', '127.0.0.1.example.test', '::ffff:10.0.0.7'])(
  'on the network address %s',
  (host) => {
    const environment = { HOST: host, ...allowedNetwork, SIMULATOR: 'true' };

    test('callers are anonymous only where ALLOW_ANONYMOUS_NETWORK says so', () => {
      expect(errorsOf(environment)).toEqual([]);
      expect(errorsOf({ ...environment, ALLOW_ANONYMOUS_NETWORK: '' })).toEqual(
        error('AUTH_MODE must not be none when HOST is not'),
      );
    });

    test('anonymous callers need a list of hosts, because any web page could call the gateway otherwise', () => {
      expect(errorsOf({ ...environment, ALLOWED_HOSTS: '' })).toEqual(
        error('ALLOWED_HOSTS must be set when AUTH_MODE is none'),
      );
    });

    test('the gateway runs in development only where ALLOW_DEVELOPMENT_NETWORK says so, in every mode', () => {
      const modes = [
        { AUTH_MODE: 'basic' },
        { ...withCredentials, ...jwt },
        { ...withCredentials, AUTH_MODE: 'token', AUTH_TOKENS_FILE: tokensFile },
      ];
      for (const mode of modes) {
        for (const name of ['', 'development', 'test'])
          expect(errorsOf({ HOST: host, NODE_ENV: name, ...mode })).toEqual(
            error('NODE_ENV must be production when HOST is not a loopback address'),
          );
        expect(errorsOf({ HOST: host, ...mode, ALLOW_DEVELOPMENT_NETWORK: 'true' })).toEqual([]);
        expect(errorsOf({ HOST: host, ...mode, NODE_ENV: 'production' })).toEqual([]);
      }
    });
  },
);

describe('a mode of authentication', () => {
  test('needs its settings', () => {
    expect(errorsOf({ AUTH_MODE: 'token' })).toEqual(
      error('AUTH_TOKENS_FILE must be set when AUTH_MODE is token'),
    );
    for (const key of ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'])
      expect(errorsOf({ ...jwt, [key]: '' })).toEqual(
        error('JWT_JWKS_URL, JWT_ISSUER and JWT_AUDIENCE must be set when AUTH_MODE is jwt'),
      );
  });

  test('is required by its settings', () => {
    expect(errorsOf({ AUTH_TOKENS_FILE: tokensFile })).toEqual(
      error('AUTH_MODE must be token when AUTH_TOKENS_FILE is set'),
    );
    expect(errorsOf({ ...jwt, AUTH_MODE: 'none' })).toEqual(
      error('AUTH_MODE must be jwt when JWT_JWKS_URL is set'),
    );
  });

  test('takes keys over http from a loopback address only', () => {
    for (const url of ['http://127.0.0.1:8080/jwks', 'http://[::1]:8080/jwks', 'https://issuer.test/jwks'])
      expect(readConfig({ ...jwt, JWT_JWKS_URL: url }).auth.jwtJwksUrl).toBe(url);
    expect(errorsOf({ ...jwt, JWT_JWKS_URL: 'http://issuer.test/jwks' })).toHaveLength(1);
  });
});

describe('Redis', () => {
  test('holds nothing that the gateway reads with the keys of callers', () => {
    expect(errorsOf({ REDIS_URL: 'redis://127.0.0.1:6379', AUTH_MODE: 'basic' })).toEqual(
      error('REDIS_URL must not be set when AUTH_MODE is basic'),
    );
  });

  test('is what REPLICAS needs', () => {
    expect(errorsOf({ REPLICAS: '3' })).toEqual(error('REPLICAS must not be set when REDIS_URL is not set'));
    expect(readConfig({ REPLICAS: '3', REDIS_URL: 'redis://127.0.0.1:6379' }).redis.replicas).toBe(3);
  });
});
