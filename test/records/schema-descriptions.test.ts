import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { recordTypes } from '../../src/records/record-types.js';

/** What the gateway itself knows of every record, whatever the row holds. */
const neverNull = ['accountId', 'id', 'isFinal', 'product', 'raw', 'uuid'];

const recordTypeNames = recordTypes.map((each) => each.recordClass.name);

let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildGatewaySchema();
});

test('every type says what it stands for', () => {
  const places = ourTypes()
    .filter((each) => !isOperationRoot(each))
    .map((each) => [String(each), each.description] as const);
  expect(undescribed(places)).toEqual([]);
});

test('every field says what it holds', () => {
  const fields = ourTypes().flatMap((type) => fieldsOf(type).map((field) => ({ type, field })));
  expect(fields.length).toBeGreaterThan(300);
  expect(undescribed(fields.map(({ type, field }) => [`${type}.${field.name}`, field.description]))).toEqual(
    [],
  );
});

test('every argument says what it means', () => {
  const places = ourTypes().flatMap((type) =>
    fieldsOf(type).flatMap((field) =>
      field.args.map((each) => [`${type}.${field.name}(${each.name}:)`, each.description] as const),
    ),
  );
  expect(undescribed(places)).toEqual([]);
});

test('every field of an input says what it means', () => {
  const places = ourTypes()
    .filter(isInputObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).map((each) => [`${type}.${each.name}`, each.description] as const),
    );
  expect(undescribed(places)).toEqual([]);
});

test('every value of a closed list says what it means', () => {
  const places = ourTypes()
    .filter(isEnumType)
    .flatMap((type) => type.getValues().map((each) => [`${type}.${each.name}`, each.description] as const));
  expect(undescribed(places)).toEqual([]);
});

test('every description is a sentence', () => {
  const texts = ourTypes().flatMap((type) => [
    type.description,
    ...fieldsOf(type).map((each) => each.description),
  ]);
  expect(texts.filter((each) => each && !/^\S.*[.)]$/s.test(each))).toEqual([]);
});

test.each(recordTypeNames)('%s promises no value that Vonage may leave out', (name) => {
  const type = schema.getType(name);
  const values = type ? fieldsOf(type).filter((each) => isLeafType(getNamedType(each.type))) : [];
  const promised = values.filter((each) => isNonNullType(each.type)).map((each) => each.name);
  expect(promised.toSorted()).toEqual(neverNull);
});

/** The types that this gateway adds to what GraphQL itself brings along. */
function ourTypes(): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    (each) => !isIntrospectionType(each) && !isSpecifiedScalarType(each),
  );
}

/** type-graphql makes these itself and takes no description for them; GraphQL says what they are. */
function isOperationRoot(type: GraphQLNamedType): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
    (each) => each === type,
  );
}

function fieldsOf(type: GraphQLNamedType): GraphQLField<unknown, unknown>[] {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

function undescribed(places: readonly (readonly [string, string | null | undefined])[]): string[] {
  return places.filter(([, description]) => !description).map(([place]) => place);
}
