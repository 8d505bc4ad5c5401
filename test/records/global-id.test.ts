import fc from 'fast-check';
import { Direction, Product } from '../../src/catalogue/product.js';
import {
  decodeGlobalId,
  encodeGlobalId,
  type GlobalIdParts,
  looksLikeGlobalId,
} from '../../src/records/global-id.js';

const sample: GlobalIdParts = {
  accountId: 'abcd1234',
  product: Product.SMS,
  direction: Direction.OUTBOUND,
  vonageId: '15000000E1F8B123',
  rowKey: null,
};
const sampleId = 'vr1_YWJjZDEyMzQvU01TL291dGJvdW5kLzE1MDAwMDAwRTFGOEIxMjMv';

const vonageId = fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/);
const parts: fc.Arbitrary<GlobalIdParts> = fc.record({
  accountId: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  product: fc.constantFrom(...Object.values(Product)),
  direction: fc.constantFrom(null, ...Object.values(Direction)),
  vonageId: vonageId,
  rowKey: fc.option(vonageId),
});

test('an id that was ever handed out stays readable', () => {
  expect(encodeGlobalId(sample)).toBe(sampleId);
  expect(decodeGlobalId(sampleId)).toEqual(sample);
});

test('holds all that is needed to find the record again', () => {
  fc.assert(
    fc.property(parts, (each) => {
      expect(decodeGlobalId(encodeGlobalId(each))).toEqual(each);
    }),
  );
});

test('can stand in a URL, a file name and a header as it is', () => {
  fc.assert(
    fc.property(parts, (each) => {
      expect(encodeGlobalId(each)).toMatch(/^[A-Za-z0-9_-]+$/);
    }),
  );
});

test('is known by its mark', () => {
  expect(looksLikeGlobalId(sampleId)).toBe(true);
  expect(looksLikeGlobalId('15000000E1F8B123')).toBe(false);
  expect(looksLikeGlobalId(sampleId.toUpperCase())).toBe(false);
  expect(looksLikeGlobalId(` ${sampleId}`)).toBe(false);
});

test('no two records share an id', () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(encodeGlobalId(one) === encodeGlobalId(other)).toBe(same);
    }),
  );
});

test('no text throws, and none but the one that was handed out is read', () => {
  const behindMark = fc.string().map((each) => `vr1_${each}`);
  const packed = fc.array(fc.string(), { maxLength: 7 }).map((each) => pack(each.join('/')));
  const tampered = fc.tuple(parts, fc.string()).map(([each, more]) => `${encodeGlobalId(each)}${more}`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), behindMark, packed, tampered), (text) => {
      const read = decodeGlobalId(text);
      if (read) expect(encodeGlobalId(read)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

describe('is not read from', () => {
  test.each([
    ['nothing', ''],
    ['the mark alone', 'vr1_'],
    ['a Vonage id', '15000000E1F8B123'],
    ['another version', sampleId.replace('vr1_', 'vr2_')],
    ['no mark', sampleId.slice(4)],
    ['padding', `${sampleId}==`],
    ['white space around it', `${sampleId} `],
    ['white space inside', `${sampleId.slice(0, 20)}\n${sampleId.slice(20)}`],
    ['letters of the other base64', pack('abcd1234/SMS/outbound/~~~/').replaceAll('-', '+')],
    ['too few parts', pack('abcd1234/SMS/outbound/15000000E1F8B123')],
    ['too many parts', pack('abcd1234/SMS/outbound/15000000E1F8B123//')],
    ['no account', pack('/SMS/outbound/15000000E1F8B123/')],
    ['an account with a query in it', pack('a&b=c/SMS/outbound/15000000E1F8B123/')],
    ['a product that does not exist', pack('abcd1234/FAX/outbound/15000000E1F8B123/')],
    ['a key of every object as product', pack('abcd1234/constructor//15000000E1F8B123/')],
    ['a direction that does not exist', pack('abcd1234/SMS/sideways/15000000E1F8B123/')],
    ['no vonageId', pack('abcd1234/SMS/outbound//')],
    ['two uuids', pack('abcd1234/SMS/outbound/15000000E1F8B123,15000000E1F8B124/')],
    ['a vonageId with a line break', pack('abcd1234/SMS/outbound/15000000\nE1F8B123/')],
    ['a vonageId that is too long', pack(`abcd1234/SMS/outbound/${'a'.repeat(129)}/`)],
    ['a row key with a space', pack('abcd1234/SMS/outbound/15000000E1F8B123/a b')],
    ['bytes that are no text', `vr1_${Buffer.from([0xff, 0xfe, 0x2f, 0x2f]).toString('base64url')}`],
  ])('%s', (_, text) => {
    expect(decodeGlobalId(text)).toBeUndefined();
  });
});

/** What a forger would make of a layout. */
function pack(layout: string): string {
  return `vr1_${Buffer.from(layout).toString('base64url')}`;
}
