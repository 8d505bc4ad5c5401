import { inspect } from 'node:util';
import { BasicAuthenticator } from '../../../src/access/authenticators/basic-authenticator.js';

const limits = { idsPerSecond: 50, recordsPerDay: undefined };
const authenticator = new BasicAuthenticator(limits);
const secret = 's3cr3t-of-the-account';

const encoded = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const callerOf = (pair: string) => authenticator.authenticate(encoded(pair));
const wrongHeader = expect.objectContaining({
  code: 'UNAUTHENTICATED',
  message:
    'The Authorization header holds no Vonage API key and secret. Send it as `Basic <base64 of key:secret>`, in UTF-8.',
});

test('the key of a caller is its default account and is used for its lookups', () => {
  const caller = callerOf(`abcd1234:${secret}`);
  expect(caller.credentials?.apiKey).toBe('abcd1234');
  expect(caller.credentials?.authorization).toBe(encoded(`abcd1234:${secret}`));
  expect(caller.defaultAccountId).toBe('abcd1234');
  expect(caller.mayReadAccount('a-subaccount')).toBe(true);
  expect(caller.limits).toEqual(limits);
});

test('a caller has every scope but introspect', () => {
  const caller = callerOf(`abcd1234:${secret}`);
  expect(
    (['records:read', 'records:content', 'records:numbers', 'explain', 'introspect'] as const).map((scope) =>
      caller.has(scope),
    ),
  ).toEqual([true, true, true, true, false]);
});

test('the same key and secret give the same caller each time', () => {
  expect(callerOf(`abcd1234:${secret}`).key).toBe(callerOf(`abcd1234:${secret}`).key);
});

test('another secret for the same key is another caller', () => {
  const right = callerOf(`abcd1234:${secret}`);
  const wrong = callerOf(`abcd1234:${secret}!`);
  expect(wrong.name).not.toBe(right.name);
  expect(wrong.key).not.toBe(right.key);
  expect(wrong.defaultAccountId).toBe(right.defaultAccountId);
});

test('the name of a caller holds its key, and no hash by which a secret can be guessed elsewhere', () => {
  const { name } = callerOf(`abcd1234:${secret}`);
  expect(name).toMatch(/^basic:abcd1234:[\w-]{22}$/);
  expect(new BasicAuthenticator(limits).authenticate(encoded(`abcd1234:${secret}`)).name).not.toBe(name);
});

test('a logged caller does not reveal its secret', () => {
  const caller = callerOf(`abcd1234:${secret}`);
  const shown = inspect(caller, { depth: null, showHidden: true }) + JSON.stringify(caller);
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(encoded(`abcd1234:${secret}`).slice(6));
});

test.each(['pä:ss wörd€', ':', 'x', '🔑'.repeat(128)])('a secret may be %j', (text) => {
  expect(callerOf(`abcd1234:${text}`).credentials?.authorization).toBe(encoded(`abcd1234:${text}`));
});

test.each<[string, string]>([
  ['an empty header', ''],
  ['another scheme', `Bearer ${btoa(`abcd1234:${secret}`)}`],
  ['a pair without base64', `Basic abcd1234:${secret}`],
  ['base64 with trailing text', `${encoded(`abcd1234:${secret}`)} x`],
  ['base64 for URLs', 'Basic YWJjZDEyMzQ6-_-_'],
  ['base64 without its padding', encoded('abcd1234:secret!').replaceAll('=', '')],
  ['base64 that is not canonical', 'Basic YTpiYh=='],
  ['bytes that are no UTF-8', `Basic ${Buffer.from([97, 58, 0xff, 0xfe]).toString('base64')}`],
  ['a pair without a colon', encoded('abcd1234')],
  ['a pair without a key', encoded(`:${secret}`)],
  ['a pair without a secret', encoded('abcd1234:')],
  ['a key with a space', encoded(`abcd 1234:${secret}`)],
  ['a key of 65 characters', encoded(`${'a'.repeat(65)}:${secret}`)],
  ['a byte order mark before the key', encoded(`\uFEFFabcd1234:${secret}`)],
  ['a secret of 129 characters', encoded(`abcd1234:${'a'.repeat(129)}`)],
  ['a line break in the secret', encoded('abcd1234:a\r\nb')],
  ['a NUL character in the secret', encoded('abcd1234:a\0b')],
])('%s is UNAUTHENTICATED, with the same message as any other wrong header', (_what, header) => {
  expect(() => authenticator.authenticate(header)).toThrow(wrongHeader);
});

test('a missing header is UNAUTHENTICATED, with the likely cause', () => {
  expect(() => authenticator.authenticate(undefined)).toThrow(
    expect.objectContaining({
      code: 'UNAUTHENTICATED',
      message:
        'No Authorization header arrived. Send `Authorization: Basic <base64 of key:secret>`; a router in between must forward it.',
    }),
  );
});

test('the challenge asks for a key and a secret', () => {
  expect(authenticator.challenge).toBe('Basic realm="Vonage API key and secret", charset="UTF-8"');
});
