import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessScopes } from '../../src/access/scopes.js';
import { type Config, ConfigError, readConfig } from '../../src/config/config.js';

const secret = 's3cr3t-of-the-account';
const pair = { apiKey: 'abcd1234', apiSecret: secret };
const token = { name: 'billing', sha256: 'ab'.repeat(32), scopes: ['records:read'] };
const jwt = {
  AUTH_MODE: 'jwt',
  JWT_JWKS_URL: 'https://issuer.test/jwks.json',
  JWT_ISSUER: 'https://issuer.test',
  JWT_AUDIENCE: 'records',
};

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Path of a new file that holds a text, or a value as JSON. */
let files = 0;
function fileOf(content: unknown): string {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const tokensFile = fileOf({ tokens: [token] });

function faultsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('without any setting', () => {
  test('it listens to this machine only, and everybody there may do everything', () => {
    expect(readConfig({})).toMatchObject<Partial<Config>>({
      host: '127.0.0.1',
      authMode: 'none',
      anonymousScopes: accessScopes,
      callerIdsPerSecond: undefined,
      callerRecordsPerDay: undefined,
      tokens: undefined,
      files: [],
    });
    expect(readConfig({}).accountKeys.size).toBe(0);
  });

  test('an empty variable is one that is not set', () => {
    const environment = { AUTH_MODE: '', AUTH_TOKENS_FILE: '', ANONYMOUS_SCOPES: '', JWT_JWKS_URL: '' };
    expect(readConfig(environment)).toEqual(readConfig({}));
  });
});

describe('defaults that follow from other settings', () => {
  const production = { NODE_ENV: 'production', VONAGE_API_KEY: 'abcd1234', VONAGE_API_SECRET: secret };

  test('in production nobody reads the schema or the cost without being told to', () => {
    expect(readConfig(production).anonymousScopes).toEqual([
      'records:read',
      'records:content',
      'records:numbers',
    ]);
    expect(readConfig({ ...production, ANONYMOUS_SCOPES: 'records:read, explain' }).anonymousScopes).toEqual([
      'records:read',
      'explain',
    ]);
  });

  test('callers who prove who they are have a limit of 50 ids a second, if nothing else is said', () => {
    expect(readConfig({ AUTH_MODE: 'basic' }).callerIdsPerSecond).toBe(50);
    expect(readConfig(jwt).callerIdsPerSecond).toBe(50);
    expect(readConfig({ AUTH_MODE: 'basic', CALLER_IDS_PER_SECOND: '7' }).callerIdsPerSecond).toBe(7);
    expect(readConfig({ CALLER_IDS_PER_SECOND: '7' }).callerIdsPerSecond).toBe(7);
  });
});

describe('a bad setting is named with its rule and what arrived', () => {
  test.each<[Record<string, string>, string]>([
    [{ AUTH_MODE: 'open' }, 'AUTH_MODE must be one of none, token, jwt, basic, got: "open".'],
    [
      { JWT_ALGORITHMS: 'RS256,HS256' },
      'JWT_ALGORITHMS must be a comma-separated list of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519, got: "RS256,HS256".',
    ],
    [
      { ANONYMOUS_SCOPES: 'records:read,all' },
      'ANONYMOUS_SCOPES must be a comma-separated list of records:read, records:content, records:numbers, explain, introspect, got: "records:read,all".',
    ],
    [
      { JWT_JWKS_URL: 'http://issuer.test/jwks.json' },
      'JWT_JWKS_URL must be an https URL without credentials, or http on a loopback address, got: "http://issuer.test/jwks.json".',
    ],
    [{ CALLER_IDS_PER_SECOND: '0' }, 'CALLER_IDS_PER_SECOND must be an integer from 1 to 1000000, got: "0".'],
    [{ ALLOW_ANONYMOUS_NETWORK: 'yes' }, 'ALLOW_ANONYMOUS_NETWORK must be true or false, got: "yes".'],
    [
      { AUTH_TOKENS_FILE: join(folder, 'missing.json') },
      'AUTH_TOKENS_FILE must name a readable file of at most 1048576 bytes (ENOENT).',
    ],
    [
      { AUTH_TOKENS_FILE: folder },
      'AUTH_TOKENS_FILE must name a readable file of at most 1048576 bytes (EISDIR).',
    ],
  ])('%j', (environment, fault) => {
    expect(faultsOf(environment)).toEqual([fault]);
  });

  test.each(['none', 'None', 'HS256', 'HS384', 'HS512', '', 'RS256,', 'rs256'])(
    'tokens signed with %j cannot be configured',
    (algorithm) => {
      const environment = { ...jwt, JWT_ALGORITHMS: algorithm };
      if (algorithm === '')
        expect(readConfig(environment).jwtAlgorithms).toEqual(['RS256', 'PS256', 'ES256', 'EdDSA']);
      else expect(faultsOf(environment)).toHaveLength(1);
    },
  );

  test.each(['ftp://', ''])('the password in a URL is not quoted, after %j', (scheme) => {
    for (const key of ['JWT_JWKS_URL', 'VONAGE_BASE_URL', 'REDIS_URL']) {
      const faults = faultsOf({ [key]: `${scheme}operator:${secret}/@host.test/path` });
      expect(faults).toEqual([expect.stringMatching(`^${key} must be`)]);
      expect(faults.join()).not.toContain(secret);
    }
  });

  test.each(['VONAGE_API_KEY', 'VONAGE_ACCOUNT_ID'])(
    'a secret that was put beside the key in %s is not quoted',
    (key) => {
      const faults = faultsOf({ [key]: `abcd1234:${secret}` });
      expect(faults).toEqual([expect.stringMatching(`^${key} must [^"]*\\.$`)]);
    },
  );

  test('a password of Redis that no URL can hold is a fault, and is not quoted', () => {
    for (const ending of ['%', '%zz', '%ff']) {
      const fault = faultsOf({ REDIS_URL: `redis://:${secret}${ending}@127.0.0.1:6379` });
      expect(fault).toEqual([expect.stringMatching(/^REDIS_URL must be .* % in a password is %25\.$/)]);
    }
    expect(readConfig({ REDIS_URL: 'redis://:100%25@127.0.0.1:6379' }).redisUrl).toContain('100%25');
  });
});

describe('a file', () => {
  test('gives what it holds, and is among those to be watched', () => {
    const secretFile = fileOf(`${secret}\n`);
    const credentialsFile = fileOf({ accounts: { efgh5678: { ...pair, apiKey: 'efgh5678' } } });
    const config = readConfig({
      AUTH_MODE: 'token',
      AUTH_TOKENS_FILE: tokensFile,
      VONAGE_API_KEY: 'abcd1234',
      VONAGE_API_SECRET_FILE: secretFile,
      VONAGE_CREDENTIALS_FILE: credentialsFile,
    });
    expect(config.tokens).toEqual([{ ...token, products: 'any' }]);
    expect(config.apiSecret).toBe(secret);
    expect(config.accountKeys.get('efgh5678')?.apiKey).toBe('efgh5678');
    expect([...config.files].sort()).toEqual([tokensFile, secretFile, credentialsFile].sort());
  });

  test('may begin with the mark that some editors put there', () => {
    const path = fileOf(`\uFEFF${JSON.stringify({ tokens: [] })}\n`);
    expect(readConfig({ AUTH_MODE: 'token', AUTH_TOKENS_FILE: path }).tokens).toEqual([]);
  });

  test('may hold 1 MiB, and not a byte more', () => {
    const text = JSON.stringify({ tokens: [] });
    const atMost = fileOf(text.padEnd(1_048_576));
    expect(readConfig({ AUTH_MODE: 'token', AUTH_TOKENS_FILE: atMost }).tokens).toEqual([]);
    const large = fileOf(text.padEnd(1_048_577));
    for (const key of ['AUTH_TOKENS_FILE', 'VONAGE_CREDENTIALS_FILE', 'ROUTER_SECRET_FILE'])
      expect(faultsOf({ [key]: large })).toEqual([
        `${key} must name a readable file of at most 1048576 bytes (EFBIG).`,
      ]);
  });

  test('that is empty does not count as one that is not set', () => {
    for (const key of ['AUTH_TOKENS_FILE', 'VONAGE_CREDENTIALS_FILE', 'ROUTER_SECRET_FILE'])
      expect(faultsOf({ [key]: fileOf('\n') })).toEqual([`${key} must not name an empty file.`]);
  });

  test('that is no JSON is a fault, and is not quoted', () => {
    const faults = faultsOf({ AUTH_TOKENS_FILE: fileOf(`{ "tokens": ${secret} }`) });
    expect(faults).toEqual(['AUTH_TOKENS_FILE: the file must hold JSON.']);
  });
});

test('the faults of all settings and all files are named at once, and quote no secret', () => {
  const tokens = [
    { ...token, scopes: ['all'] },
    { ...token, sha256: secret, [secret]: secret },
  ];
  const accounts = { 'sub-1': { ...pair, apiKey: '' }, 'sub-2': secret };
  const faults = faultsOf({
    PORT: 'http',
    AUTH_TOKENS_FILE: fileOf({ tokens }),
    VONAGE_CREDENTIALS_FILE: fileOf({ accounts }),
    ROUTER_SECRET: secret.slice(0, 8),
  });
  expect(faults.map((fault) => fault.split(' must ')[0])).toEqual([
    'PORT',
    'VONAGE_CREDENTIALS_FILE: accounts.sub-1.apiKey',
    'VONAGE_CREDENTIALS_FILE: accounts.sub-2',
    'ROUTER_SECRET',
    'AUTH_TOKENS_FILE: tokens[0].scopes[0]',
    'AUTH_TOKENS_FILE: tokens[1].sha256',
    'AUTH_TOKENS_FILE: tokens[1]',
  ]);
  expect(faults.join()).not.toContain(secret.slice(0, 8));
});

describe('it does not start without a proof', () => {
  test.each(['0.0.0.0', '::', '10.0.0.7', 'records.internal', '127.0.0.1.example.test', '::ffff:10.0.0.7'])(
    'where the network reaches %s and everybody may read',
    (host) => {
      expect(faultsOf({ HOST: host })).toEqual([
        expect.stringMatching(/^AUTH_MODE must not be none when HOST is not a loopback address/),
      ]);
      expect(faultsOf({ HOST: host, ALLOW_ANONYMOUS_NETWORK: 'true' })).toEqual([]);
      expect(faultsOf({ HOST: host, AUTH_MODE: 'basic' })).toEqual([]);
    },
  );

  test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('but does on %s', (host) => {
    expect(faultsOf({ HOST: host })).toEqual([]);
  });

  test('that was asked for, but not described', () => {
    expect(faultsOf({ AUTH_MODE: 'token' })).toEqual([
      'AUTH_TOKENS_FILE must be set when AUTH_MODE is token.',
    ]);
    for (const key of ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'])
      expect(faultsOf({ ...jwt, [key]: '' })).toEqual([
        'JWT_JWKS_URL, JWT_ISSUER and JWT_AUDIENCE must be set when AUTH_MODE is jwt.',
      ]);
  });

  test('that was described, but not asked for', () => {
    expect(faultsOf({ AUTH_TOKENS_FILE: tokensFile })).toEqual([
      'AUTH_MODE must be token when AUTH_TOKENS_FILE is set.',
    ]);
    expect(faultsOf({ ...jwt, AUTH_MODE: 'none' })).toEqual([
      'AUTH_MODE must be jwt when JWT_JWKS_URL is set.',
    ]);
  });

  test('whose keys others could change on their way', () => {
    for (const url of ['http://127.0.0.1:8080/jwks', 'http://[::1]:8080/jwks', 'https://issuer.test/jwks'])
      expect(readConfig({ ...jwt, JWT_JWKS_URL: url }).jwtJwksUrl).toBe(url);
  });
});

describe('the keys of accounts', () => {
  const one = fileOf({ accounts: { 'sub-1': pair } });
  const two = fileOf({ accounts: { 'sub-1': pair, 'sub-2': pair } });
  const production = { NODE_ENV: 'production' };

  test('take the place of VONAGE_API_KEY in production', () => {
    expect(faultsOf(production)).toEqual([
      expect.stringMatching(/^VONAGE_API_KEY and VONAGE_API_SECRET must be/),
    ]);
    expect(readConfig({ ...production, VONAGE_CREDENTIALS_FILE: one }).apiKey).toBeUndefined();
  });

  test('and so do those that callers bring', () => {
    expect(faultsOf({ ...production, AUTH_MODE: 'basic' })).toEqual([]);
  });

  test('do not go together with keys that callers bring', () => {
    for (const environment of [
      { VONAGE_API_KEY: 'abcd1234', VONAGE_API_SECRET: secret },
      { VONAGE_CREDENTIALS_FILE: one },
    ])
      expect(faultsOf({ ...environment, AUTH_MODE: 'basic' })).toEqual([
        expect.stringMatching(/must not be set when AUTH_MODE is basic: callers bring their own keys\.$/),
      ]);
    expect(faultsOf({ REDIS_URL: 'redis://127.0.0.1:6379', AUTH_MODE: 'basic' })).toEqual([
      expect.stringMatching(/^REDIS_URL must not be set when AUTH_MODE is basic/),
    ]);
  });

  test('an only account is the default; of several, one must be named', () => {
    expect(readConfig({ VONAGE_CREDENTIALS_FILE: one }).accountId).toBe('sub-1');
    expect(readConfig({ VONAGE_CREDENTIALS_FILE: two, VONAGE_ACCOUNT_ID: 'sub-2' }).accountId).toBe('sub-2');
    for (const environment of [
      { VONAGE_CREDENTIALS_FILE: two },
      { VONAGE_CREDENTIALS_FILE: two, VONAGE_ACCOUNT_ID: 'sub-3' },
      { VONAGE_CREDENTIALS_FILE: one, VONAGE_ACCOUNT_ID: 'sub-3' },
    ])
      expect(faultsOf(environment)).toEqual([
        expect.stringMatching(/^VONAGE_ACCOUNT_ID must name an account of VONAGE_CREDENTIALS_FILE/),
      ]);
  });

  test('beside VONAGE_API_KEY its account is the default', () => {
    const own = { VONAGE_API_KEY: 'efgh5678', VONAGE_API_SECRET: 'another' };
    expect(readConfig({ ...own, VONAGE_CREDENTIALS_FILE: two }).accountId).toBe('efgh5678');
    expect(readConfig({ ...own, VONAGE_ACCOUNT_ID: 'main', VONAGE_CREDENTIALS_FILE: two }).accountId).toBe(
      'main',
    );
  });

  test('one key cannot have two secrets', () => {
    const own = { VONAGE_API_KEY: 'abcd1234', VONAGE_CREDENTIALS_FILE: one };
    expect(faultsOf({ ...own, VONAGE_API_SECRET: secret })).toEqual([]);
    expect(faultsOf({ ...own, VONAGE_API_SECRET: 'another' })).toEqual([
      expect.stringMatching(/^VONAGE_API_SECRET must be the same as in VONAGE_CREDENTIALS_FILE/),
    ]);
  });
});

test('every contradiction is named, not only the first', () => {
  expect(faultsOf({ VONAGE_API_KEY: 'abcd1234', AUTH_MODE: 'token', HOST: '0.0.0.0' })).toHaveLength(2);
});
