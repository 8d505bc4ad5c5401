import { Direction, Product } from '../../src/catalogue/product.js';
import type { LookupScope } from '../../src/retrieval/lookup/lanes.js';
import { LookupPreparation, SearchOrder } from '../../src/retrieval/lookup/lookup.js';

const products = [Product.SMS];
const plain = { messageBodyOf: new Set<string>(), concatenatedOf: new Set<string>() };

function scope(changes: Partial<LookupScope> = {}): LookupScope {
  return { accountId: 'abcd1234', products, direction: Direction.OUTBOUND, content: plain, ...changes };
}

describe('the lanes of a scope', () => {
  test('are made once for equal scopes, whichever operation asks', () => {
    const preparation = new LookupPreparation(new SearchOrder());
    expect(preparation.scope(scope({ products: [...products], content: { ...plain } }))).toBe(
      preparation.scope(scope()),
    );
  });

  test.each([
    ['account', { accountId: 'other' }, 'other/SMS/outbound'],
    ['direction', { direction: Direction.INBOUND }, 'abcd1234/SMS/inbound'],
    ['products', { products: [Product.ASR] }, 'abcd1234/ASR/outbound'],
    [
      'selection',
      { content: { messageBodyOf: new Set(['SmsOutboundRecord']), concatenatedOf: new Set<string>() } },
      'abcd1234/SMS/outbound+body',
    ],
  ])('follow another %s', (_what, changes, name) => {
    const preparation = new LookupPreparation(new SearchOrder());
    const [usual, changed] = [preparation.scope(scope()), preparation.scope(scope(changes))];
    expect(changed.lanes.map((lane) => lane.name)).toEqual([name]);
    expect(usual.lanes.map((lane) => lane.name)).toEqual(['abcd1234/SMS/outbound']);
    expect(changed.name).not.toBe(usual.name);
  });
});

describe('lookups', () => {
  test('of one id in any spelling are equal in one scope, and in no other', () => {
    const preparation = new LookupPreparation(new SearchOrder());
    const keyOf = (id: string, changes = {}) =>
      preparation.lookup(id, preparation.scope(scope(changes))).cacheKey;
    expect(keyOf('0A0000000123ABCD')).toBe(keyOf('0a0000000123abcd'));
    expect(keyOf('0A0000000123ABCD')).not.toBe(keyOf('0A0000000123ABCD', { accountId: 'other' }));
    expect(keyOf('0A0000000123ABCD')).not.toBe(keyOf('0A0000000123ABCE'));
  });
});
