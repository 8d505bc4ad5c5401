import { UNRECOGNIZED } from './base.js';
import { vonageTimeText } from './date-time.js';
import type { FieldKind, FieldShape } from './record-shape.js';

/** Turns a present wire value into the value of its field; undefined when it cannot be converted. */
export type Converter = (value: unknown) => unknown;

/** Longest number that is read as one; Vonage's own have fewer than twenty characters. */
const maxNumberLength = 64;
const plainDecimal = /^[+-]?(\d+)(?:\.(\d+))?$/;
const exponentDecimal = /^([+-]?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/;
const wholeNumber = /^-?\d+(?=(?:\.0+)?$)/;
const maxInt = 2 ** 31 - 1;
/** Deepest JSON that is passed on: an answer is written by recursion, which a row of endless brackets would exhaust. */
const maxJsonDepth = 64;

const byKind: Readonly<Record<Exclude<FieldKind, 'Enum'>, Converter>> = {
  ID: toText,
  String: toText,
  Int: toInt,
  Boolean: toBoolean,
  DateTime: toDateTime,
  Decimal: toDecimal,
  JSONObject: toJsonObject,
};

/** The converter of one field. */
export function converterFor(field: FieldShape): Converter {
  return field.kind === 'Enum' ? toEnum(field.enumValues) : byKind[field.kind];
}

/** Vonage leaves a value out in three ways that mean the same: null, an empty string, and no key at all. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/**
 * GraphQL's Int has 32 bits; what does not fit stays in `raw` only. The digits are looked at, because a float would
 * round `0.99999999999999999999` to a whole number.
 */
function toInt(value: unknown): number | undefined {
  const [digits] = wholeNumber.exec(toDecimal(value) ?? '') ?? [];
  const number = Number(digits);
  return number <= maxInt && number >= -maxInt - 1 ? number : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (word === 'true') return true;
  return word === 'false' ? false : undefined;
}

function toDateTime(value: unknown): string | undefined {
  return typeof value === 'string' ? vonageTimeText(value) : undefined;
}

function toDecimal(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > maxNumberLength) return undefined;
  if (plainDecimal.test(text)) return text.replace(/^\+/, '');
  const match = exponentDecimal.exec(text);
  return match ? shiftPoint(match) : undefined;
}

/** Writes a number with an exponent out in full: `3.33e-2` becomes `0.0333`. */
function shiftPoint([, sign = '', whole = '', fraction = '', exponent = '0']: readonly string[]): string {
  const shift = Number(exponent);
  const digits = '0'.repeat(Math.max(0, -shift)) + whole + fraction + '0'.repeat(Math.max(0, shift));
  const point = Math.max(0, -shift) + whole.length + shift;
  const before = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const setTimer = digits.slice(point).replace(/0+$/, '');
  return `${sign === '-' ? '-' : ''}${before}${setTimer && `.${setTimer}`}`;
}

function toJsonObject(value: unknown): object | undefined {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  return isPlainObject(parsed) && isShallow(parsed, maxJsonDepth) ? parsed : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Case is ignored, because Vonage's own sources write the states of a call in both. */
function toEnum(values: readonly string[]): Converter {
  const known = new Map(values.map((each) => [each.toLowerCase(), each]));
  const fallback = values.includes(UNRECOGNIZED) ? UNRECOGNIZED : undefined;
  return (value) => {
    const text = toText(value);
    return text === undefined ? undefined : (known.get(text.toLowerCase()) ?? fallback);
  };
}

/** Tells whether no value of a parsed JSON stands inside more lists and objects than `depth`; ends as soon as one does. */
export function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}
