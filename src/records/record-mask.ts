import type { WireRow } from './base.js';
import { maskText, maskWithin } from './mask-text.js';
import { type FieldShape, type RecordShape, unknownKeys } from './record-shape.js';

/** What of records a caller may see. */
export interface Visibility {
  /** Phone numbers, addresses and names as they are, not masked. */
  readonly numbers: boolean;
  /** What was said or written. */
  readonly content: boolean;
}

/** Shows everything. */
export const fullVisibility: Visibility = Object.freeze({ numbers: true, content: true });

/** Makes of a row what a caller may see of it. */
export type RecordMask = (row: WireRow, sees: Visibility) => WireRow;

/** Makes of one value what a caller without `records:numbers` may see of it. */
type ValueMask = (value: unknown) => unknown;

/**
 * Compiles the mask of a record type. The row itself is masked, before any field is read from it, so that the fields and
 * `raw` cannot differ. A key that no field stands for is left out: it may be personal.
 */
export function compileMask(shape: RecordShape): RecordMask {
  const fields = shape.fields.flatMap((field) => field.wire.map((wire) => [wire, field] as const));
  const content = new Set(fields.flatMap(([wire, { privacy }]) => (privacy === 'content' ? [wire] : [])));
  const masks = new Map(
    fields.flatMap(([wire, field]) => {
      const mask = valueMask(field);
      return mask ? [[wire, mask] as const] : [];
    }),
  );
  return (row, sees) => {
    if (sees.numbers && sees.content) return row;
    const unknown = new Set(unknownKeys(row, shape));
    const entries = Object.entries(row).filter(
      ([key]) => !unknown.has(key) && (sees.content || !content.has(key)),
    );
    if (sees.numbers) return Object.fromEntries(entries);
    return Object.fromEntries(entries.map(([key, value]) => [key, (masks.get(key) ?? asItIs)(value)]));
  };
}

/** The mask of one field; undefined where every caller may see its values. */
function valueMask({ privacy, kind }: FieldShape): ValueMask | undefined {
  if (privacy === 'free text') return maskFreeText;
  if (privacy !== 'personal') return undefined;
  return kind === 'String' || kind === 'ID' ? maskPersonalText : () => null;
}

/** A text keeps its words; an object or a list may hold anything anywhere, so nothing of it is shown. */
function maskFreeText(value: unknown): unknown {
  if (typeof value === 'string') return maskWithin(value);
  return typeof value === 'number' ? maskWithin(String(value)) : null;
}

/** An object or a list may hold anything anywhere, so nothing of it is shown. */
function maskPersonalText(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? value : maskText(value);
  return typeof value === 'number' ? maskText(String(value)) : null;
}

function asItIs(value: unknown): unknown {
  return value;
}
