import {
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isObjectType,
  isScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildServedSchema, type ServedSchema } from '../../src/bootstrap/build-schema.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { recordTypes } from '../../src/records/record-types.js';

let servedSchema: ServedSchema;
let served: GraphQLSchema;
let original: GraphQLSchema;
beforeAll(async () => {
  servedSchema = await buildServedSchema();
  served = servedSchema.schema;
  original = await buildGatewaySchema();
});

const records = () =>
  recordTypes.map(({ recordClass }) => served.getType(recordClass.name)).filter((each) => isObjectType(each));

test('the fields of a record are plain property reads, but for its edges', () => {
  expect(records()).toHaveLength(recordTypes.length);
  const resolved = records().flatMap((type) =>
    Object.values(type.getFields())
      .filter(({ resolve }) => resolve)
      .map(({ name }) => `${type.name}.${name}`),
  );
  expect(resolved.toSorted()).toEqual([
    'AmdRecord.call',
    'AsrRecord.call',
    'SmsTrafficControlRecord.message',
    'VerifyV2Record.parent',
    'VoiceCallRecord.events',
    'VoiceTtsRecord.call',
    'WebSocketCallRecord.call',
  ]);
});

test("a record's type is known at once, without a promise and without a second check", () => {
  const kinds = Object.values(served.getTypeMap()).filter(isAbstractType);
  expect(kinds.length).toBeGreaterThan(8);
  for (const { recordClass } of recordTypes) {
    const record = Object.create(recordClass.prototype) as object;
    const names = kinds.map((kind) => kind.resolveType?.(record, {}, {} as never, kind));
    expect(new Set(names)).toEqual(new Set([recordClass.name]));
  }
  expect(records().filter(({ isTypeOf }) => isTypeOf)).toEqual([]);
});

test('clients are served the schema of the decorated classes, and beside it only what routers need', () => {
  const text = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema)).split('\n\n');
  const [ours, theirs] = [text(original), text(served)];
  const differs = ours.filter((each) => !theirs.includes(each));
  expect(differs.map((each) => /^(?:type|interface|enum|union|scalar) \w+/m.exec(each)?.[0])).toEqual([
    'type Query',
  ]);
  const query = (schema: GraphQLSchema) => Object.keys(schema.getQueryType()?.getFields() ?? {});
  expect(query(served).filter((field) => !query(original).includes(field))).toEqual([
    '_entities',
    '_service',
  ]);
});

test('enums keep the values of the wire, and scalars how they are written', () => {
  for (const type of Object.values(original.getTypeMap())) {
    const same = served.getType(type.name);
    if (isEnumType(type) && isEnumType(same) && !type.name.startsWith('__')) {
      expect(
        same
          .getValues()
          .map(({ name, value }) => [name, value])
          .toSorted(),
      ).toEqual(
        type
          .getValues()
          .map(({ name, value }) => [name, value])
          .toSorted(),
      );
    }
    if (isScalarType(type) && isScalarType(same)) expect(same.serialize).toBe(type.serialize);
  }
});

test('how rows are decoded is read before the schema is rebuilt', () => {
  const shape = servedSchema.shapes.get('SmsOutboundRecord');
  expect(shape?.fields.find(({ name }) => name === 'rowId')?.wire).toEqual(['id']);
});
