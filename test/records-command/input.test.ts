import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { UsageError } from '../../src/records-command/options.js';
import { readIds } from '../../src/records-command/read-ids.js';

const folder = mkdtempSync(join(tmpdir(), 'command-line-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function idsOf(text: string | Buffer, column?: string): Promise<string[]> {
  const input = join(folder, 'input');
  writeFileSync(input, text);
  return collect({ ids: [], input, column });
}

async function collect(options: Parameters<typeof readIds>[0], stdin = Readable.from([])): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of readIds(options, stdin)) ids.push(id);
  return ids;
}

test.each([
  ['a line each, with either line break', 'a\r\nb\nc'],
  ['a list out of a program', '["a", "b", \'c\']'.replace(/[[\]]/g, '')],
  ['a line of a mail', ' a, b;  c \n\n'],
  ['a file with a byte order mark', '\ufeffa\nb\nc\n'],
])('reads ids of plain text: %s', async (_name, text) => {
  expect(await idsOf(text)).toEqual(['a', 'b', 'c']);
});

test('reads ids that arrive in pieces on standard input', async () => {
  const stdin = Readable.from([Buffer.from('first\nsec'), Buffer.from('ond\nthird')]);
  expect(await collect({ ids: [], input: '-', column: undefined }, stdin)).toEqual([
    'first',
    'second',
    'third',
  ]);
});

test.each([
  ['commas', 'name,message_id\nx,a\ny,b\n'],
  [
    'semicolons, a byte order mark and CRLF, as spreadsheets write them',
    '\ufeffname;message_id\r\nx;a\r\ny;b\r\n',
  ],
  ['tabs', 'name\tmessage_id\nx\ta\ny\tb\n'],
  [
    'quotes with a line break and a delimiter inside',
    '"name","message_id"\r\n"x\r\n, and more","a"\r\n"y ""z""","b"\r\n',
  ],
  ['blanks around the ids, and rows without one', 'name,message_id\nx, a \ny,\nz,b\n'],
])('reads the ids of a column of CSV with %s', async (_name, text) => {
  expect(await idsOf(text, 'message_id')).toEqual(['a', 'b']);
});

test('names the columns when the wanted one is missing', async () => {
  const reading = idsOf('name,message_id\nx,a\n', 'id');
  await expect(reading).rejects.toThrow(
    '--column "id" is no column of the input. Its columns are: name, message_id.',
  );
});

test.each([
  [
    'a file that does not exist',
    () => collect({ ids: [], input: join(folder, 'absent'), column: undefined }),
    /ENOENT/,
  ],
  ['a row with too many cells', () => idsOf('name,id\nx,a,b\n', 'id'), /line 2/],
  ['an open quote', () => idsOf('name,id\n"x,a\n', 'id'), /[Qq]uote/],
])('tells why an input cannot be read: %s', async (_name, reading, message) => {
  const failing = reading();
  await expect(failing).rejects.toThrow(UsageError);
  await expect(failing).rejects.toThrow(message);
});
