import fc from 'fast-check';
import { parsePartialRows } from '../../src/vonage/records-response.js';

const row = fc.dictionary(
  fc.string(),
  fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string())),
  {
    noNullPrototype: true,
  },
);

test('wherever an answer is cut, the rows that arrived whole are kept, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(row), fc.nat(), (rows, cut) => {
      const text = JSON.stringify({ request_status: 'SUCCESS', records: rows, ids_not_found: 'a' });
      const cached = parsePartialRows(text.slice(0, cut % (text.length + 1)));
      expect(cached).toEqual(rows.slice(0, cached.length));
    }),
  );
});

test('an answer that arrived whole gives all its rows', () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(parsePartialRows(JSON.stringify({ records: rows, ids_not_found: '' }))).toEqual(rows);
    }),
  );
});

test('a text that was cut among a hundred thousand quotes is read in one go', () => {
  const cut = `{"records":[{"a":1},{"b":"${'\\"'.repeat(200_000)}`;
  expect(parsePartialRows(cut)).toEqual([{ a: 1 }]);
  expect(parsePartialRows(`${cut}\\`)).toEqual([{ a: 1 }]);
});

test('any other text gives none, and never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(Array.isArray(parsePartialRows(text))).toBe(true)));
  expect(parsePartialRows('<html>{"a":1}</html>')).toEqual([]);
  expect(parsePartialRows('{"records":[{"a":tru}')).toEqual([]);
});
