import fc from 'fast-check';
import { hostileText } from './hostile-text.js';
import { namesOfObjects } from './names-of-objects.js';
import { nearValues } from './near-values.js';

/** A row of an answer of Vonage's. Its values are JSON texts, since an object could hold neither every key nor one key twice. */
export interface HostileRow {
  /** Which of the ids that were asked for it carries; null for none. */
  readonly owner: number | null;
  /** Where to begin in the values that nearly are right for each field; null for none of them. */
  readonly typed: number | null;
  /** Values for all fields of the record type, in turn; none leaves them out. */
  readonly fill: readonly string[];
  /** More keys, or the same once more. */
  readonly more: readonly (readonly [key: string, value: string])[];
}

/** Values that belong into no field. */
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
  ...Object.values(nearValues).flat(),
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
    arbitrary: fc.constantFrom(...namesOfObjects, 'raw', 'origin'),
  },
  { weight: 1, arbitrary: hostileText },
);

/** Rows of every kind, most of them of an id that was asked for. */
export const hostileRow: fc.Arbitrary<HostileRow> = fc.record({
  owner: fc.option(fc.nat(25), { freq: 8 }),
  typed: fc.option(fc.nat(50), { freq: 1 }),
  fill: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 1, maxLength: 12 }) },
  ),
  more: fc.array(fc.tuple(key, anyValue), { maxLength: 6 }),
});
