import fc from 'fast-check';
import { rowsCodec } from '../../src/retrieval/rows-cache.js';

test('rows come back as they were written', () => {
  const row = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(JSON.stringify(rowsCodec.decode(rowsCodec.encode(rows)))).toBe(JSON.stringify(rows));
    }),
  );
});

describe('a cached value of another writer counts as a miss when it is', () => {
  test.each([
    ['no JSON', '{{{'],
    ['no list', '{"message_id":"a"}'],
    ['a list of lists', '[[{"message_id":"a"}]]'],
    ['a list with a hole', '[{"message_id":"a"},null]'],
    ['nested deeper than rows are', `[{"a":${'['.repeat(40)}${']'.repeat(40)}}]`],
    ['nested deeper than a stack holds', `[{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}]`],
    ['a row with more keys than rows have', `[{${Array.from({ length: 1001 }, (_, key) => `"${key}":1`)}}]`],
    ['more rows than an answer has', `[${'{},'.repeat(10_000)}{}]`],
  ])('%s', (_what, text) => {
    expect(rowsCodec.decode(text)).toBeUndefined();
  });
});

test('keys of prototypes are keys like any others', () => {
  const [row = {}] = rowsCodec.decode('[{"__proto__":{"polluted":1},"message_id":"a"}]') ?? [];
  expect(Object.keys(row)).toEqual(['__proto__', 'message_id']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
