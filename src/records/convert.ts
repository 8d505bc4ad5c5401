import { UNRECOGNIZED } from './base.js';
import type { FieldKind, FieldShape } from './record-types.js';

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

/**
 * Vonage has written `+0000` (2020), `+00:00` (since 2021), milliseconds with `Z` (conversations, network events), and
 * once `2024-3-22 11:24:05+00:00`. Seconds may be missing, a comma may stand before their fraction, as ISO 8601 allows,
 * and a zone may be hours alone. A time without a zone is UTC, as every zone in the samples is.
 */
const vonageTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** The same in UTC, on a day that every month has: such a time holds its RFC 3339 text already. */
const plainUtcTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?(?:Z|\+00:?00)$/;

/** A time in any of Vonage's formats as RFC 3339 writes it, or undefined for text that is none of them. */
export function vonageTimeText(text: string): string | undefined {
  const trimmed = text.trim();
  return plainUtcTime.test(trimmed) ? plainText(trimmed) : parseVonageTime(trimmed)?.toISOString();
}

function plainText(trimmed: string): string {
  return trimmed[19] === '.' ? `${trimmed.slice(0, 23)}Z` : `${trimmed.slice(0, 19)}.000Z`;
}

/** The moment that any of Vonage's formats names, or undefined for text that is none of them. */
export function parseVonageTime(text: string): Date | undefined {
  const trimmed = text.trim();
  if (plainUtcTime.test(trimmed)) return new Date(plainText(trimmed));
  const match = vonageTime.exec(trimmed);
  if (!match) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '00',
    fraction = '0',
    zone = 'Z',
  ] = match;
  const date = [year, twoDigits(month), twoDigits(day)].join('-');
  const time = [twoDigits(hour), minute, second].join(':');
  const moment = new Date(`${date}T${time}.${fraction.slice(0, 3)}${rfc3339Zone(zone)}`);
  // The engine rolls 30 February over into March; such a date is an error in the row, not a day in March.
  const rolledOver = new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day);
  return Number.isNaN(moment.getTime()) || rolledOver || !hasFourDigitYear(moment) ? undefined : moment;
}

/** A zone can move the first or the last day of the calendar to a year that RFC 3339 cannot write. */
function hasFourDigitYear(moment: Date): boolean {
  const year = moment.getUTCFullYear();
  return year >= 0 && year <= 9999;
}

function twoDigits(text: string): string {
  return text.padStart(2, '0');
}

function rfc3339Zone(zone: string): string {
  if (zone.length === 1) return 'Z';
  const digits = zone.replace(':', '').slice(1).padEnd(4, '0');
  return `${zone.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
