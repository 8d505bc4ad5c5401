import { accountKeys, Credentials } from '../../src/vonage/credentials.js';

const secret = 's3cr3t-of-the-account';
const pair = { apiKey: 'abcd1234', apiSecret: secret };

/** Every fault of a file's content with its place. */
function faultsOf(content: unknown): string[] {
  const { error } = accountKeys.safeParse(content);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
}

test('each account has its key and its secret', () => {
  const other = { apiKey: 'efgh5678', apiSecret: 'another' };
  const keys = accountKeys.parse({ accounts: { abcd1234: pair, 'sub-1': pair, efgh5678: other } });
  expect([...keys.keys()]).toEqual(['abcd1234', 'sub-1', 'efgh5678']);
  expect(keys.get('sub-1')?.apiKey).toBe('abcd1234');
  expect(keys.get('efgh5678')?.authorization).toBe(new Credentials('efgh5678', 'another').authorization);
});

test.each<[string, unknown, RegExp]>([
  ['no accounts', {}, /^accounts must be an object of accounts by their ids$/],
  ['an empty list of accounts', { accounts: {} }, /^accounts must hold account ids .*, at least one$/],
  ['a list', { accounts: [pair] }, /^accounts must be an object/],
  ['another shape', [pair], /^ must be an object$/],
  ['an unknown key', { accounts: { a: pair }, account: {} }, /^ must hold no keys but accounts$/],
  [
    'what is no account id',
    { accounts: { 'a/b': pair } },
    /^accounts must hold account ids of 1 to 64 letters/,
  ],
  ['no key', { accounts: { a: { apiSecret: secret } } }, /^accounts.a.apiKey must be text without a colon/],
  ['a key with a colon', { accounts: { a: { ...pair, apiKey: 'a:b' } } }, /^accounts.a.apiKey must be/],
  [
    'no secret',
    { accounts: { a: { apiKey: 'abcd1234' } } },
    /^accounts.a.apiSecret must be text that is not/,
  ],
  ['an empty secret', { accounts: { a: { ...pair, apiSecret: '' } } }, /^accounts.a.apiSecret must be/],
  [
    'an unknown key of an account',
    { accounts: { a: { ...pair, rate: 10 } } },
    /^accounts.a must hold no keys but/,
  ],
  [
    'two secrets of one key',
    { accounts: { a: pair, b: { ...pair, apiSecret: 'another' } } },
    /^accounts.b.apiSecret must be the same as in an account above that has the same API key$/,
  ],
])('%s is a fault with its place', (_what, content, fault) => {
  expect(faultsOf(content)).toEqual([expect.stringMatching(fault)]);
});

test('all faults are named at once, and none quotes a secret', () => {
  const contents = [
    { accounts: { a: { apiKey: '', apiSecret: secret }, b: secret, c: { ...pair, [secret]: secret } } },
    { accounts: { [`abcd1234:${secret}`]: pair } },
    { accounts: { a: pair, b: { ...pair, apiSecret: `${secret}!` } } },
    { [secret]: pair },
    secret,
  ];
  expect(faultsOf(contents[0]).map((fault) => fault.split(' ')[0])).toEqual([
    'accounts.a.apiKey',
    'accounts.b',
    'accounts.c',
  ]);
  for (const content of contents) {
    expect(faultsOf(content)).not.toEqual([]);
    expect(faultsOf(content).join()).not.toContain(secret);
  }
});
