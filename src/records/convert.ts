import { UNRECOGNIZED } from './base.js';
import { vonageTimeText } from './date-time.js';
import type { FieldKind, FieldShape } from './record-shape.js';

/** Turns a present wire value into the value of its field; undefined when it cannot be converted. */
export type Converter = (value: unknown) => unknown;

/** Longest number that is read as one; Vonage's own have fewer than twenty characters. */
const maxNumberLength = 64;
const plainDecimal = /^([+-]?)(\d*)(?:\.(\d+))?$/;
const exponentDecimal = /^([+-]?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/;
/** A comma that cannot separate thousands: nothing but a zero stands before it, or not three digits after it. */
const commaDecimal = /^[+-]?(?:0*,\d+|\d+,(?!\d{3}$)\d+)$/;
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

const converters = new WeakMap<FieldShape, Converter>();

/** The converter of one field. Texts are trimmed first, but for what a person wrote. */
export function converterFor(field: FieldShape): Converter {
  const converter = converters.get(field) ?? createConverter(field);
  converters.set(field, converter);
  return converter;
}

function createConverter(field: FieldShape): Converter {
  const convert = field.kind === 'Enum' ? toEnum(field.enumValues) : byKind[field.kind];
  if (field.privacy === 'content') return convert;
  return (value) => convert(typeof value === 'string' ? value.trim() : value);
}

/** Vonage leaves a value out in ways that mean the same: null, an empty or blank text, and no key at all. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** GraphQL's Int has 32 bits; what does not fit stays in `raw` only. Vonage writes some counts with a fraction. */
function toInt(value: unknown): number | undefined {
  const decimal = toDecimal(value);
  if (decimal === undefined) return undefined;
  const number = Math.round(Number(decimal));
  // Math.round gives -0 for a small negative fraction.
  return number <= maxInt && number >= -maxInt - 1 ? number + 0 : undefined;
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
  const pointed = commaDecimal.test(text) ? text.replace(',', '.') : text;
  const plain = plainDecimal.exec(pointed);
  if (plain) return withWholePart(plain);
  const match = exponentDecimal.exec(pointed);
  return match ? shiftPoint(match) : undefined;
}

/** Digits stay as Vonage wrote them; `.0333` becomes `0.0333`. */
function withWholePart([, sign = '', whole = '', fraction = '']: readonly string[]): string | undefined {
  if (whole === '' && fraction === '') return undefined;
  return `${sign === '-' ? '-' : ''}${whole || '0'}${fraction && `.${fraction}`}`;
}

/** Writes a number with an exponent out in full: `3.33e-2` becomes `0.0333`. */
function shiftPoint([, sign = '', whole = '', fraction = '', exponent = '0']: readonly string[]): string {
  const shift = Number(exponent);
  const digits = '0'.repeat(Math.max(0, -shift)) + whole + fraction + '0'.repeat(Math.max(0, shift));
  const point = Math.max(0, -shift) + whole.length + shift;
  const before = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const fractionDigits = digits.slice(point).replace(/0+$/, '');
  return `${sign === '-' ? '-' : ''}${before}${fractionDigits && `.${fractionDigits}`}`;
}

function toJsonObject(value: unknown): object | undefined {
  const parsed = typeof value === 'string' ? (parseJson(value) ?? parsePrintedMap(value)) : value;
  return isPlainObject(parsed) && isShallow(parsed, maxJsonDepth) ? parsed : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads `{requestId=ab12, conversationEventId=5}`, as some of Vonage's systems print a map; its values are texts. */
function parsePrintedMap(text: string): unknown {
  const inside = /^\{([^{}]*)\}$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const entries = inside.split(/, ?(?=[\w.-]+=)/).map((entry) => /^\s*([\w.-]+)=(.*)$/s.exec(entry));
  if (entries.some((entry) => entry === null)) return undefined;
  return Object.fromEntries(entries.map((entry) => [entry?.[1], entry?.[2]?.trim()]));
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
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}
