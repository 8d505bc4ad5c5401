import { createHash } from 'node:crypto';
import { TokenAuthenticator } from '../../../src/access/authenticators/token-authenticator.js';
import type { TokenEntry } from '../../../src/access/authenticators/token-list.js';
import { Product } from '../../../src/catalogue/product.js';
import { GatewayError } from '../../../src/errors.js';
import { ManualClock } from '../../support/manual-clock.js';

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

function refusalOf(authorization: string | undefined, by = authenticator): GatewayError {
  try {
    by.authenticate(authorization);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('The caller was let in');
}

test('a token says who calls, and what it opens', () => {
  const caller = authenticator.authenticate(`Bearer ${otherToken}`);
  expect(caller.name).toBe('support');
  expect(caller.has('records:numbers')).toBe(true);
  expect(caller.has('records:content')).toBe(false);
  expect(caller.accounts).toEqual(['abcd1234', 'efgh5678']);
  expect(caller.defaultAccountId).toBe('abcd1234');
  expect(caller.readable([Product.SMS, Product.ASR])).toEqual([Product.SMS]);
  expect(caller.limits).toEqual({ idsPerSecond: 5, recordsPerDay: 100 });
});

test('a token that says nothing else opens the default account, within the limits of every caller', () => {
  const caller = authenticator.authenticate(`Bearer ${token}`);
  expect(caller.name).toBe('billing');
  expect(caller.accounts).toEqual(['main-account']);
  expect(caller.mayReadAccount('abcd1234')).toBe(false);
  expect(caller.limits).toEqual({ idsPerSecond: 50, recordsPerDay: 10_000 });
});

test('the same token is the same caller each time', () => {
  expect(authenticator.authenticate(`Bearer ${token}`)).toBe(authenticator.authenticate(`Bearer ${token}`));
});

test('the scheme may be written in any case', () => {
  expect(authenticator.authenticate(`bearer ${token}`).name).toBe('billing');
});

test.each<[string, string | undefined]>([
  ['no header', undefined],
  ['an empty header', ''],
  ['a token that nobody has', 'Bearer nobody-0123456789abcdef'],
  ['a token without a scheme', token],
  ['a token as HTTP Basic', `Basic ${btoa(`billing:${token}`)}`],
  ['a prefix of a token', `Bearer ${token.slice(0, -1)}`],
  ['a token with more behind it', `Bearer ${token}0`],
  ['a token of which one character differs', `Bearer ${token.slice(0, -1)}0`],
  ['a token in another case', `Bearer ${token.toUpperCase()}`],
  ['two tokens', `Bearer ${token} ${otherToken}`],
  ['two tokens, joined as HTTP joins headers', `Bearer ${token}, Bearer ${otherToken}`],
  ['the hash of a token', `Bearer ${billing.sha256}`],
  ['the name of a token', 'Bearer billing'],
])('%s lets nobody in, and is answered like any other', (_what, header) => {
  const error = refusalOf(header);
  expect(error.code).toBe('UNAUTHENTICATED');
  expect(error.message).toBe('Send a valid token as `Authorization: Bearer <token>`.');
  expect(authenticator.challenge).toBe('Bearer');
});

test('a token that is too short or too long is no token, even if its hash is listed', () => {
  for (const [length, isToken] of [
    [15, false],
    [16, true],
    [512, true],
    [513, false],
  ] as const) {
    const text = 'x'.repeat(length);
    const by = authenticatorOf({ ...billing, sha256: sha256(text) });
    if (isToken) expect(by.authenticate(`Bearer ${text}`).name).toBe('billing');
    else expect(refusalOf(`Bearer ${text}`, by).code).toBe('UNAUTHENTICATED');
  }
});

test('a token is good until its end, and not from then on', async () => {
  const turned = new ManualClock();
  const by = new TokenAuthenticator({
    tokens: [{ ...billing, expiresAtMs: turned.now() + 1000 }],
    defaultAccountId: 'main-account',
    limits: { idsPerSecond: undefined, recordsPerDay: undefined },
    clock: turned,
  });
  await turned.advance(999);
  expect(by.authenticate(`Bearer ${token}`).name).toBe('billing');
  await turned.advance(1);
  expect(refusalOf(`Bearer ${token}`, by).message).toBe(refusalOf(undefined, by).message);
});

test('without tokens nobody comes in', () => {
  expect(refusalOf(`Bearer ${token}`, authenticatorOf()).code).toBe('UNAUTHENTICATED');
});
