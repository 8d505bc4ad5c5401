import fc from 'fast-check';
import { parseVonageTime, vonageTimeText } from '../../src/records/convert.js';

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

describe('every format that Vonage has written names the same moment', () => {
  test.each([
    ['2020-06-01T15:08:10+0000', 'the samples of 2020'],
    ['2020-06-01T15:08:10+00:00', 'the samples since 2021'],
    ['2020-06-01T15:08:10Z', 'Z'],
    ['2020-06-01T15:08:10.000Z', 'milliseconds and Z'],
    ['2020-06-01T15:08:10.000+0000', 'milliseconds and a zone'],
    ['2020-06-01T15:08:10', 'no zone'],
    ['2020-06-01 15:08:10', 'a space instead of T'],
    ['2020-06-01 15:08:10 +0000', 'a space before the zone'],
    ['2020-06-01t15:08:10z', 'small letters'],
    ['2020-06-01T17:08:10+0200', 'a zone east of UTC'],
    ['2020-06-01T17:08:10+02:00', 'the same with a colon'],
    ['2020-06-01T09:38:10-05:30', 'a zone west of UTC'],
    ['2020-06-01T15:08:10-00:00', 'a negative zero zone'],
  ])('%s (%s)', (text) => {
    expect(parseVonageTime(text)?.toISOString()).toBe('2020-06-01T15:08:10.000Z');
  });

  test.each([
    ['2020-06-01T15:08:10.1Z', '100'],
    ['2020-06-01T15:08:10.12+0000', '120'],
    ['2020-06-01T15:08:10.123', '123'],
    ['2020-06-01T15:08:10.123456Z', '123'],
    ['2020-06-01T15:08:10.999999999Z', '999'],
  ])('%s keeps its milliseconds, and no finer part', (text, milliseconds) => {
    expect(parseVonageTime(text)?.toISOString()).toBe(`2020-06-01T15:08:10.${milliseconds}Z`);
  });

  test('any moment, in any format and zone', () => {
    const moment = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    const zone = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(moment, zone, fc.boolean(), fc.boolean(), (each, minutes, colon, fraction) => {
        const local = new Date(each.getTime() + minutes * 60_000).toISOString();
        const text = `${local.slice(0, fraction ? 23 : 19)}${zoneText(minutes, colon ? ':' : '')}`;
        const meant = fraction ? each.getTime() : Math.floor(each.getTime() / 1000) * 1000;
        expect(parseVonageTime(text)?.getTime()).toBe(meant);
      }),
    );
  });
});

describe('what is no moment', () => {
  test.each([
    '2021-02-29T10:00:00Z',
    '2020-02-30T10:00:00+0000',
    '2020-04-31T10:00:00',
    '2020-13-01T10:00:00Z',
    '2020-00-10T10:00:00Z',
    '2020-01-00T10:00:00Z',
    '2020-01-32T10:00:00Z',
    '2020-01-01T24:00:01Z',
    '2020-01-01T25:00:00Z',
    '2020-01-01T10:60:00Z',
    '2020-01-01T10:00:61Z',
    '2020-01-01T10:00:00+25:00',
    '2020-01-01T10:00:00+0060',
  ])('%s, as no calendar or clock has it', (text) => {
    expect(parseVonageTime(text)).toBeUndefined();
  });

  test.each([
    '',
    ' ',
    'soon',
    'null',
    '1591024090',
    '1591024090000',
    '2020',
    '2020-06-01',
    '01/06/2020 15:08:10',
    'Mon, 01 Jun 2020 15:08:10 GMT',
    '2020-06-01T15:08:10 0000',
    '2020-06-01T15:08:10.Z',
    '+002020-06-01T15:08:10Z',
    '2020-06-01T15:08:10ZZ',
    '٢٠٢٠-06-01T15:08:10Z',
  ])('%p, as Vonage writes none so', (text) => {
    expect(parseVonageTime(text)).toBeUndefined();
  });

  test.each(['0000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'])(
    '%s, whose year in UTC has not four digits',
    (text) => {
      expect(parseVonageTime(text)).toBeUndefined();
    },
  );
});

test('a day is read exactly when the calendar has it', () => {
  const part = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(part(9999), part(14), part(33), (year, month, day) => {
      const date = [String(year).padStart(4, '0'), two(month), two(day)].join('-');
      const exists = day >= 1 && day <= daysIn(year, month);
      expect(parseVonageTime(`${date}T12:00:00Z`)?.toISOString()).toBe(
        exists ? `${date}T12:00:00.000Z` : undefined,
      );
    }),
    { numRuns: 1000 },
  );
});

test('whatever is read can be written as RFC 3339, and no text throws', () => {
  const likely = fc.stringMatching(
    /^\d{4}-[01]\d-[0-3]\d[T ][012]\d:[0-5]\d:\d{2}(\.\d{1,9})? ?(Z|[+-][012]\d:?[0-5]\d)?$/,
  );
  fc.assert(
    fc.property(fc.oneof(likely, fc.string()), (text) => {
      const moment = parseVonageTime(text);
      if (moment) expect(JSON.parse(JSON.stringify(moment))).toMatch(rfc3339);
    }),
    { numRuns: 2000 },
  );
});

test('the text of a time is that of its moment, made with a Date or without', () => {
  const likely = fc.stringMatching(
    /^\d{3}[0-9]-[01]\d-[0-3]\d[T ][012]\d:[0-6]\d:[0-6]\d(\.\d{1,4})?(Z|z|\+0000|\+00:00|-00:00|[+-][012]\d:?[0-5]\d)?$/,
  );
  fc.assert(
    fc.property(fc.oneof(likely, fc.string()), (text) => {
      expect(vonageTimeText(text)).toBe(parseVonageTime(text)?.toISOString());
    }),
    { numRuns: 5000 },
  );
});

function zoneText(minutes: number, colon: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [0, 31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;
}

test.each([
  ['2024-3-22 11:24:05+00:00', '2024-03-22T11:24:05.000Z'],
  ['2026-01-02T13:50Z', '2026-01-02T13:50:00.000Z'],
  ['2020-06-01T15:08:10,5Z', '2020-06-01T15:08:10.500Z'],
  ['2020-06-01T15:08:10+01', '2020-06-01T14:08:10.000Z'],
  ['2020-06-01T15:08:10-0330', '2020-06-01T18:38:10.000Z'],
  [' 2020-06-01T15:08:10Z\n', '2020-06-01T15:08:10.000Z'],
])("%p, which some of Vonage's systems write, is %s", (text, meaning) => {
  expect(parseVonageTime(text)?.toISOString()).toBe(meaning);
  expect(vonageTimeText(text)).toBe(meaning);
});
