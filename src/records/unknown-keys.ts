import type { RecordShape } from './record-shape.js';
import type { WireRow } from './wire-row.js';

/** Wire names that every row may carry beside its type's fields. */
const common = ['account_id', 'direction', 'product'];
const knownKeys = new WeakMap<RecordShape, ReadonlySet<string>>();

/** The keys of a row that its type has no field for: Vonage added something. `raw` shows them. */
export function unknownKeys(row: WireRow, shape: RecordShape): string[] {
  const known = knownKeysOf(shape);
  return Object.keys(row).filter((key) => !known.has(key));
}

function knownKeysOf(shape: RecordShape): ReadonlySet<string> {
  const known = knownKeys.get(shape) ?? new Set([...common, ...shape.fields.flatMap(({ wire }) => wire)]);
  knownKeys.set(shape, known);
  return known;
}
