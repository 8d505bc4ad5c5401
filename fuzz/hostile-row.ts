import fc from 'fast-check';
import { hostileText } from './hostile-text.js';
import { nearValidValues } from './near-valid-values.js';
import { objectPropertyNames } from './object-property-names.js';

/** A row of a Vonage response. Its values are JSON texts, because an object cannot hold duplicate keys. */
export interface HostileRow {
  /** Index of the requested id that the row carries, or null for none. */
  readonly owner: number | null;
  /** Start index in the nearly valid values of each field, or null to omit them. */
  readonly typed: number | null;
  /** Values that fill all fields of the record type cyclically. An empty list omits them. */
  readonly fill: readonly string[];
  /** Further keys, or duplicates. */
  readonly more: readonly (readonly [key: string, value: string])[];
}

/** Values that no field accepts. */
const odd = [
  'null',
  '""',
  '[null]',
  '[[[]]]',
  '{"toString":1}',
  '{"toString":null,"valueOf":null}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"then":"x"}',
  '{"then":{}}',
  '{"toJSON":"x"}',
  '{"length":4294967295}',
  '[{"toString":1}]',
  '"\\udc00\\ud800"',
  '"\\ufeff"',
  '"@nested:20@"',
  '"@object:25@"',
  ...Object.values(nearValidValues).flat(),
];

/** Values that exceed the maximum nesting. */
const deep = ['"@nested:40@"', '"@nested:5000@"', '"@object:40@"', '"@object:3000@"'];

const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

/** One deep value makes a whole response unreadable, so deep values are rare. */
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
    arbitrary: fc.constantFrom(...objectPropertyNames, 'raw', 'origin'),
  },
  { weight: 1, arbitrary: hostileText },
);

/** Rows of every kind. Most carry a requested id. */
export const hostileRow: fc.Arbitrary<HostileRow> = fc.record({
  owner: fc.option(fc.nat(25), { freq: 8 }),
  typed: fc.option(fc.nat(50), { freq: 1 }),
  fill: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 1, maxLength: 12 }) },
  ),
  more: fc.array(fc.tuple(key, anyValue), { maxLength: 6 }),
});
