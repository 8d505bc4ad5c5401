import { canonicalId, isAccountId, isInternalAccountName } from '../catalogue/ids.js';
import { Direction, type ProductRules } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import type { UsageRecord, WireRow } from './base.js';
import { converterFor, isAbsent } from './convert.js';
import { isFinalRow, occurredAtText } from './finality.js';
import { compileRowKeys, encodeGlobalId, namedAccountOf, publicLookupId, type RowKeys } from './global-id.js';
import { compileMask, type Visibility } from './record-mask.js';
import type { FieldShape, RecordShape } from './record-types.js';

/** Where a row was found: what a record knows beyond its own row. */
export interface RecordOrigin {
  readonly rules: ProductRules;
  /** The account that was asked. */
  readonly accountId: string;
  /** The direction that was asked; null where the call named none. */
  readonly direction: Direction | null;
  /** The id that found the row. */
  readonly id: string;
  /** Every row that was found with it, as Vonage sent them: a global id tells them apart. */
  readonly siblings: readonly WireRow[];
  /** Place of the row among them. */
  readonly place: number;
  /** Moment at which the row's finality is judged, in epoch milliseconds. */
  readonly nowMs: number;
  /** What of it the caller may see. */
  readonly sees: Visibility;
}

/** Makes a record of a row. Never throws, whatever the row holds. */
export type Decoder = (row: WireRow, origin: RecordOrigin) => UsageRecord;

/** What a decoded instance carries besides its class's fields. */
interface Decoded {
  readonly raw: WireRow;
  readonly origin: RecordOrigin;
}

/**
 * Compiles a class into a decoder. Fields become getters on a prototype made once, so that a record costs two
 * assignments and only the fields that an operation selects are ever converted.
 */
export function compileDecoder(recordClass: new () => UsageRecord, shape: RecordShape): Decoder {
  const mask = compileMask(shape);
  const keys = compileRowKeys(shape, mask);
  class DecodedRecord extends recordClass implements Decoded {
    override readonly raw: WireRow;
    override readonly namedAccount: string | null;
    readonly origin: RecordOrigin;

    constructor(row: WireRow, origin: RecordOrigin) {
      super();
      this.raw = mask(withoutWithheld(row, origin.rules), origin.sees);
      this.namedAccount = namedAccountOf(row);
      this.origin = origin;
    }
  }
  Object.defineProperties(DecodedRecord.prototype, {
    ...Object.fromEntries(shape.fields.filter(isWireField).map((field) => [field.name, wireGetter(field)])),
    ...derivedFields,
    id: getter(({ origin }) => globalId(keys, origin)),
    // A record is of its decorated class for all code that asks for its type.
    constructor: { value: recordClass },
  });
  return (raw, origin) => new DecodedRecord(raw, origin);
}

function withoutWithheld(row: WireRow, { withheld }: ProductRules): WireRow {
  if (!withheld.some((key) => Object.hasOwn(row, key))) return row;
  return Object.fromEntries(Object.entries(row).filter(([key]) => !withheld.includes(key)));
}

/** The names of fields whose value is present but cannot be converted: a change at Vonage, or an invalid row. */
export function unconvertible(row: WireRow, shape: RecordShape): string[] {
  const names: string[] = [];
  for (const field of shape.fields) {
    const value = firstPresent(row, field.wire);
    if (!isAbsent(value) && converterFor(field)(value) === undefined) names.push(field.name);
  }
  return names;
}

function isWireField(field: FieldShape): boolean {
  return field.wire.length > 0;
}

/** An error for a value is an error at that field: a null would say that the message had no text. */
function wireGetter(field: FieldShape): PropertyDescriptor {
  const convert = converterFor(field);
  return getter((record) => {
    if (field.privacy === 'content' && !record.origin.sees.content) return contentRefused(field.name);
    const value = firstPresent(record.raw, field.wire);
    return isAbsent(value) ? null : (convert(value) ?? null);
  });
}

function contentRefused(name: string): GatewayError {
  return new GatewayError('FORBIDDEN', `${name} is for callers with the scope records:content.`);
}

/** Own keys only: a hostile row must not be able to answer through its prototype. */
function firstPresent(row: WireRow, names: readonly string[]): unknown {
  for (const name of names) {
    if (Object.hasOwn(row, name) && !isAbsent(row[name])) return row[name];
  }
  return undefined;
}

const derivedFields: PropertyDescriptorMap = {
  vonageId: getter(lookupId),
  product: getter(({ origin }) => origin.rules.product),
  direction: getter(direction),
  accountId: getter(accountId),
  occurredAt: getter(({ raw, origin }) => occurredAtText(raw, origin.rules)),
  vonageStatus: getter(({ raw }) => statusText(raw)),
  isFinal: getter(({ raw, origin }) => isFinalRow(raw, origin.rules, origin.nowMs)),
};

function getter(read: (record: Decoded) => unknown): PropertyDescriptor {
  return {
    get(this: Decoded) {
      return read(this);
    },
    enumerable: true,
  };
}

/** What the row says, if a call can name it: edges are looked up there. The account that was asked otherwise. */
function accountId({ raw, origin }: Decoded): string {
  const own = textOf(firstPresent(raw, ['account_id']));
  return isAccountId(own) && !isInternalAccountName(own) ? own : origin.accountId;
}

/** What the row says; the direction that was asked for where it says nothing. */
function direction({ raw, origin }: Decoded): Direction | null {
  const own = firstPresent(raw, ['direction']);
  if (own === undefined) return origin.direction;
  const word = textOf(own).toLowerCase();
  return Object.values(Direction).find((each) => each === word) ?? null;
}

/** The row's own spelling of its first id; the id that found the row where it has none. */
function lookupId({ raw, origin }: Decoded): string {
  return publicLookupId(raw, origin.rules) ?? origin.id;
}

/** Older rows of VERIFY-API call it `verify_status`. A status can be a number, such as 200. */
function statusText(raw: WireRow): string | null {
  const status = firstPresent(raw, ['status', 'verify_status']);
  return typeof status === 'number' ? String(status) : textOf(status) || null;
}

/** A text without blanks around it; empty for any other value. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** The same for every caller, so it holds only what every caller may see. */
function globalId(keys: RowKeys, { siblings, place, ...origin }: RecordOrigin): string {
  const { rules } = origin;
  return encodeGlobalId({
    accountId: origin.accountId,
    product: rules.product,
    direction: rules.direction === 'required' ? origin.direction : null,
    vonageId: publicLookupId(siblings[place] ?? {}, rules) ?? canonicalId(origin.id),
    rowKey: keys(siblings, place, rules),
  });
}
