import fc from 'fast-check';
import { maskText, maskWithin } from '../src/mask-text.js';
import { cpuTimeMs } from './support/cpu-time.js';

describe('a masked value', () => {
  test.each([
    ['447700900123', '44********23'],
    ['+44 7700 900123', '44********23'],
    ['(202) 555-0123', '20******23'],
    ['12025550123', '1********23'],
    ['353851234567', '353*******67'],
  ])('shows of the number %s its country and its last two digits', (number, masked) => {
    expect(maskText(number)).toBe(masked);
  });

  test.each([
    ['a short code', '80800'],
    ['a sender by name', 'Acme'],
    ['an address of a server', '203.0.113.7'],
    ['an address of IPv6', '2001:db8::7'],
    ['an e-mail address', 'ada@example.com'],
    ['a SIP address', 'sip:447700900123@example.com'],
    ['an identifier of a user', 'USR-0f5f0000-4ce7-4bd2-9cbb-d7c8f1b9d4e0'],
    ['nothing but marks', '+()'],
  ])('shows nothing of %s', (_what, value) => {
    expect(maskText(value)).toBe('***');
  });

  test('never shows more than three first and two last digits of a number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?\d{7,15}$/), (number) => {
        const digits = number.replace('+', '');
        const masked = maskText(number);
        expect(masked).toMatch(/^\d{1,3}\*{2,}\d{2}$/);
        expect(masked).toHaveLength(digits.length);
      }),
    );
  });
});

describe('free text', () => {
  test.each([
    ['order 4711 for +44 7700 900123, please', 'order 4711 for 44********23, please'],
    ['mail ada@example.com', 'mail ***'],
    ['447700900123', '44********23'],
    ['447700900123447700900456', '44********************56'],
    ['card 4111 1111 1111 1111', 'card 41************11'],
    ['Delivered', 'Delivered'],
    ['tel447700900123', 'tel44********23'],
    ['447700900123x', '44********23x'],
    ['user4477009001 of 0a1b2c3d-1234567', 'user44******01 of ***'],
    ['447700a123456', '***'],
    ['447700xyz900123 or 44/77/oo/00900123', '*** or ***'],
    ['44770090-0123-4477-0090-012344770090', '44****************************90'],
    ['abcdef00-0000-0000-0000-447700900123', 'abcdef000*********************23'],
    ['447700\u200b900123', '***'],
    ['ada\uff20example.com, ada\ufe6bexample.com', '*** ***'],
    ['ada(at)example.com, ada [at] example.com', '*** ***'],
    ['+44 (0) 7700 - 900123', '44*********23'],
    ['447700900123-abc', '44********23-abc'],
    ['abcdef-447700900123', 'abcdef-44********23'],
    ['call CA-1-416-555-0123 now', 'call CA-1********23 now'],
    ['DE-0151-23456789', 'DE-015*******89'],
    ['fax: 1-416-555-0123-bad', 'fax: 1********23-bad'],
    ['447-700-900-123-a', '44********23-a'],
    ['447700....900123', '44********23'],
    ['+44 7700    900123', '44********23'],
    ['07700 -- 900 -- 123', '077******23'],
    ['44/7700/900123', '***'],
    ['①②③④⑤⑥⑦⑧⑨', '***'],
    ['٤٤٧٧٠٠٩٠٠١٢٣', '***'],
    ['４４７７００９００１２３', '***'],
    [
      '447700900123 and 7b1091b8-1a05-11eb-bad9-38f9d3314932',
      '44********23 and 7b1091b8-1a05-11eb-bad9-38f9d3314932',
    ],
  ])('%s keeps what is no number and no address', (text, masked) => {
    expect(maskWithin(text)).toBe(masked);
  });

  test.each([
    '7b1091b8-1a05-11eb-bad9-38f9d331493',
    'abc01234567def89',
    '15000000E1F8B123',
    'd41d8cd98f00b204e9800998ecf8427e',
    'k3J9dk29Dk39',
    'ORD12XY34ZZ567',
  ])('the id %s is not taken for a number', (id) => {
    expect(maskWithin(id)).toBe(id);
  });

  test.each([
    ['a word without an end', 'a'],
    ['a number without an end', '1'],
    ['digits between marks', '1-'],
    ['signs of addresses', '@'],
    ['words for the sign of addresses', '(at) '],
    ['digits between letters', '1a'],
    ['digits between letters and hyphens', '12-a-'],
    ['addresses that break off', 'a@ '],
    ['numbers that end as words', '1234567a '],
    ['digits far apart', '1   '],
    ['identifiers that end as words', 'abcdef0123456789z'],
    ['hex without an end', 'abcdef-'],
  ])('takes CPU time in proportion to its length when it is %s', async (_what, part) => {
    const mask = (length: number) => {
      const text = part.repeat(length / part.length);
      maskWithin(text);
      maskText(text);
    };
    const least = async (run: () => void) => {
      const runs = [];
      for (let each = 0; each < 3; each += 1) runs.push(await cpuTimeMs(run));
      return Math.min(...runs);
    };
    const inParts = () => {
      for (let each = 0; each < 20; each += 1) mask(20_000);
    };
    // Both mask 400 KB. Work that grows with the square of the length would take twenty times as long.
    const partsMs = await least(inParts);
    expect(await least(() => mask(400_000))).toBeLessThan(5 * partsMs + 10);
  });

  test('with any number in it shows its middle nowhere', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'x', 'é', ' ', ',', '.', '!'), maxLength: 9 });
    fc.assert(
      fc.property(words, fc.stringMatching(/^\d{9,15}$/), words, (before, number, after) => {
        expect(maskWithin(`${before} ${number} ${after}`)).not.toContain(number);
        fc.pre(!/[a-f]$/.test(before) && !/^[a-f]/.test(after));
        expect(maskWithin(`${before}${number}${after}`)).not.toContain(number);
      }),
    );
  });
});
