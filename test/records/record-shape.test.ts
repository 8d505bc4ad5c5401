import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql';
import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { type FieldShape, recordShape } from '../../src/records/record-types.js';
import { Decimal } from '../../src/records/scalars.js';
import { kindNamed, recordKinds } from './record-kinds.js';

const Mood = new GraphQLEnumType({
  name: 'Mood',
  values: { GLAD: { value: 'glad' }, SAD: { value: 'sad' } },
});
const Other = new GraphQLObjectType({ name: 'Other', fields: { id: { type: GraphQLID } } });

const shape = recordShape(
  new GraphQLObjectType({
    name: 'Sample',
    fields: {
      callId: { type: new GraphQLNonNull(GraphQLID) },
      errorCodeDescription: { type: GraphQLString },
      duration: { type: GraphQLInt },
      isCharged: { type: GraphQLBoolean },
      dateStart: { type: GraphQLDateTime },
      price: { type: Decimal },
      otherIds: { type: GraphQLJSONObject },
      mood: { type: Mood },
      rowId: { type: GraphQLID, extensions: { wire: 'id' } },
      totalPrice: { type: Decimal, extensions: { wire: ['total_price', 'price'] } },
      isFinal: { type: GraphQLBoolean, extensions: { derived: true } },
      other: { type: Other },
      others: { type: new GraphQLNonNull(new GraphQLList(Other)) },
    },
  }),
);

test('bears the name of its type', () => {
  expect(shape.typeName).toBe('Sample');
});

test.each([
  ['callId', ['call_id']],
  ['errorCodeDescription', ['error_code_description']],
  ['duration', ['duration']],
])('%s is read from its name in snake_case', (name, wire) => {
  expect(fieldOf(shape.fields, name).wire).toEqual(wire);
});

test.each([
  ['rowId', ['id']],
  ['totalPrice', ['total_price', 'price']],
])('%s is read from the names it states', (name, wire) => {
  expect(fieldOf(shape.fields, name).wire).toEqual(wire);
});

test('a field that is derived is read from no name', () => {
  expect(fieldOf(shape.fields, 'isFinal').wire).toEqual([]);
});

test('an edge to other records is no part of it', () => {
  const names = shape.fields.map((each) => each.name);
  expect(names).not.toContain('other');
  expect(names).not.toContain('others');
});

test.each([
  ['callId', 'ID'],
  ['errorCodeDescription', 'String'],
  ['duration', 'Int'],
  ['isCharged', 'Boolean'],
  ['dateStart', 'DateTime'],
  ['price', 'Decimal'],
  ['otherIds', 'JSONObject'],
  ['mood', 'Enum'],
])('%s is read as %s', (name, kind) => {
  expect(fieldOf(shape.fields, name).kind).toBe(kind);
});

test("an enum's values are those on the wire, not those in GraphQL", () => {
  expect(fieldOf(shape.fields, 'mood').enumValues).toEqual(['glad', 'sad']);
  expect(fieldOf(shape.fields, 'price').enumValues).toEqual([]);
});

test('cannot be changed by who reads it', () => {
  expect(Object.isFrozen(shape)).toBe(true);
  expect(Object.isFrozen(shape.fields)).toBe(true);
});

describe('of a real record type', () => {
  test.each([
    ['SmsOutboundRecord', 'dateReceived', ['date_received'], 'DateTime'],
    ['SmsOutboundRecord', 'totalPrice', ['total_price'], 'Decimal'],
    ['SmsOutboundRecord', 'rowId', ['id'], 'ID'],
    ['VerifyApiRecord', 'status', ['status', 'verify_status'], 'String'],
    ['VerifyApiRecord', 'totalPrice', ['total_price', 'price'], 'Decimal'],
    ['VerifyV2Record', 'silentauthEventCount', ['silentauth_event_count'], 'Int'],
    ['AmdRecord', 'amdBeepDetectionResult', ['amd_beep_detection_result'], 'Boolean'],
    ['ReportsUsageRecord', 'requestParams', ['request_params'], 'JSONObject'],
  ])('%s.%s is read from %p as %s', (type, name, wire, kind) => {
    expect(fieldOf(kindNamed(type).shape.fields, name)).toMatchObject({ wire, kind });
  });

  test.each(recordKinds)('$name reads nothing from where the record was found', ({ shape: { fields } }) => {
    const derived = fields.filter((each) => each.wire.length === 0).map((each) => each.name);
    const expected = [
      'id',
      'vonageId',
      'product',
      'direction',
      'accountId',
      'occurredAt',
      'vonageStatus',
      'isFinal',
      'raw',
    ];
    expect(derived.toSorted()).toEqual(expected.toSorted());
  });

  test.each(recordKinds)('$name reads only kinds that the decoder knows', ({ shape: { fields } }) => {
    const known = ['ID', 'String', 'Int', 'Boolean', 'DateTime', 'Decimal', 'JSONObject', 'Enum'];
    expect(fields.filter((each) => !known.includes(each.kind))).toEqual([]);
  });
});

function fieldOf(fields: readonly FieldShape[], name: string): FieldShape {
  const found = fields.find((each) => each.name === name);
  if (!found) throw new Error(`Expected a field named ${name}`);
  return found;
}
