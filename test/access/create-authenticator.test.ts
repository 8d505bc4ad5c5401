import { createHash } from 'node:crypto';
import { type AuthSettings, createAuthenticator } from '../../src/access/create-authenticator.js';
import { JwtAuthenticator } from '../../src/access/jwt-authenticator.js';
import { SigningKeys } from '../../src/access/signing-keys.js';
import { ManualClock } from '../support/manual-clock.js';

const token = 'billing-0123456789abcdef';

const auth: AuthSettings = {
  mode: 'none',
  callerIdsPerSecond: 50,
  callerRecordsPerDay: 1000,
  anonymousScopes: ['records:read'],
  basicScopes: ['records:read', 'explain'],
  tokens: [
    {
      name: 'billing',
      sha256: createHash('sha256').update(token).digest('hex'),
      scopes: ['explain'],
      products: 'any',
    },
  ],
  jwtJwksUrl: 'https://issuer.test/jwks.json',
  jwtIssuer: 'https://issuer.test',
  jwtAudience: 'records',
  jwtAlgorithms: ['ES256'],
  jwtTypes: ['JWT'],
  jwtMaxLifetimeSeconds: 86_400,
};

const create = (changes: Partial<AuthSettings> = {}) =>
  createAuthenticator({
    auth: { ...auth, ...changes },
    accountId: 'main-account',
    clock: new ManualClock(),
    signingKeysOf: (url) => new SigningKeys({ url, clock: new ManualClock() }),
    basic: { hashKey: Buffer.alloc(32), verify() {} },
  });

test('mode none gives all requests one caller with the configured scopes, whatever they send', async () => {
  const authenticator = create();
  const caller = await authenticator.authenticate(undefined);
  expect(caller.name).toBe('anonymous');
  expect(caller.has('records:read')).toBe(true);
  expect(caller.has('records:numbers')).toBe(false);
  expect(caller.mayReadAccount('whatever')).toBe(true);
  expect(caller.defaultAccountId).toBeUndefined();
  expect(caller.limits).toEqual({ idsPerSecond: 50, recordsPerDay: 1000 });
  expect(await authenticator.authenticate(`Bearer ${token}`)).toBe(caller);
  expect(authenticator.challenge).toBeUndefined();
});

test('mode token accepts a listed token', async () => {
  const authenticator = create({ mode: 'token' });
  expect(await authenticator.authenticate(`Bearer ${token}`)).toMatchObject({
    name: 'billing',
    accounts: ['main-account'],
    limits: { idsPerSecond: 50, recordsPerDay: 1000 },
  });
  expect(authenticator.challenge).toBe('Bearer');
});

test('mode jwt accepts JWTs', () => {
  expect(create({ mode: 'jwt' })).toBeInstanceOf(JwtAuthenticator);
});

test('mode basic accepts a key and a secret', async () => {
  const authenticator = create({ mode: 'basic' });
  const caller = await authenticator.authenticate(`Basic ${btoa('abcd1234:secret')}`);
  expect([caller.has('explain'), caller.has('records:numbers')]).toEqual([true, false]);
  expect(caller).toMatchObject({
    defaultAccountId: 'abcd1234',
    limits: { idsPerSecond: 50, recordsPerDay: 1000 },
  });
});

test.each([
  ['token', 'tokens'],
  ['jwt', 'jwtJwksUrl'],
  ['jwt', 'jwtIssuer'],
  ['jwt', 'jwtAudience'],
] as const)('mode %s without %s is a configuration error', (mode, missing) => {
  expect(() => create({ mode, [missing]: undefined })).toThrow(
    new TypeError(`${missing} must be set when the mode of authentication is ${mode}.`),
  );
});
