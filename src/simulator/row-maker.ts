import { hash } from 'node:crypto';
import { type Direction, Product } from '../catalogue/product.js';
import { UNRECOGNIZED } from '../records/base.js';
import type { FieldShape, RecordShape } from '../records/record-types.js';

/** What one made-up row is a row of. */
export interface RowSeed {
  readonly shape: RecordShape;
  readonly product: Product;
  readonly direction: Direction | null;
  readonly accountId: string;
  /** Rank of the row within its product and direction. */
  readonly index: number;
  /** The moment of the event; its times follow within a minute. */
  readonly atMs: number;
  /** Values that other rows depend on, such as the id of the call. */
  readonly given: Readonly<Record<string, string>>;
}

const numbers = new Set(['from', 'to', 'number', 'msisdn']);
/** Names of moments at which something was over. */
const endName = /end|final|finish|last|record_creation/;

/** Values that a person reading the row would expect; the rest follows from the field's type. */
const plausible: Readonly<Record<string, (words: string) => string>> = {
  country: () => 'GB',
  country_code: () => 'GB',
  country_name: () => 'United Kingdom',
  network: (words) => seededPick(['23410', '23415', 'GB-FIXED'], words),
  network_name: (words) => seededPick(['Telefonica UK Limited', 'Vodafone Limited'], words),
  // Blank in three rows of four: newest documents say always, older samples hold EUR.
  currency: (words) => seededPick(['EUR', '', '', ''], words),
  ip_address: (words) => `192.0.2.${seededInt(254, words) + 1}`,
  message_body: (words) => `Your order ${seededInt(10_000, words)} is on its way.`,
  error_code: () => '0',
  error_code_description: () => 'Delivered',
  locale: () => 'en-gb',
  language: () => 'en-GB',
  conversation_id: (words) => `CON-${seededUuid(words)}`,
  tier_volume: () => '1-onwards',
  validity_period: () => '259200000',
  request_params: () => '{"product":"SMS"}',
  // Half of Vonage's rows print a map, half of them hold JSON.
  other_ids: (words) =>
    seededPick(
      [`{"ticket":"${seededInt(1000, words)}"}`, `{ticket=${seededInt(1000, words)}, conversationEventId=5}`],
      words,
    ),
};

/** Values that are no text on the wire, by product and wire name; all others are. */
const nativeValues: Readonly<Partial<Record<Product, Readonly<Record<string, (text: string) => unknown>>>>> =
  {
    [Product.AMD]: {
      amd_result_sent: (text) => text === 'TRUE',
      amd_beep_detection_result: (text) => text === 'TRUE',
      amd_user_defined_beep_timeout: Number,
    },
    [Product.REPORTS_USAGE]: {
      items_written: Number,
      price: Number,
      total_price: Number,
      request_params: (text) => JSON.parse(text) as unknown,
    },
  };

/** Makes the row up: values as on the wire, some blank and some left out, the same in every run. */
export function makeRow(seed: RowSeed): Record<string, unknown> {
  const values = seed.shape.fields.map((field) => [wireNameOf(field), wireValueOf(field, seed)] as const);
  const present = values.flatMap(([name, value]) =>
    name === undefined || value === undefined ? [] : [[name, value] as const],
  );
  return {
    account_id: seed.accountId,
    ...Object.fromEntries(present.map(([name, value]) => [name, asOnTheWire(seed.product, name, value)])),
    ...(seed.direction && { direction: seed.direction }),
    ...Object.fromEntries(Object.entries(seed.given).filter(([name]) => has(seed.shape, name))),
  };
}

function asOnTheWire(product: Product, name: string, text: string): unknown {
  const native = nativeValues[product]?.[name];
  return native && text !== '' ? native(text) : text;
}

function has({ fields }: RecordShape, wireName: string): boolean {
  return fields.some(({ wire }) => wire.includes(wireName));
}

function wireNameOf({ wire }: FieldShape): string | undefined {
  return wire[0];
}

function wireValueOf(field: FieldShape, seed: RowSeed): string | undefined {
  const { product, direction, index } = seed;
  const name = wireNameOf(field) ?? '';
  const words = `${product}|${direction}|${index}|${name}`;
  const omitted =
    name in plausible
      ? undefined
      : seededPick([undefined, undefined, undefined, 'key', 'value'], words, 'absent');
  if (omitted === 'key' && field.kind !== 'DateTime' && field.kind !== 'Enum') return undefined;
  if (omitted === 'value' && field.kind === 'String' && !numbers.has(name)) return '';
  const make = plausible[name];
  return make ? make(words) : byKind(field, name, words, seed);
}

function byKind(field: FieldShape, name: string, words: string, { index, atMs }: RowSeed): string {
  if (numbers.has(name)) return `4477009${seededInt(100_000, words).toString().padStart(5, '0')}`;
  switch (field.kind) {
    case 'ID':
      return seededUuid(words);
    case 'Int':
      return String(seededInt(100, words));
    case 'Boolean':
      return seededPick(['TRUE', 'FALSE'], words);
    case 'Decimal':
      return `0.${seededHex(8, words).replace(/\D/g, '0')}`;
    case 'DateTime':
      return wireTime(atMs + (seededInt(30, words) + (endName.test(name) ? 30 : 0)) * 1000);
    case 'Enum':
      return seededPick(
        field.enumValues.filter((value) => value !== UNRECOGNIZED),
        words,
      );
    default:
      return `${name.replaceAll('_', ' ')} ${index}`;
  }
}

/** Vonage's usual format, with a zone and without milliseconds. */
export function wireTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, '+0000');
}

/** The same value for the same words, in every run: the simulator's only source of variety. */
export function seededHex(digits: number, ...words: readonly (string | number)[]): string {
  return hash('sha512', words.join('|'), 'hex').slice(0, digits);
}

export function seededInt(below: number, ...words: readonly (string | number)[]): number {
  return Number.parseInt(seededHex(8, ...words), 16) % below;
}

export function seededUuid(...words: readonly (string | number)[]): string {
  const hex = seededHex(32, ...words);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

function seededPick<Value>(values: readonly Value[], ...words: readonly (string | number)[]): Value {
  return values[seededInt(values.length, ...words)] as Value;
}
