import { createHash } from 'node:crypto';
import { canonicalId, isVonageId } from '../catalogue/ids.js';
import { Direction, Product, type ProductRules } from '../catalogue/product.js';
import { isPublicId } from '../mask-text.js';
import type { WireRow } from './base.js';
import { isAbsent } from './convert.js';
import type { RecordMask } from './record-mask.js';
import type { RecordShape } from './record-types.js';

/** What a global id holds: enough to find the record again with a single call. */
export interface GlobalIdParts {
  readonly accountId: string;
  readonly product: Product;
  /** Named only where the product needs one to be found. */
  readonly direction: Direction | null;
  readonly vonageId: string;
  /** What tells the row from the others of its vonageId, where there may be others: see `compileRowKeys`. */
  readonly rowKey: string | null;
}

/** Version and mark of a global id. A later layout gets another mark, and this one stays readable. */
const mark = 'vr1_';
const products = new Set<string>(Object.values(Product));
const directions = new Set<string>(Object.values(Direction));
const hashedKey = /^~[\w-]{16}(?:\.\d{1,5})?$/;
const accountForm = /^[A-Za-z0-9_-]{1,64}$/;

/** True for text that claims to be a global id, well-formed or not. */
export function looksLikeGlobalId(text: string): boolean {
  return text.startsWith(mark);
}

export function encodeGlobalId({ accountId, product, direction, vonageId, rowKey }: GlobalIdParts): string {
  const parts = [accountId, product, direction ?? '', vonageId, rowKey ?? ''];
  return mark + Buffer.from(parts.join('/')).toString('base64url');
}

/** The parts of a global id, or undefined when the text was not made by `encodeGlobalId`. */
export function decodeGlobalId(text: string): GlobalIdParts | undefined {
  const layout = Buffer.from(text.slice(mark.length), 'base64url').toString();
  const [accountId = '', product = '', direction = '', vonageId = '', rowKey = ''] = layout.split('/');
  const wellFormed =
    accountForm.test(accountId) &&
    products.has(product) &&
    (direction === '' || directions.has(direction)) &&
    isVonageId(vonageId) &&
    (rowKey === '' || isVonageId(rowKey) || hashedKey.test(rowKey));
  if (!wellFormed) return undefined;
  const decoded = {
    accountId,
    product: product as Product,
    direction: (direction || null) as Direction | null,
    vonageId,
    rowKey: rowKey || null,
  };
  // Base64 decoding skips what it does not know; one record must not have many global ids.
  return encodeGlobalId(decoded) === text ? decoded : undefined;
}

/** Tells the rows of one id apart, whatever their order: the key of each row, or null where the id alone names it. */
export type RowKeys = (rows: readonly WireRow[], place: number, rules: ProductRules) => string | null;

/** What may tell a row from others; undefined where the row does not have it. */
type Trait = (row: WireRow) => string | undefined;

const hashLength = 16;
const seesNothing = { numbers: false, content: false };

/**
 * Compiles the keys of a record type. A key is the row's own id where no other row of the id has it, else a hash of what
 * does not change: the ids and the date of a row that may still change, everything of a row that was written when its
 * event was over. Only what every caller may see is hashed, so that no caller can try numbers until the hash fits.
 */
export function compileRowKeys(shape: RecordShape, mask: RecordMask): RowKeys {
  const ids = shape.fields.filter(({ kind }) => kind === 'ID').flatMap(({ wire }) => wire);
  const known = new WeakMap<readonly WireRow[], readonly (string | null)[]>();
  const traitsOf = (rules: ProductRules) => {
    const identity: Trait = (row) => hashOf(pick(mask(row, seesNothing), [...ids, rules.dateField ?? '']));
    // The mark of split messages is there only when an operation selects it.
    const everything: Trait = (row) => hashOf({ ...mask(row, seesNothing), concatenated: undefined });
    return rules.finality.kind === 'written-when-finished'
      ? [ownId, everything]
      : [ownId, identity, everything];
  };
  return (rows, place, rules) => {
    if (rules.rowsPerId === 'one' && rows.length === 1) return null;
    const keys = known.get(rows) ?? keysOf(rows, rules, traitsOf(rules));
    known.set(rows, keys);
    return keys[place] ?? null;
  };
}

/** The first id field's value that is an id and that every caller may see; undefined where the row has none. */
export function publicLookupId(row: WireRow, { idFields }: ProductRules): string | undefined {
  for (const name of idFields) {
    const id = Object.hasOwn(row, name) ? publicId(row[name]) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

function ownId(row: WireRow): string | undefined {
  return Object.hasOwn(row, 'id') ? publicId(row.id) : undefined;
}

function publicId(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && isPublicId(text.trim()) ? text.trim() : undefined;
}

function keysOf(rows: readonly WireRow[], rules: ProductRules, traits: readonly Trait[]): (string | null)[] {
  const keys = rows.map((): string | null => null);
  const places = [...rows.keys()];
  const idOf = (place: number) => canonicalId(publicLookupId(rows[place] ?? {}, rules) ?? '');
  for (const ofOneId of groupsBy(places, idOf).values()) {
    if (rules.rowsPerId === 'one' && ofOneId.length === 1) continue;
    for (const [place, key] of distinguish(ofOneId, rows, traits)) keys[place] = key;
  }
  return keys;
}

/** Gives each row the first trait that no other row shares. Rows that only differ in what is masked are numbered. */
function distinguish(
  places: readonly number[],
  rows: readonly WireRow[],
  [trait, ...others]: readonly Trait[],
): (readonly [place: number, key: string])[] {
  const groups = groupsBy(places, (place) => trait?.(rows[place] ?? {}));
  return [...groups].flatMap(([key, alike]) => {
    if (key !== undefined && alike.length === 1) return alike.map((place) => [place, key] as const);
    if (others.length > 0) return distinguish(alike, rows, others);
    const texts = alike.map((place) => [place, canonicalJson(rows[place] ?? {})] as const);
    const ordered = texts.sort(([, one], [, other]) => (one < other ? -1 : 1));
    return ordered.map(([place], index) => [place, `${key}.${index}`] as const);
  });
}

function groupsBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function pick(row: WireRow, names: readonly string[]): WireRow {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(row, name)).map((name) => [name, row[name]]),
  );
}

function hashOf(row: WireRow): string {
  return `~${createHash('sha256').update(canonicalJson(row)).digest('base64url').slice(0, hashLength)}`;
}

/** Equal for rows whose keys and values are equal, in whatever order the keys stand. */
export function canonicalJson(row: WireRow): string {
  return JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

/**
 * The account to which a row says that it belongs: null where it names none, and empty where what it names cannot be read
 * as an account. An id is trimmed and otherwise left as it is: a character more, even an invisible one, is another account.
 */
export function namedAccountOf(row: WireRow): string | null {
  const named = Object.hasOwn(row, 'account_id') ? row.account_id : undefined;
  if (isAbsent(named)) return null;
  // An API key can consist of digits only.
  if (typeof named === 'number') return Number.isSafeInteger(named) ? String(named) : '';
  return typeof named === 'string' ? named.trim() : '';
}
