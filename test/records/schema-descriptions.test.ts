import { readFileSync } from 'node:fs';
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
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { Product, productName } from '../../src/catalogue/product.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { recordTypes } from '../../src/records/record-types.js';
import { decimalSpecification } from '../../src/records/scalars.js';

/** What the gateway itself knows of every record, whatever the row holds. */
const neverNull = ['accountId', 'id', 'isFinal', 'product', 'raw', 'vonageId'];

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

test.each([
  ['a moment instead of "When …"', /\bMoment /],
  ['"look-up" instead of "lookup"', /look-up/i],
  ['the customer instead of the caller or the account', /the customer/i],
  ['"as X" instead of "such as X"', /\b(?:words?|texts?|codes?|values?|names?) as [A-Z]/],
  ['a person without a role', /\b(?:nobody|whoever|somebody|anybody)\b/i],
])('no description speaks of %s', (_what, refused) => {
  expect(descriptions().filter(([, text]) => refused.test(text))).toEqual([]);
});

test('every argument of a lookup names the products it applies to', () => {
  const names = Object.values(Product).map(productName);
  // A list by date names its one product itself.
  const lookups = fieldsOf(schema.getQueryType() as GraphQLNamedType).filter(
    ({ name }) => name !== 'recordsByDate',
  );
  const silent = lookups.flatMap((field) =>
    field.args.flatMap(({ name, description }) =>
      names.some((each) => description?.includes(each)) ||
      /product|message|global id/i.test(description ?? '')
        ? []
        : [`${field.name}(${name}:)`],
    ),
  );
  expect(silent).toEqual([]);
});

test('the direction of a message does not speak of calls', () => {
  for (const name of ['smsRecord', 'messagesRecord']) {
    const direction = schema
      .getQueryType()
      ?.getFields()
      [name]?.args.find((each) => each.name === 'direction');
    expect(direction?.description).not.toMatch(/VOICE|ASR/);
  }
});

test('every deprecation gives a reason, what to use instead, and when it ends', () => {
  const reasons = ourTypes().flatMap((type) => [
    ...fieldsOf(type).map((each) => [`${type}.${each.name}`, each.deprecationReason] as const),
    ...(isEnumType(type) ? type.getValues() : []).map(
      (each) => [`${type}.${each.name}`, each.deprecationReason] as const,
    ),
  ]);
  const given = reasons.filter(([, reason]) => reason !== undefined && reason !== null);
  expect(given.length).toBeGreaterThan(3);
  expect(
    given.filter(([, reason]) => !/\d{4}.*\. Use .*\. Removal: not before 1\.0\.$/.test(reason ?? '')),
  ).toEqual([]);
});

test.each([
  ['DateTime', 'https://scalars.graphql.org/andimarek/date-time'],
  ['JSONObject', 'https://www.rfc-editor.org/rfc/rfc8259'],
  ['Decimal', decimalSpecification],
])('the scalar %s says where it is specified', (name, url) => {
  const type = schema.getType(name);
  expect(isScalarType(type) && type.specifiedByURL).toBe(url);
});

test('the page of Decimal names the URI by which the schema specifies it', () => {
  expect(readFileSync(new URL('../../docs/decimal.md', import.meta.url), 'utf8')).toContain(
    decimalSpecification,
  );
});

test.each(recordTypeNames)('%s promises no value that Vonage may leave out', (name) => {
  const type = schema.getType(name);
  const values = type ? fieldsOf(type).filter((each) => isLeafType(getNamedType(each.type))) : [];
  const promised = values.filter((each) => isNonNullType(each.type)).map((each) => each.name);
  expect(promised.toSorted()).toEqual(neverNull);
});

/** Every description of the schema, with its place. */
function descriptions(): [string, string][] {
  const places = ourTypes().flatMap((type) => [
    [`${type}`, type.description] as const,
    ...fieldsOf(type).flatMap((field) => [
      [`${type}.${field.name}`, field.description] as const,
      ...field.args.map((each) => [`${type}.${field.name}(${each.name}:)`, each.description] as const),
    ]),
    ...(isEnumType(type) ? type.getValues() : []).map(
      (each) => [`${type}.${each.name}`, each.description] as const,
    ),
  ]);
  return places.map(([place, text]) => [place, text ?? '']);
}

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
