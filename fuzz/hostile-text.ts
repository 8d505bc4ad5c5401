import fc from 'fast-check';
import { objectPropertyNames } from './object-property-names.js';

/** Texts that break programs: separators, control characters, unpaired surrogates, invalid numbers. */
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
  ...objectPropertyNames,
];

/** Any text. Most texts break programs, and some have ten thousand characters. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a', '\u0000', '"', '\ud83d\ude00', ',').map((each) => each.repeat(10_240)),
  },
);
