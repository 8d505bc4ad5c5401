import fc from 'fast-check';
import { serializeResponse } from '../../src/graphql/graphql-over-http.js';

/** Any text, including halves of surrogate pairs. */
const text = fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units));

test('every response is written as JSON, and only halves of surrogate pairs are replaced', () => {
  const response = fc.dictionary(
    text,
    fc.oneof(text, fc.constantFrom('\\ud800', '\\\\udfff', '\\', '"', 5, null)),
  );
  fc.assert(
    fc.property(response, (data) => {
      const written = serializeResponse({ data });
      const isUnicode = (each: string) => Buffer.from(each).toString() === each;
      const read = JSON.parse(written, (_key, value) => {
        if (typeof value === 'string') expect(isUnicode(value)).toBe(true);
        return value;
      });
      const whole = Object.entries(data).filter((entry) => entry.every((each) => isUnicode(String(each))));
      for (const [key, value] of whole) expect(read.data[key]).toEqual(value);
      expect(written.endsWith('\n')).toBe(true);
    }),
  );
});

test('half of a surrogate pair becomes U+FFFD, and a text that looks like its escape stays', () => {
  expect(serializeResponse({ a: 'x\ud83dy', b: '\udc00', c: '\\ud83d', d: '\ud83d\ude00' })).toBe(
    '{"a":"x\ufffdy","b":"\ufffd","c":"\\\\ud83d","d":"\ud83d\ude00"}\n',
  );
});
