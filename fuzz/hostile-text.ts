import fc from 'fast-check';
import { namesOfObjects } from './names-of-objects.js';

/** Texts that break programs: separators, controls, halves of characters, numbers that are none. */
const texts = [
  '',
  ' ',
  ',',
  'a,b',
  '&product=SMS',
  'x\r\nHost: evil',
  '\u0000',
  '\u001b[31m',
  '../../etc/passwd',
  '%2c%00',
  '١٢٣',
  '\ud800',
  'a\udc00b',
  '\ufeff',
  '\u202eabc',
  '👩‍👩‍👧‍👦',
  'e\u0301'.repeat(20),
  'null',
  'NaN',
  '-Infinity',
  '1e999',
  '-0',
  '0x10',
  '9'.repeat(400),
  '"',
  '\\',
  '#{1}',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  ...namesOfObjects,
];

/** Any text, more often one that breaks programs than not, and sometimes ten thousand characters of it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a', '\u0000', '"', '\ud83d\ude00', ',').map((each) => each.repeat(10_240)),
  },
);
