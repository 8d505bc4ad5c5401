import { readFileSync } from 'node:fs';
import { type GraphQLObjectType, getNamedType, isCompositeType, isEnumType, isUnionType } from 'graphql';
import { idShape } from '../../src/catalogue/ids.js';
import { Direction, Product, productName } from '../../src/catalogue/product.js';
import { edgeOf, products, productsOfFamily, rulesOf } from '../../src/catalogue/products.js';
import { recordTypeOf, recordTypes } from '../../src/records/record-types.js';
import { Dataset } from '../../src/simulator/dataset.js';
import { schema, shapes } from '../records/record-shapes.js';

const documented = JSON.parse(
  readFileSync(new URL('../../schema/vonage/products.json', import.meta.url), 'utf8'),
) as readonly { readonly product: string }[];
const recordsPage = readFileSync(new URL('../../docs/records.md', import.meta.url), 'utf8');
const dataset = new Dataset({ shapes });

test('a product needs its row, its record class and the generated files, and nothing of them is missing', () => {
  expect(Object.values(Product).flatMap(missingFor)).toEqual([]);
});

test('every fact of a row names fields that the records have', () => {
  expect(Object.values(Product).flatMap(unknownFields)).toEqual([]);
});

test('every edge of a row is a field of the schema that leads to the products it names', () => {
  const wrong = recordTypes.flatMap(({ recordClass: { name }, product }) =>
    Object.entries(rulesOf(product).edges).flatMap(([field, { products: ends }]) => {
      const declared = objectType(name).getFields()[field];
      const end = declared && getNamedType(declared.type);
      if (!end || !isCompositeType(end)) return [`${name}.${field} is no edge of the schema`];
      const reached = isUnionType(end) ? end.getTypes().map((each) => each.name) : [end.name];
      const expected = recordTypes.filter((each) => ends.includes(each.product));
      return expected
        .filter((each) => !reached.includes(each.recordClass.name))
        .map((each) => `${name}.${field} cannot return ${each.recordClass.name}`);
    }),
  );
  expect(wrong).toEqual([]);
});

test('a natural key is the first id field of a product with one row an id', () => {
  const keyed = products.filter(({ naturalKey }) => naturalKey !== null);
  expect(keyed.length).toBeGreaterThan(5);
  for (const { product, naturalKey, idFields, rowsPerId } of keyed)
    expect([product, naturalKey, rowsPerId]).toEqual([product, idFields[0], 'one']);
});

test('no two products claim the same place in the search for ids of one shape', () => {
  const places = products.flatMap(({ searchRanks }) =>
    Object.entries(searchRanks).map(([shape, rank]) => `${shape} ${rank}`),
  );
  expect(places).toHaveLength(new Set(places).size);
});

test('products that Vonage gave up are not searched unless the operator or the caller names them', () => {
  const searched = products.filter((each) => each.searchedByDefault);
  expect(searched.filter((each) => each.deprecated)).toEqual([]);
  expect(productsOfFamily('conversation').at(-1)).toBe(Product.CONVERSATIONS);
});

test.each([
  ['15000000E1F8B123', 'hex 16'],
  ['63f6186363f6186363f6186363f61863', 'hex 32'],
  ['63f6186363f6186363f6186363f61863-1', 'hex 32 with suffix'],
  ['aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab', 'uuid'],
  ['7b109636-1a05-11eb-bad9-38f9d331649', 'uuid'],
  ['CON-d66d47de-5bcb-4300-94f0-0c9d4b948e9a', 'conversation'],
  ['vn-4f2ae91c', 'network request'],
  ['1_MX40NjM5Nzg5Mn5-fg', 'video session'],
  ['order-17', 'other'],
])('the id %s has the shape %s', (id, shape) => {
  expect(idShape(id)).toBe(shape);
});

test('a product or an edge that does not exist is a programming error that is thrown at once', () => {
  expect(() => rulesOf('FAX' as Product)).toThrow('Expected a Product, got: FAX');
  expect(() => edgeOf(Product.SMS, 'events')).toThrow('Expected an edge of SMS, got: events');
});

/** The missing parts of a new product, each as a sentence. */
function missingFor(product: Product): string[] {
  const { direction, family } = rulesOf(product);
  const directions = direction === 'required' ? Object.values(Direction) : [null];
  const types = directions.map((each) => recordTypeOf(product, each)?.recordClass.name);
  const known = types.filter((each) => each !== undefined);
  const union = family && schema.getType(`${family[0]?.toUpperCase()}${family.slice(1)}Record`);
  const members = isUnionType(union) ? union.getTypes().map((each) => each.name) : known;
  return [
    ...(known.length < types.length ? [`${product} has no record class for a direction it requires`] : []),
    ...known.filter((each) => !shapes.has(each)).map((each) => `${each} is no type of the schema`),
    ...known.filter((each) => !members.includes(each)).map((each) => `${union} lacks ${each}`),
    ...known.filter((each) => !recordsPage.includes(`## ${each}\n`)).map((each) => `docs lack ${each}`),
    ...(isNamedInSchema(product) ? [] : [`the product enum of the schema does not describe ${product}`]),
    ...(documented.some((each) => each.product === product) ? [] : [`products.json lacks ${product}`]),
    ...(dataset.list(product, null).length > 0 ? [] : [`the simulator has no rows of ${product}`]),
  ];
}

function isNamedInSchema(product: Product): boolean {
  const type = schema.getType('VonageProduct');
  const value = isEnumType(type) ? type.getValue(productName(product)) : undefined;
  return Boolean(value?.description);
}

function unknownFields(product: Product): string[] {
  const { idFields, dateField, naturalKey, edges, messageBody, concatenated } = rulesOf(product);
  const types = recordTypes.filter((each) => each.product === product);
  return types.flatMap(({ recordClass: { name }, direction }) => {
    const wire = new Set(shapes.get(name)?.fields.flatMap((each) => each.wire));
    const has = (directions: readonly Direction[], field: string) =>
      direction !== null && directions.includes(direction) ? [field] : [];
    const named = [
      ...idFields,
      ...[dateField, naturalKey].filter((each) => each !== null),
      ...Object.values(edges).map((each) => each.idField),
      ...has(messageBody, 'message_body'),
      ...has(concatenated, 'concatenated'),
    ];
    return named.filter((each) => !wire.has(each)).map((each) => `${name} has no field for ${each}`);
  });
}

function objectType(name: string): GraphQLObjectType {
  return schema.getType(name) as GraphQLObjectType;
}
