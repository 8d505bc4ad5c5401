import { type TokenEntry, tokenList } from '../../src/access/grants.js';
import { Product } from '../../src/catalogue/product.js';

const hash = (digit: string) => digit.repeat(64);
const entry = { name: 'billing', sha256: hash('a'), scopes: ['records:read'] };

/** Every error of a list with its place. */
function errorsOf(content: unknown): string[] {
  const { error } = tokenList.safeParse(content);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
}

const errorOf = (changed: object) => errorsOf({ tokens: [{ ...entry, ...changed }] });

test('an entry needs a name, a hash and scopes; the rest has defaults', () => {
  expect(tokenList.parse({ tokens: [entry] })).toEqual<TokenEntry[]>([
    { name: 'billing', sha256: hash('a'), scopes: ['records:read'], products: 'any' },
  ]);
});

test('an entry may name accounts, products, limits and an expiry', () => {
  const whole = {
    ...entry,
    sha256: hash('A'),
    scopes: ['records:read', 'explain'],
    accounts: ['abcd1234'],
    products: ['SMS', 'VOICE_CALL'],
    idsPerSecond: 20,
    recordsPerDay: 1000,
    expiresAt: '2026-01-10T01:00:00+01:00',
  };
  expect(tokenList.parse({ tokens: [whole] })).toEqual<TokenEntry[]>([
    {
      name: 'billing',
      sha256: hash('a'),
      scopes: ['records:read', 'explain'],
      accounts: ['abcd1234'],
      products: [Product.SMS, Product.VOICE_CALL],
      idsPerSecond: 20,
      recordsPerDay: 1000,
      expiresAtMs: Date.UTC(2026, 0, 10),
    },
  ]);
});

test('the word any stands for all accounts and all products', () => {
  const [each] = tokenList.parse({ tokens: [{ ...entry, accounts: 'any', products: 'any' }] });
  expect(each).toMatchObject({ accounts: 'any', products: 'any' });
});

test('an empty list is valid and rejects every caller', () => {
  expect(tokenList.parse({ tokens: [] })).toEqual([]);
});

describe('an error names its place', () => {
  test.each<[string, object, RegExp]>([
    ['no name', { name: undefined }, /^tokens.0.name must be 1 to 64 letters, digits/],
    ['a name that would break a log line', { name: 'a\nb' }, /^tokens.0.name must be 1 to 64 letters/],
    ['a short hash', { sha256: 'ab' }, /^tokens.0.sha256 must be the SHA-256 of the token as 64 hexadecimal/],
    ['a hash in base64', { sha256: `${hash('a').slice(1)}=` }, /^tokens.0.sha256 must be/],
    ['no scopes', { scopes: undefined }, /^tokens.0.scopes must be a list of scopes/],
    ['an empty list of scopes', { scopes: [] }, /^tokens.0.scopes must name at least one scope/],
    [
      'an unknown scope',
      { scopes: ['records:read', 'all'] },
      /^tokens.0.scopes.1 must be one of records:read,/,
    ],
    ['one account outside a list', { accounts: 'abcd1234' }, /^tokens.0.accounts must be "any" or a list/],
    ['no account in a list', { accounts: [] }, /^tokens.0.accounts must be "any" or a list of account ids/],
    ['a malformed account id', { accounts: ['a b'] }, /^tokens.0.accounts must be .* 1 to 64 letters/],
    ['an unknown product', { products: ['FAX'] }, /^tokens.0.products must be "any" or a list of SMS, /],
    ['a limit of 0', { idsPerSecond: 0 }, /^tokens.0.idsPerSecond must be a positive integer/],
    ['a limit as a string', { recordsPerDay: '10' }, /^tokens.0.recordsPerDay must be a positive integer/],
    [
      'an expiry without a time zone',
      { expiresAt: '2026-01-10T00:00:00' },
      /^tokens.0.expiresAt must be a time of RFC 3339/,
    ],
    [
      'an expiry on a date that does not exist',
      { expiresAt: '2026-02-30T00:00:00Z' },
      /^tokens.0.expiresAt must be/,
    ],
    [
      'an unknown key',
      { scope: 'records:read' },
      /^tokens.0 must have no other keys than name, sha256, scopes, accounts/,
    ],
  ])('%s', (_what, changed, error) => {
    expect(errorOf(changed)).toEqual([expect.stringMatching(error)]);
  });

  test('for two entries of one name or one hash', () => {
    const tokens = [
      entry,
      { ...entry, sha256: hash('b') },
      { ...entry, name: 'reports', sha256: hash('B') },
      { ...entry, name: 'support', sha256: hash('c') },
    ];
    expect(errorsOf({ tokens })).toEqual([
      'tokens.1.name must differ from every entry above',
      'tokens.2.sha256 must differ from every entry above',
    ]);
  });

  test('together with all other errors', () => {
    const tokens = [{ ...entry, name: '' }, entry, { ...entry, sha256: '', idsPerSecond: -1 }, 'billing'];
    expect(errorsOf({ tokens }).map((error) => error.split(' ')[0])).toEqual([
      'tokens.0.name',
      'tokens.2.sha256',
      'tokens.2.idsPerSecond',
      'tokens.3',
    ]);
  });

  test.each([[[]], [{}], [null], ['tokens'], [{ tokens: {} }], [{ tokens: [], token: [] }]])(
    '%j is no list of tokens',
    (content) => {
      expect(errorsOf(content)).toHaveLength(1);
    },
  );
});

test('no error quotes a token or a hash, wherever the operator pasted it', () => {
  const token = 'a-token-that-was-put-in-the-wrong-place';
  const contents = [
    { [token]: [] },
    { tokens: token },
    { tokens: [token, { [token]: token }] },
    {
      tokens: [
        { name: `${token}!`, sha256: token, scopes: [token], accounts: [`${token}!`], products: [token] },
      ],
    },
    { tokens: [{ ...entry, expiresAt: token, idsPerSecond: token, [token]: 1 }] },
    { tokens: [entry, { ...entry, name: 'other' }] },
  ];
  for (const content of contents) {
    const errors = errorsOf(content);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.join()).not.toContain(token);
    expect(errors.join()).not.toContain(entry.sha256);
  }
});
