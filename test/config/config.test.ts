import { join } from 'node:path';
import { accessScopes } from '../../src/access/principal.js';
import { readConfig } from '../../src/config/config.js';
import { errorsOf, jwt, SettingFiles, secret, token, withCredentials } from './environment.js';

const pair = { apiKey: 'abcd1234', apiSecret: secret };
const files = new SettingFiles();
afterAll(() => files.remove());
const tokensFile = files.add({ tokens: [token] });

describe('without any setting', () => {
  test('the gateway listens on this machine only, and its anonymous caller has every scope', () => {
    expect(readConfig({})).toMatchObject({
      production: false,
      http: { host: '127.0.0.1', port: 4000 },
      auth: {
        mode: 'none',
        anonymousScopes: accessScopes,
        callerIdsPerSecond: undefined,
        callerRecordsPerDay: undefined,
        tokens: undefined,
      },
      redis: { url: undefined, replicas: undefined },
      vonage: { simulator: true },
      files: [],
    });
    expect(readConfig({}).vonage.accountKeys.size).toBe(0);
  });

  test('an empty variable counts as not set', () => {
    const environment = { AUTH_MODE: '', AUTH_TOKENS_FILE: '', ANONYMOUS_SCOPES: '', MAX_ERRORS: '' };
    expect(readConfig(environment)).toEqual(readConfig({}));
  });
});

describe('a default can follow from other settings', () => {
  const production = { NODE_ENV: 'production', ...withCredentials };

  test('in production the anonymous caller reads neither the schema nor the cost', () => {
    const scopesOf = (environment: Record<string, string>) => readConfig(environment).auth.anonymousScopes;
    expect(scopesOf(production)).toEqual(['records:read', 'records:content', 'records:numbers']);
    expect(scopesOf({ ...production, ANONYMOUS_SCOPES: 'records:read, explain' })).toEqual([
      'records:read',
      'explain',
    ]);
  });

  test('no caller lists records by date in production unless a setting grants it', () => {
    const { auth } = readConfig(production);
    expect([auth.anonymousScopes, auth.basicScopes].flat()).not.toContain('records:range');
    const granted = readConfig({ AUTH_MODE: 'basic', BASIC_SCOPES: 'records:read,records:range' });
    expect(granted.auth.basicScopes).toEqual(['records:read', 'records:range']);
  });

  test('callers who authenticate may look up 50 ids a second, unless CALLER_IDS_PER_SECOND says otherwise', () => {
    const rateOf = (environment: Record<string, string>) => readConfig(environment).auth.callerIdsPerSecond;
    expect(rateOf({ AUTH_MODE: 'basic' })).toBe(50);
    expect(rateOf(jwt)).toBe(50);
    expect(rateOf({ AUTH_MODE: 'basic', CALLER_IDS_PER_SECOND: '7' })).toBe(7);
    expect(rateOf({ AUTH_MODE: 'basic', CALLER_IDS_PER_SECOND: 'unlimited' })).toBeUndefined();
    expect(rateOf({ CALLER_IDS_PER_SECOND: '7' })).toBe(7);
  });
});

describe('NODE_ENV is development, test or production', () => {
  test.each([
    ['', false],
    ['development', false],
    ['test', false],
    ['production', true],
  ])('%j is production: %s', (environment, production) => {
    expect(readConfig({ ...withCredentials, NODE_ENV: environment }).production).toBe(production);
  });

  test.each(['prod', 'Production', 'staging', 'dev'])('%s is an error, not development', (environment) => {
    expect(errorsOf({ NODE_ENV: environment })).toEqual([
      `NODE_ENV must be development, test or production, got "${environment}".`,
    ]);
  });
});

