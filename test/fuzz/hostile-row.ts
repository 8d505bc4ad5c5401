import fc from 'fast-check';
import { hostileText } from './hostile-text.js';

/** A row of an answer of Vonage's. Its values are JSON texts, since an object could hold neither every key nor one key twice. */
export interface HostileRow {
  /** Which of the ids that were asked for it carries; null for none. */
  readonly owner: number | null;
  /** Values for all fields of the record type, in turn; none leaves them out. */
  readonly fill: readonly string[];
  /** More keys, or the same once more. */
  readonly more: readonly (readonly [key: string, value: string])[];
}

/** What is written as `@nested:5000@` in place of many brackets, so that an example can be read. */
export const placeholder = /"@(nested|object|text):(\d+)@"/g;

const odd = [
  'null',
  'true',
  'false',
  '""',
  '0',
  '-0',
  '1',
  '-1.5',
  '1e400',
  '-1e400',
  '1E-7',
  '99999999999999999999',
  '2147483648',
  '3.33e-2',
  '0.1e99',
  '[]',
  '{}',
  '[null]',
  '[[[]]]',
  '"NaN"',
  '"Infinity"',
  '"-0"',
  '"1e5"',
  '"1e99"',
  '"+5"',
  '"--5"',
  '"1."',
  '".5"',
  '"0x10"',
  '"1,5"',
  '"١٢٣"',
  '" 5 "',
  '"5\\n"',
  '"TRUE"',
  '"false"',
  '"yes"',
  '"2020-06-01T15:08:10.000+0000"',
  '"2020-06-01T15:08:10Z"',
  '"2020-02-30T00:00:00Z"',
  '"0000-01-01T00:00:00+1400"',
  '"9999-12-31T23:59:59-1400"',
  '"9999-12-31T24:00:00Z"',
  '"+010000-01-01T00:00:00Z"',
  '"2020-06-01 15:08:10"',
  '"1591024090"',
  '1591024090000',
  '"2020-06-01T15:08:10.123456789+99:99"',
  '{"toString":1}',
  '{"toString":null,"valueOf":null}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"then":"x"}',
  '{"then":{}}',
  '{"toJSON":"x"}',
  '{"length":4294967295}',
  '[{"toString":1}]',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"\\ufeff"',
  '"delivered"',
  '"DELIVERED"',
  '"outbound"',
  '"INBOUND"',
  '"sideways"',
  '"{\\"a\\":1}"',
  '"{\\"__proto__\\":1}"',
  '"{"',
  '"[1]"',
  '"@nested:20@"',
  '"@object:25@"',
  '"@text:100000@"',
  '"__proto__"',
  '"constructor"',
  '"a/b"',
  '"a b"',
  '"a,b"',
  '"../x"',
  '"x\\r\\ny"',
  '"abcd1234"',
  '"zzzz9999"',
];

/** Too deep for any reader. */
const deep = ['"@nested:40@"', '"@nested:5000@"', '"@object:40@"', '"@object:3000@"'];

const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

/** One of them makes a whole answer unreadable. */
const anyValue = fc.oneof(
  { weight: 200, arbitrary: value },
  { weight: 1, arbitrary: fc.constantFrom(...deep) },
);

const key = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'id',
      'account_id',
      'direction',
      'product',
      'message_id',
      'call_id',
      'request_id',
      'parent_request_id',
      'status',
      'message_body',
      'total_price',
      'date_received',
      'currency',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'valueOf',
      'then',
      'toJSON',
      'hasOwnProperty',
      'length',
      'raw',
      'origin',
    ),
  },
  { weight: 1, arbitrary: hostileText },
);

/** Rows of every kind, most of them of an id that was asked for. */
export const hostileRow: fc.Arbitrary<HostileRow> = fc.record({
  owner: fc.option(fc.nat(25), { freq: 8 }),
  fill: fc.array(value, { maxLength: 12 }),
  more: fc.array(fc.tuple(key, anyValue), { maxLength: 6 }),
});
