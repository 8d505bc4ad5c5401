import { help, readOptions, UsageError } from '../../src/records-command/options.js';

test.each<[string, string[], RegExp]>([
  ['no ids at all', [], /No ids: give ids, a file with --in FILE/],
  [
    'ids and a file',
    ['a', '--in', 'ids.csv'],
    /either on the command line or with --in, got both: a and ids\.csv/,
  ],
  ['a column without a file', ['a', '--column', 'id'], /--column needs --in/],
  ['a token without a gateway', ['a', '--token-file', 't'], /--token-file needs --url/],
  [
    'an address without a scheme',
    ['a', '--url', 'localhost:4000'],
    /--url must be an http or https URL.*"localhost:4000"/,
  ],
  ['credentials in an address', ['a', '--url', 'http://u:p@localhost'], /without credentials/],
  ['an unknown format', ['a', '--format', 'xml'], /--format must be table, jsonl, csv, got "xml"/],
  ['an unknown direction', ['a', '--direction', 'up'], /--direction must be inbound or outbound, got "up"/],
  ['a limit of zero', ['a', '--max-records', '0'], /--max-records must be a whole number from 1/],
  ['an unknown option', ['a', '--colour', 'red'], /Unknown option '--colour'/],
  ['an end without a beginning', ['--until', '2026-11-02'], /--until needs --since/],
  ['a window without a product', ['--since', '2026-11-01'], /--since needs --product/],
  [
    'a window with ids',
    ['a', '--since', '2026-11-01', '--product', 'SMS'],
    /Ids do not go with --since, got "a"/,
  ],
  ['a window with a file', ['--in', 'x', '--since', '2026-11-01', '--product', 'SMS'], /--in is for ids/],
  [
    'a time without a zone',
    ['--since', '2026-11-01T08:00', '--product', 'SMS'],
    /--since must be a day .* or a time with its zone/,
  ],
  ['a day that does not exist', ['--since', '2026-13-01', '--product', 'SMS'], /--since must be a day/],
])('names the option, the rule and what arrived: %s', (_name, words, message) => {
  expect(() => readOptions(words)).toThrow(UsageError);
  expect(() => readOptions(words)).toThrow(message);
});

test("takes products and directions in Vonage's spelling and in that of the schema", () => {
  const spellings = [
    ['VOICE-CALL', 'outbound'],
    ['voice_call', 'OUTBOUND'],
  ] as const;
  for (const [product, direction] of spellings)
    expect(readOptions(['a', '--product', product, '--direction', direction])).toMatchObject({
      product: 'VOICE_CALL',
      direction: 'OUTBOUND',
    });
});

test('takes a day as its beginning in UTC, and a time as it is', () => {
  const words = ['--product', 'SMS', '--since', '2026-11-01', '--until', '2026-11-01T09:00:00+01:00'];
  expect(readOptions(words)).toMatchObject({
    since: '2026-11-01T00:00:00.000Z',
    until: '2026-11-01T08:00:00.000Z',
  });
});

test('resumes into the file whose part it is', () => {
  expect(readOptions(['--in', 'ids.csv', '--resume', 'found.csv.part'])).toMatchObject({ out: 'found.csv' });
});

test('shows its help on one screen, with the four examples', () => {
  const lines = help.split('\n');
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(lines.filter((line) => line.startsWith('  vonage-records '))).toHaveLength(4);
});
