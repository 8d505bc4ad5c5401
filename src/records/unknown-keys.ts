import type { RecordShape } from './record-shape.js';
import type { WireRow } from './wire-row.js';

/** Wire names that every row may carry beside its type's fields. */
const common = new Set(['account_id', 'direction', 'product']);

/** The keys of a row that its type has no field for: Vonage added something. `raw` shows them. */
export function unknownKeys(row: WireRow, shape: RecordShape): string[] {
  return Object.keys(row).filter(
    (key) => !common.has(key) && !shape.fields.some(({ wire }) => wire.includes(key)),
  );
}
