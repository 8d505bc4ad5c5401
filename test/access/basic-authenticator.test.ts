import { inspect } from 'node:util';
import { BasicAuthenticator } from '../../src/access/basic-authenticator.js';
import { accessScopes } from '../../src/access/principal.js';

const limits = { idsPerSecond: 50, recordsPerDay: undefined };
const hashKey = Buffer.from('key of this process');
const scopes = ['records:read', 'records:range'] as const;
const authenticator = new BasicAuthenticator({ scopes, limits, hashKey, verify() {} });
const secret = 's3cr3t-of-the-account';

const encoded = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const callerOf = async (pair: string) => authenticator.authenticate(encoded(pair));
const wrongHeader = expect.objectContaining({
  code: 'UNAUTHENTICATED',
  message:
    'The Authorization header holds no Vonage API key and secret. Send it as `Basic <base64 of key:secret>`, in UTF-8.',
});

test('the key of a caller is its default account and is used for its lookups', async () => {
  const caller = await callerOf(`abcd1234:${secret}`);
  expect(caller.own?.credentials.apiKey).toBe('abcd1234');
  expect(caller.own?.credentials.authorization).toBe(encoded(`abcd1234:${secret}`));
  expect(caller.defaultAccountId).toBe('abcd1234');
  expect(caller.mayReadAccount('a-subaccount')).toBe(true);
  expect(caller.limits).toEqual(limits);
});

test('a caller has the scopes that the operator grants', async () => {
  const caller = await callerOf(`abcd1234:${secret}`);
  expect(accessScopes.filter((scope) => caller.has(scope))).toEqual(scopes);
});

test('two secrets of one key share its rate and its quota, and nothing else', async () => {
  const [one, other] = await Promise.all([callerOf(`abcd1234:${secret}`), callerOf(`abcd1234:${secret}!`)]);
  expect([one.name, other.name]).toEqual(['basic:abcd1234', 'basic:abcd1234']);
  expect(one.own?.name).not.toBe(other.own?.name);
  expect(one.key).not.toBe(other.key);
});

test('the same pair has the same names, also for another authenticator of the process, as after a reload', async () => {
  const [before, again] = await Promise.all([callerOf(`abcd1234:${secret}`), callerOf(`abcd1234:${secret}`)]);
  const reloaded = new BasicAuthenticator({ scopes, limits, hashKey, verify() {} });
  const after = await reloaded.authenticate(encoded(`abcd1234:${secret}`));
  expect([again.key, again.own?.name]).toEqual([before.key, before.own?.name]);
  expect([after.key, after.own?.name]).toEqual([before.key, before.own?.name]);
});

test('another process names the same pair differently, so that no name helps to guess a secret', async () => {
  const elsewhere = new BasicAuthenticator({ scopes, limits, hashKey: Buffer.from('another'), verify() {} });
  const { own } = await elsewhere.authenticate(encoded(`abcd1234:${secret}`));
  expect(own?.name).not.toBe((await callerOf(`abcd1234:${secret}`)).own?.name);
});

test('a pair is no caller before it is verified, and none at all when it is refused', async () => {
  let refuse: (error: Error) => void = () => {};
  const verified = new Promise<void>((_resolve, reject) => {
    refuse = reject;
  });
  const asked: string[] = [];
  const waiting = new BasicAuthenticator({
    scopes,
    limits,
    hashKey,
    verify: (pair, { authorization }) => {
      asked.push(pair, authorization);
      return verified;
    },
  });
  const caller = waiting.authenticate(encoded(`abcd1234:${secret}`));
  const { own } = await callerOf(`abcd1234:${secret}`);
  expect(asked).toEqual([own?.name, own?.credentials.authorization]);
  refuse(new Error('refused'));
  await expect(caller).rejects.toThrow('refused');
});

test('a logged caller does not reveal its secret', async () => {
  const caller = await callerOf(`abcd1234:${secret}`);
  const shown = inspect(caller, { depth: null, showHidden: true }) + JSON.stringify(caller);
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(encoded(`abcd1234:${secret}`).slice(6));
});

test.each(['pä:ss wörd€', ':', 'x', '🔑'.repeat(128)])('a secret may be %j', async (text) => {
  const { own } = await callerOf(`abcd1234:${text}`);
  expect(own?.credentials.authorization).toBe(encoded(`abcd1234:${text}`));
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