describe('an error names the setting, its rule, what arrived and the likely cause', () => {
  test.each<[Record<string, string>, string]>([
    [{ AUTH_MODE: 'open' }, 'AUTH_MODE must be none, token, jwt or basic, got "open".'],
    [
      { JWT_ALGORITHMS: 'RS256,HS256' },
      'JWT_ALGORITHMS must be a comma-separated list of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519, got "RS256,HS256".',
    ],
    [
      { ANONYMOUS_SCOPES: 'records:read,all' },
      `ANONYMOUS_SCOPES must be a comma-separated list of ${accessScopes.join(', ')}, got "records:read,all".`,
    ],
    [
      { JWT_JWKS_URL: 'http://issuer.test/jwks.json', AUTH_MODE: 'none' },
      'JWT_JWKS_URL must be an https URL without credentials, or http on a loopback address, got "http://issuer.test/jwks.json".',
    ],
    [
      { CALLER_IDS_PER_SECOND: '0' },
      'CALLER_IDS_PER_SECOND must be unlimited or an integer from 1 to 1000000, got "0".',
    ],
    [
      { REPLICAS: '1001', REDIS_URL: 'redis://127.0.0.1' },
      'REPLICAS must be an integer from 1 to 1000, got "1001".',
    ],
    [
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, got "loud".',
    ],
    [{ ALLOW_ANONYMOUS_NETWORK: 'yes' }, 'ALLOW_ANONYMOUS_NETWORK must be true or false, got "yes".'],
    [
      { PORT: '"4000"' },
      'PORT must be an integer from 0 to 65535, got "\\"4000\\"": the quotes are part of the value, as in an env file of Docker; remove them.',
    ],
    [
      { SIMULATOR: 'true ' },
      'SIMULATOR must be true or false, got "true ": white space at its start or end is part of the value; remove it.',
    ],
    [
      { AUTH_TOKENS_FILE: join(files.path, 'missing.json') },
      'AUTH_TOKENS_FILE must name a readable file of at most 1048576 bytes, got ENOENT.',
    ],
    [
      { AUTH_TOKENS_FILE: files.path },
      'AUTH_TOKENS_FILE must name a readable file of at most 1048576 bytes, got EISDIR.',
    ],
    [
      { ROUTER_SECRET: 'a secret of 20 chars', ROUTER_SECRET_FILE: files.add('a secret of 20 chars') },
      'ROUTER_SECRET must not be set when ROUTER_SECRET_FILE is set, got both: remove one of them.',
    ],
  ])('%j', (environment, error) => {
    expect(errorsOf(environment)).toEqual([error]);
  });

  test.each(['none', 'None', 'HS256', 'HS384', 'HS512', 'RS256,', 'rs256'])(
    'the algorithm %j cannot be configured for a JWT',
    (algorithm) => {
      expect(errorsOf({ ...jwt, JWT_ALGORITHMS: algorithm })).toHaveLength(1);
    },
  );
});

describe('an error quotes no secret', () => {
  test.each(['ftp://', ''])('not the password of a URL after %j', (scheme) => {
    for (const key of ['JWT_JWKS_URL', 'VONAGE_BASE_URL', 'REDIS_URL']) {
      const errors = errorsOf({ [key]: `${scheme}operator:${secret}/@host.test/path` });
      expect(errors).toEqual([expect.stringMatching(`^${key} must be`)]);
      expect(errors.join()).not.toContain(secret);
    }
  });

  test.each(['VONAGE_API_KEY', 'VONAGE_ACCOUNT_ID'])(
    'not a secret that stands beside the key in %s',
    (key) => {
      const errors = errorsOf({ [key]: `abcd1234:${secret}` });
      expect(errors).toEqual([expect.stringMatching(`^${key} must [^"]*\\.$`)]);
    },
  );

  test('not a password of Redis that a URL cannot hold', () => {
    for (const ending of ['%', '%zz', '%ff']) {
      const errors = errorsOf({ REDIS_URL: `redis://:${secret}${ending}@127.0.0.1:6379` });
      expect(errors).toEqual([expect.stringMatching(/^REDIS_URL must be .* % in a password is %25\.$/)]);
    }
    expect(readConfig({ REDIS_URL: 'redis://:100%25@127.0.0.1:6379' }).redis.url).toContain('100%25');
  });
});

