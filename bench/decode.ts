/**
 * Decoding with getters that convert on reading, compared with the conversion of every field at once. Decodes 1,000 rows
 * of the widest type and serializes ten fields of each as GraphQL does. `npm run bench -- decode`
 */
import type { GraphQLObjectType } from 'graphql';
import { getNamedType, isLeafType } from 'graphql';
import { Direction, Product } from '../src/catalogue/product.js';
import { rulesOf } from '../src/catalogue/products.js';
import { buildGatewaySchema } from '../src/graphql/schema.js';
import type { WireRow } from '../src/records/base.js';
import { compileDecoder, type Decoder, type RecordOrigin } from '../src/records/decode.js';
import { fullVisibility } from '../src/records/record-mask.js';
import { recordShape, recordTypeOf } from '../src/records/record-types.js';
import { makeRow } from '../src/simulator/row-maker.js';
import { ratesOf } from './rates-of.js';

const rowCount = 1000;
const selected = [
  'id',
  'vonageId',
  'occurredAt',
  'totalPrice',
  'isFinal',
  'status',
  'to',
  'latency',
  'dateReceived',
  'network',
];

export async function benchDecode(): Promise<void> {
  const schema = await buildGatewaySchema();
  const entry = recordTypeOf(Product.SMS, Direction.OUTBOUND);
  if (!entry) throw new Error('The record types have no outbound SMS');
  const type = schema.getType(entry.recordClass.name) as GraphQLObjectType;
  const shape = recordShape(type);
  const decode = compileDecoder(entry.recordClass, shape);
  const rows = Array.from({ length: rowCount }, (_, index) =>
    makeRow({
      shape,
      product: Product.SMS,
      direction: Direction.OUTBOUND,
      accountId: 'abcd1234',
      index,
      atMs: Date.UTC(2026, 0, 5, 8) + index * 60_000,
      given: {},
    }),
  );
  const names = shape.fields.map((field) => field.name);
  const serialize = serializerOf(type);
  // Made before, so that only the decoding is measured.
  const found = rows.map((row) => ({ row, from: { ...origin, siblings: [row] } }));
  const rates = ratesOf({
    'getters, ten fields': () => found.map(({ row, from }) => serialize(decode(row, from))),
    'every field at once, ten fields': () =>
      found.map(({ row, from }) => serialize(eager(decode, names, row, from))),
    'JSON.parse of the rows alone': () => JSON.parse(JSON.stringify(rows)),
  });
  for (const [name, perSecond] of rates) {
    process.stdout.write(
      `${name.padEnd(34)} ${Math.round(perSecond * rowCount).toLocaleString('en')} rows a second\n`,
    );
  }
  const [lazy = 0, all = 0] = [...rates.values()];
  process.stdout.write(`getters are ${(lazy / all).toFixed(2)} times as fast\n`);
}

const origin: Omit<RecordOrigin, 'siblings'> = {
  rules: rulesOf(Product.SMS),
  accountId: 'abcd1234',
  direction: Direction.OUTBOUND,
  id: '15000000E1F8B123',
  place: 0,
  nowMs: Date.UTC(2026, 0, 10),
  sees: fullVisibility,
};

/** Converts every field at once, by the same conversions. */
function eager(
  decode: Decoder,
  names: readonly string[],
  row: WireRow,
  from: RecordOrigin,
): Record<string, unknown> {
  const record = decode(row, from) as unknown as Record<string, unknown>;
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}

function serializerOf(type: GraphQLObjectType): (record: object) => unknown[] {
  const fields = selected.map((name) => {
    const field = type.getFields()[name];
    const named = field && getNamedType(field.type);
    if (!named || !isLeafType(named)) throw new Error(`${name} is not a leaf field`);
    return [name, named] as const;
  });
  return (record) =>
    fields.map(([name, named]) => {
      const value = (record as Record<string, unknown>)[name];
      return value === null ? null : named.serialize(value);
    });
}
