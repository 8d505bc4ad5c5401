import fc from 'fast-check';
import { rulesOf } from '../../src/catalogue/products.js';
import type { WireRow } from '../../src/records/base.js';
import type { FieldShape } from '../../src/records/record-types.js';
import type { RecordKind } from './record-kinds.js';

/** The digits of a number that no masked value shows. */
const middleDigits = '7700900';
const numbers = [
  '447700900123',
  '+44 7700 900123',
  '(44) 7700-900-123',
  '447700a900123',
  '44770090-0123-4477-0090-012344770090',
  '４４７７００９００１２３',
  'call 447700900123 or +44-7700-900123, ref A-1',
];
const name = 'Countess Lovelace';
const text = 'Meet me at the old station at nine';
const address = 'countess＠analytical.example';
const words = ['Countess', 'Lovelace', 'station', 'analytical'];

/** A planted value in any type of JSON. */
const anyJson = (planted: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...planted),
    fc.constant(447_700_900_123),
    fc
      .constantFrom(name, text, address, ...numbers)
      .chain((each) =>
        fc.constantFrom<unknown>([each], { value: each }, { [each]: true }, [[{ deep: [each] }]]),
      ),
    fc.constantFrom<unknown>([447_700_900_123], { value: 447_700_900_123 }, true, null),
  );
const everything = anyJson([...numbers, name, text, address]);
/** In a text that Vonage fills from its own tables, a name cannot be told from the names of networks and countries. */
const withoutNames = anyJson([...numbers, address]);

/** Rows of a type in which a number, a name, an address and a text stand in every field, also in unknown ones. */
export function plantedRow({ shape, entry }: RecordKind, id: string): fc.Arbitrary<WireRow> {
  const fields = shape.fields.flatMap((field) =>
    field.wire.map((wire) => [wire, isOfVonage(field) ? withoutNames : everything] as const),
  );
  const row = fc.record({
    ...Object.fromEntries(fields),
    direction: everything,
    added_by_vonage: everything,
    '447700900123': everything,
    [name]: everything,
  });
  const [idField = 'id'] = rulesOf(entry.product).idFields;
  return row.map((each) => ({ ...each, [idField]: id, account_id: 'abcd1234' }));
}

function isOfVonage({ kind, privacy }: FieldShape): boolean {
  return kind === 'String' && privacy === 'plain';
}

/** What of a planted number stands in a text, in whatever way its digits are separated or encoded. */
export function plantedNumbersIn(shown: string): string[] {
  const words = withDecodedIds(shown)
    .normalize('NFKC')
    .split(/["{}[\]]/);
  return words.filter((word) => word.replace(/\D/g, '').includes(middleDigits));
}

/** The planted names, addresses and texts of which a word stands in a text. */
export function plantedWordsIn(shown: string): string[] {
  const decoded = withDecodedIds(shown);
  return words.filter((word) => decoded.includes(word));
}

/** The text with what its global ids hold beside it. */
function withDecodedIds(shown: string): string {
  const ids = [...shown.matchAll(/vr1_([\w-]+)/g)].map(([, packed = '']) => packed);
  return [shown, ...ids.map((packed) => `"${Buffer.from(packed, 'base64url')}"`)].join('\n');
}
