import { isAccountId } from '../catalogue/ids.js';
import { Direction, Product } from '../catalogue/product.js';
import { isPublicId, maskText, maskWithin, maskWords } from '../mask-text.js';
import { UNRECOGNIZED, type WireRow } from './base.js';
import { converterFor, isAbsent } from './convert.js';
import { type CommonKey, type FieldShape, type RecordShape, unknownKeys } from './record-types.js';

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

/** Makes of one present value what a caller without `records:numbers` may see of it. */
type ValueMask = (value: unknown) => unknown;

/** Whole digits of the largest price; a longer number in the place of a price is none. */
const longestPrice = /^-?\d{1,6}(?:\.|$)/;

/**
 * Compiles the mask of a record type. The row itself is masked, before any field is read from it, so that the fields and
 * `raw` cannot differ. A key that no field stands for is left out: it may be personal.
 */
export function compileMask(shape: RecordShape): RecordMask {
  const fields = shape.fields.flatMap((field) => field.wire.map((wire) => [wire, field] as const));
  const content = new Set(fields.flatMap(([wire, { privacy }]) => (privacy === 'content' ? [wire] : [])));
  const masks = new Map<string, ValueMask>([
    ...Object.entries(commonMasks),
    ...fields.map(([wire, field]) => [wire, valueMask(field)] as const),
  ]);
  const masked = (key: string, value: unknown) => (isAbsent(value) ? value : masks.get(key)?.(value));
  return (row, sees) => {
    if (sees.numbers && sees.content) return row;
    const unknown = new Set(unknownKeys(row, shape));
    const isHidden =
      unknown.size > 0 || (!sees.content && [...content].some((key) => Object.hasOwn(row, key)));
    if (sees.numbers && !isHidden) return row;
    const entries = Object.entries(row).filter(
      ([key]) => !unknown.has(key) && (sees.content || !content.has(key)),
    );
    if (sees.numbers) return Object.fromEntries(entries);
    return Object.fromEntries(entries.map(([key, value]) => [key, masked(key, value)]));
  };
}

/** The masks of the keys that every row may have. What is no value of theirs stays a value, and says nothing. */
const commonMasks: Readonly<Record<CommonKey, ValueMask>> = {
  account_id: onlyWhere((text) => isAccountId(text)),
  direction: onlyWhere((text) => isOneOf(Object.values(Direction), text)),
  product: onlyWhere((text) => isOneOf(Object.values(Product), text)),
};

function onlyWhere(isPublic: (text: string) => boolean): ValueMask {
  return (value) => (typeof value !== 'object' && isPublic(String(value).trim()) ? value : maskText('?'));
}

function isOneOf(words: readonly string[], text: string): boolean {
  return words.some((word) => word.toLowerCase() === text.toLowerCase());
}

/** The mask of one field. A field of a type that holds no text shows only what can be read as that type. */
function valueMask(field: FieldShape): ValueMask {
  const { privacy, kind } = field;
  if (privacy === 'personal') return kind === 'String' || kind === 'ID' ? maskPersonalText : hide;
  if (privacy === 'free text') return (value) => maskedText(value, maskWords);
  if (kind === 'String') return (value) => maskedText(value, maskWithin);
  if (kind === 'ID') return maskId;
  if (kind === 'JSONObject') return hide;
  const convert = converterFor(field);
  if (kind === 'Enum') return (value) => (isKnown(convert(value)) ? value : maskUnknownWord(value));
  if (kind === 'Decimal') return (value) => (longestPrice.test(String(convert(value))) ? value : null);
  return (value) => (convert(value) === undefined ? null : value);
}

function isKnown(converted: unknown): boolean {
  return converted !== undefined && converted !== UNRECOGNIZED;
}

/** An object or a list may hold anything anywhere, so nothing of it is shown. */
function maskedText(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'object') return null;
  const text = String(value);
  const masked = mask(text);
  return masked === text ? value : masked;
}

/** A word outside a closed list may be anything, also a name. */
function maskUnknownWord(value: unknown): unknown {
  return typeof value === 'object' ? null : maskText(String(value));
}

function maskId(value: unknown): unknown {
  if (typeof value === 'object' || typeof value === 'boolean') return null;
  return isPublicId(String(value).trim()) ? value : maskText(String(value));
}

/** A flag about a person says something about that person, and an object or a list may hold anything anywhere. */
function maskPersonalText(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? maskText(String(value)) : null;
}

function hide(): null {
  return null;
}
