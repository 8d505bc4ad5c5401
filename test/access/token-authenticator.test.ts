import { createHash } from 'node:crypto';
import type { TokenEntry } from '../../src/access/grants.js';
import { TokenAuthenticator } from '../../src/access/token-authenticator.js';
import { Product } from '../../src/catalogue/product.js';
import { GatewayError } from '../../src/errors.js';
import { ManualClock } from '../support/manual-clock.js';

const token = 'billing-0123456789abcdef';
const otherToken = 'support-0123456789abcdef';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const billing: TokenEntry = {
  name: 'billing',
  sha256: sha256(token),
  scopes: ['records:read'],
  products: 'any',
};
const support: TokenEntry = {
  name: 'support',
  sha256: sha256(otherToken),
  scopes: ['records:read', 'records:numbers'],
  accounts: ['abcd1234', 'efgh5678'],
  products: [Product.SMS],
  idsPerSecond: 5,
  recordsPerDay: 100,
};

const clock = new ManualClock();

function authenticatorOf(...tokens: TokenEntry[]): TokenAuthenticator {
  return new TokenAuthenticator({
    tokens,
    defaultAccountId: 'main-account',
    limits: { idsPerSecond: 50, recordsPerDay: 10_000 },
    clock,
  });
}

const authenticator = authenticatorOf(billing, support);

function rejectionOf(authorization: string | undefined, by = authenticator): GatewayError {
  try {
    by.authenticate(authorization);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('The authenticator accepted the header');
}

test('a token identifies its caller and carries its rights', () => {
  const caller = authenticator.authenticate(`Bearer ${otherToken}`);
  expect(caller.name).toBe('support');
  expect(caller.has('records:numbers')).toBe(true);
  expect(caller.has('records:content')).toBe(false);
  expect(caller.accounts).toEqual(['abcd1234', 'efgh5678']);
  expect(caller.defaultAccountId).toBe('abcd1234');
  expect(caller.readable([Product.SMS, Product.ASR])).toEqual([Product.SMS]);
  expect(caller.limits).toEqual({ idsPerSecond: 5, recordsPerDay: 100 });
});

test('a token without accounts and limits gets the default account and the default limits', () => {
  const caller = authenticator.authenticate(`Bearer ${token}`);
  expect(caller.name).toBe('billing');
  expect(caller.accounts).toEqual(['main-account']);
  expect(caller.mayReadAccount('abcd1234')).toBe(false);
  expect(caller.limits).toEqual({ idsPerSecond: 50, recordsPerDay: 10_000 });
});

test('a token gives the same caller each time', () => {
  expect(authenticator.authenticate(`Bearer ${token}`)).toBe(authenticator.authenticate(`Bearer ${token}`));
});

test('the scheme is read in any case', () => {
  expect(authenticator.authenticate(`bearer ${token}`).name).toBe('billing');
});

test.each<[string, string]>([
  ['an empty header', ''],
  ['an unknown token', 'Bearer unknown-0123456789abcdef'],
  ['a token without a scheme', token],
  ['a token as HTTP Basic credentials', `Basic ${btoa(`billing:${token}`)}`],
  ['a prefix of a token', `Bearer ${token.slice(0, -1)}`],
  ['a token with a character appended', `Bearer ${token}0`],
  ['a token with one changed character', `Bearer ${token.slice(0, -1)}0`],
  ['a token in another case', `Bearer ${token.toUpperCase()}`],
  ['two tokens', `Bearer ${token} ${otherToken}`],
  ['two tokens in one joined header', `Bearer ${token}, Bearer ${otherToken}`],
  ['the hash of a token', `Bearer ${billing.sha256}`],
  ['the name of a token', 'Bearer billing'],
])('%s is UNAUTHENTICATED, with the same message as any other wrong header', (_what, header) => {
  const error = rejectionOf(header);
  expect(error.code).toBe('UNAUTHENTICATED');
  expect(error.message).toBe(
    'The Authorization header holds no valid token. Send it as `Bearer <token>`; an unknown or expired token is not valid.',
  );
  expect(authenticator.challenge).toBe('Bearer');
});

test('a missing header is UNAUTHENTICATED, with the likely cause', () => {
  const { code, message } = rejectionOf(undefined);
  expect([code, message]).toEqual([
    'UNAUTHENTICATED',
    'No Authorization header arrived. Send `Authorization: Bearer <token>`; a router in between must forward it.',
  ]);
});

test('a token of fewer than 16 or more than 512 characters is rejected, even when its hash is listed', () => {
  for (const [length, isToken] of [
    [15, false],
    [16, true],
    [512, true],
    [513, false],
  ] as const) {
    const text = 'x'.repeat(length);
    const by = authenticatorOf({ ...billing, sha256: sha256(text) });
    if (isToken) expect(by.authenticate(`Bearer ${text}`).name).toBe('billing');
    else expect(rejectionOf(`Bearer ${text}`, by).code).toBe('UNAUTHENTICATED');
  }
});

test('a token is valid until its expiry, and from then on rejected like an unknown one', async () => {
  const manualClock = new ManualClock();
  const by = new TokenAuthenticator({
    tokens: [{ ...billing, expiresAtMs: manualClock.now() + 1000 }],
    defaultAccountId: 'main-account',
    limits: { idsPerSecond: undefined, recordsPerDay: undefined },
    clock: manualClock,
  });
  await manualClock.advance(999);
  expect(by.authenticate(`Bearer ${token}`).name).toBe('billing');
  await manualClock.advance(1);
  expect(rejectionOf(`Bearer ${token}`, by).message).toBe(
    rejectionOf('Bearer unknown-0123456789abcdef', by).message,
  );
});

test('an empty token list rejects every caller', () => {
  expect(rejectionOf(`Bearer ${token}`, authenticatorOf()).code).toBe('UNAUTHENTICATED');
});