describe('a file', () => {
  test('gives the value, and its path is among the files to watch', () => {
    const secretFile = files.add(`${secret}\n`);
    const credentialsFile = files.add({ accounts: { efgh5678: { ...pair, apiKey: 'efgh5678' } } });
    const config = readConfig({
      AUTH_MODE: 'token',
      AUTH_TOKENS_FILE: tokensFile,
      VONAGE_API_KEY: 'abcd1234',
      VONAGE_API_SECRET_FILE: secretFile,
      VONAGE_CREDENTIALS_FILE: credentialsFile,
    });
    expect(config.auth.tokens).toEqual([{ ...token, products: 'any' }]);
    expect(config.vonage.apiSecret).toBe(secret);
    expect(config.vonage.accountKeys.get('efgh5678')?.apiKey).toBe('efgh5678');
    expect([...config.files].sort()).toEqual([tokensFile, secretFile, credentialsFile].sort());
  });

  test('may begin with a byte order mark', () => {
    const path = files.add(`\uFEFF${JSON.stringify({ tokens: [] })}\n`);
    expect(readConfig({ AUTH_MODE: 'token', AUTH_TOKENS_FILE: path }).auth.tokens).toEqual([]);
  });

  test('may hold 1 MiB and not a byte more', () => {
    const text = JSON.stringify({ tokens: [] });
    const largest = files.add(text.padEnd(1_048_576));
    expect(readConfig({ AUTH_MODE: 'token', AUTH_TOKENS_FILE: largest }).auth.tokens).toEqual([]);
    const tooLarge = files.add(text.padEnd(1_048_577));
    for (const key of ['AUTH_TOKENS_FILE', 'VONAGE_CREDENTIALS_FILE', 'ROUTER_SECRET_FILE'])
      expect(errorsOf({ [key]: tooLarge })).toEqual([
        `${key} must name a readable file of at most 1048576 bytes, got EFBIG.`,
      ]);
  });

  test('that is empty is an error, not a setting without a value', () => {
    for (const key of ['AUTH_TOKENS_FILE', 'VONAGE_CREDENTIALS_FILE', 'ROUTER_SECRET_FILE'])
      expect(errorsOf({ [key]: files.add('\n') })).toEqual([`${key} must not name an empty file.`]);
  });

  test('that holds no JSON is an error that quotes nothing of it', () => {
    const errors = errorsOf({ AUTH_TOKENS_FILE: files.add(`{ "tokens": ${secret} }`) });
    expect(errors).toEqual(['AUTH_TOKENS_FILE: the file must hold JSON.']);
  });
});

describe('one error lists every error', () => {
  test('of all settings and all files, and quotes no secret', () => {
    const tokens = [
      { ...token, scopes: ['all'] },
      { ...token, sha256: secret, [secret]: secret },
    ];
    const accounts = { 'sub-1': { ...pair, apiKey: '' }, 'sub-2': secret };
    const errors = errorsOf({
      PORT: 'http',
      AUTH_TOKENS_FILE: files.add({ tokens }),
      VONAGE_CREDENTIALS_FILE: files.add({ accounts }),
      ROUTER_SECRET: secret.slice(0, 8),
    });
    expect(errors.map((each) => each.split(' must ')[0])).toEqual([
      'VONAGE_CREDENTIALS_FILE: accounts.sub-1.apiKey',
      'VONAGE_CREDENTIALS_FILE: accounts.sub-2',
      'PORT',
      'AUTH_TOKENS_FILE: tokens[0].scopes[0]',
      'AUTH_TOKENS_FILE: tokens[1].sha256',
      'AUTH_TOKENS_FILE: tokens[1]',
      'ROUTER_SECRET',
    ]);
    expect(errors.join()).not.toContain(secret.slice(0, 8));
  });

  test('of names, values and contradictions', () => {
    const errors = errorsOf({
      MAX_ERRORS: '9',
      PORT: 'http',
      VONAGE_API_KEY: 'abcd1234',
      AUTH_MODE: 'token',
    });
    expect(errors.map((each) => each.split(' ')[0])).toEqual([
      'MAX_ERRORS',
      'PORT',
      'VONAGE_API_SECRET_FILE',
      'AUTH_TOKENS_FILE',
    ]);
  });

  test('but no contradiction with a setting that has an error of its own', () => {
    expect(errorsOf({ AUTH_MODE: 'jtw', JWT_JWKS_URL: 'https://issuer.test/jwks' })).toHaveLength(1);
  });
});
