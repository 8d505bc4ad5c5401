import fc from 'fast-check';
import { salvageRows } from '../../src/vonage/parse-partial-rows.js';

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
      const kept = salvageRows(text.slice(0, cut % (text.length + 1)));
      expect(kept).toEqual(rows.slice(0, kept.length));
    }),
  );
});

test('an answer that arrived whole gives all its rows', () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(salvageRows(JSON.stringify({ records: rows, ids_not_found: '' }))).toEqual(rows);
    }),
  );
});

test('a text that was cut among a hundred thousand quotes is read in one go', () => {
  const cut = `{"records":[{"a":1},{"b":"${'\\"'.repeat(200_000)}`;
  expect(salvageRows(cut)).toEqual([{ a: 1 }]);
  expect(salvageRows(`${cut}\\`)).toEqual([{ a: 1 }]);
});

test('any other text gives none, and never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(Array.isArray(salvageRows(text))).toBe(true)));
  expect(salvageRows('<html>{"a":1}</html>')).toEqual([]);
  expect(salvageRows('{"records":[{"a":tru}')).toEqual([]);
});
