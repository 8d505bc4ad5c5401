import fc from 'fast-check';
import { parseCutPage, parsePageText } from '../../src/vonage/page-response.js';

/** Long enough that a page of forty rows takes several steps. */
const filler = 'x'.repeat(10_000);
/** Texts of messages that look like the end of one row and the begin of the next. */
const awkward = ['},{', '"},{"a":"', '}  , {', ']}', '"records":[', '\\"},\\{', '\u2028'];
const row = fc.record({
  text: fc.oneof(fc.string(), fc.constantFrom(...awkward)),
  filler: fc.constant(filler),
  inner: fc.oneof(fc.constant(null), fc.constant({ a: [{}, {}] }), fc.constant([{ b: 1 }, { c: '},{' }])),
});
const envelope = fc.record({
  before: fc.record({ _links: fc.constant({ self: { href: 'https://a/?b=%7D,%7B' } }), cursor: fc.string() }),
  rows: fc.array(row, { minLength: 20, maxLength: 40 }),
  after: fc.record({ ids_not_found: fc.string(), iv: fc.constantFrom(...awkward) }),
  indent: fc.constantFrom(0, 2),
});

test('a page that is parsed in steps is the same as one that is parsed in one go', async () => {
  await fc.assert(
    fc.asyncProperty(envelope, async ({ before, rows, after, indent }) => {
      const text = JSON.stringify({ ...before, records: rows, ...after }, null, indent);
      expect(await parsePageText(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 25 },
  );
});

test('a page that is cut anywhere is no JSON, and gives the rows that arrived whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      envelope,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async ({ before, rows }, share) => {
        const whole = JSON.stringify({ ...before, records: rows });
        const text = whole.slice(0, Math.floor(whole.length * share));
        expect(await parsePageText(text)).toBeUndefined();
        const kept = await parseCutPage(text);
        expect(kept).toEqual(rows.slice(0, kept.length));
        // Between two rows there is one character; what is missing is less than a row.
        const next = rows[kept.length];
        const readTo = whole.length - JSON.stringify(rows.slice(kept.length)).length;
        expect(text.length - readTo).toBeLessThanOrEqual(JSON.stringify(next ?? '').length + 1);
      },
    ),
    { numRuns: 25 },
  );
});

test.each([
  ['no list of records', { error: filler.repeat(20) }],
  ['a list of records inside another object', { a: { records: Array(40).fill({ filler }) }, records: [1] }],
  ['records that are no rows', { records: Array(40).fill(filler) }],
  ['no rows', { note: filler.repeat(20), records: [] }],
  ['keys of prototypes', { records: Array(40).fill(JSON.parse(`{"__proto__":"${filler}"}`)) }],
])('a long body with %s is read like any JSON', async (_what, body) => {
  const text = JSON.stringify(body);
  expect(JSON.stringify(await parsePageText(text))).toBe(text);
});

test('a text without a list of records gives no rows, and never throws', async () => {
  for (const text of ['', '<html>{"a":1}</html>', filler.repeat(20), `{"records":[${filler.repeat(20)}`])
    expect([await parseCutPage(text), await parsePageText(text)]).toEqual([[], undefined]);
});
