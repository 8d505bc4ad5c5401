import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { toCsv } from '../../lookup-page/table-texts.js';
import { rowFormat } from '../../src/records-command/row-writer.js';

const columns = ['requestedId', 'to'];
const row = (to: unknown) => ({ requestedId: 'a', to });

test.each(['=1+1', '+447700123456', '-1', '@SUM(A1)', '\t=1+1'])(
  'keeps a spreadsheet from running the cell %s as a formula',
  (cell) => {
    expect(rowFormat('csv', columns, false).textOf([row(cell)])).toBe(`a,'${cell}\r\n`);
    expect(rowFormat('csv', columns, true).textOf([row(cell)])).toBe(`a,${cell}\r\n`);
  },
);

test('writes the CSV that the lookup page writes, whatever the cells hold', () => {
  const csv = rowFormat('csv', columns, false);
  const cell = fc.oneof(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;\'ａ＝ ') }), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(cell), (cells) => {
      const page = toCsv(
        ['to'],
        cells.map((to) => ({ requestedId: 'a', record: { __typename: 'X', id: 'x', vonageId: 'a', to } })),
      );
      expect(page).toBe(csv.header + csv.textOf(cells.map(row)));
    }),
  );
});

test('writes CSV that a reader takes back as it was, whatever the cells hold', () => {
  const csv = rowFormat('csv', columns, true);
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (cells) => {
      const text = csv.header + csv.textOf(cells.map(row));
      expect(parse(text, { columns: true, record_delimiter: '\r\n' })).toEqual(cells.map(row));
    }),
  );
});

test('writes JSON Lines with the values as they are', () => {
  const text = rowFormat('jsonl', columns, false).textOf([row({ deep: [1, null] }), row(null)]);
  expect(text).toBe('{"requestedId":"a","to":{"deep":[1,null]}}\n{"requestedId":"a","to":null}\n');
});

test('keeps text of a record from moving the cursor of a terminal, and cuts long cells', () => {
  const text = rowFormat('table', columns, false).textOf([row('\u001b[2Jx'), row('y'.repeat(100))]);
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').at(2)).toBe(`a            ${'y'.repeat(39)}…`);
});

test('keeps the columns of a table aligned over later rows', () => {
  const table = rowFormat('table', columns, false);
  expect(table.textOf([row('12345')])).toBe('requestedId  to\na            12345\n');
  expect(table.textOf([row('1')])).toBe('a            1\n');
});
