import fc from 'fast-check';
import {
  execute,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  parse,
  validate,
} from 'graphql';
import { accessScopes, Principal } from '../../src/access/principal.js';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import type { OperationContext } from '../../src/graphql/operation-context.js';
import { fragmentsOf } from '../../src/limits/document-size.js';
import { estimateCost } from '../../src/limits/estimate-cost.js';
import { OperationWithVariables } from '../../src/limits/operation-with-variables.js';
import type { Target } from '../../src/operation/operation-service.js';
import type { UsageRecord } from '../../src/records/base.js';
import { encodeGlobalId } from '../../src/records/global-id.js';
import { recordTypes } from '../../src/records/record-types.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = (await buildServedSchema()).schema;
});

type Variables = Record<string, unknown>;

/** The estimated cost of an operation. */
function operationCost(text: string, variables: Variables = {}) {
  const document = parse(text);
  expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('Expected one operation');
  return estimateCost(
    new OperationWithVariables({ schema, operation, fragments: fragmentsOf(document), variables }),
  );
}

/** The actual cost in resolvers, where every lookup finds as many records as its product is expected to have. */
async function actualCost(text: string, variables: Variables) {
  let ids = 0;
  let records = 0;
  const context = {
    principal: new Principal({
      name: 'test',
      scopes: accessScopes,
      accounts: 'any',
      products: 'any',
      limits: { idsPerSecond: undefined, recordsPerDay: undefined },
    }),
    fromRouter: true,
    rules: { accountId: 'abcd1234', searchProducts: [Product.VERIFY_V2] },
    operation: {
      async find({ id, scope: { products } }: Target) {
        // An edge looks up the id of the record that it starts from.
        if (!id.startsWith('edge')) ids++;
        const found = recordsOf(products[0] as Product, id);
        records += found.length;
        return found;
      },
    },
  } as unknown as OperationContext;
  const result = await execute({
    schema,
    document: parse(text),
    variableValues: variables,
    contextValue: context,
  });
  expect(result.errors ?? []).toEqual([]);
  return { ids, records };
}

function recordsOf(product: Product, id: string): UsageRecord[] {
  const type = recordTypes.find((each) => each.product === product);
  const count = rulesOf(product).rowsPerId === 'one' ? 1 : 2;
  return Array.from({ length: count }, (_, index) => {
    const ofEdges = {
      callId: 'edge',
      messageId: 'edge',
      parentRequestId: 'edge',
      requestId: index ? 'x' : 'edge',
    };
    const fields = { id, vonageId: id, product, accountId: 'abcd1234', rowId: null, ...ofEdges };
    const own = Object.entries(fields).map(([name, value]) => [name, { value, enumerable: true }]);
    return Object.create(type?.recordClass.prototype, Object.fromEntries(own)) as UsageRecord;
  });
}

const globalId = encodeGlobalId({
  accountId: 'abcd1234',
  product: Product.VIDEO_API,
  direction: null,
  vonageId: 'some-id',
  rowKey: null,
});

describe('ids are counted', () => {
  test.each([
    ['one', '{ record(id: "a") { id } }', {}, 1],
    ['in a list', '{ records(ids: ["a", "b", "a"]) { idsNotFound } }', {}, 3],
    ['for a single value in place of a list', '{ records(ids: "a") { idsNotFound } }', {}, 1],
    ['for an empty list', '{ records(ids: []) { idsNotFound } }', {}, 0],
    ['in a variable', 'query ($i: [ID!]!) { records(ids: $i) { idsNotFound } }', { i: ['a', 1] }, 2],
    [
      'for a single value in a variable',
      'query ($i: [ID!]!) { records(ids: $i) { idsNotFound } }',
      { i: 'a' },
      1,
    ],
    ['in a default', 'query ($i: [ID!]! = ["a", "b"]) { records(ids: $i) { idsNotFound } }', {}, 2],
    [
      'in an unused default',
      'query ($i: [ID!]! = ["a", "b"]) { records(ids: $i) { idsNotFound } }',
      { i: [] },
      0,
    ],
    [
      'in variables inside a list',
      'query ($i: ID!) { records(ids: [$i, $i]) { idsNotFound } }',
      { i: 'a' },
      2,
    ],
    ['for a variable that was not sent', 'query ($i: [ID!]!) { records(ids: $i) { idsNotFound } }', {}, 0],
    [
      'for a variable with the name of an inherited property',
      'query ($constructor: [ID!]!) { records(ids: $constructor) { idsNotFound } }',
      {},
      0,
    ],
    ['for null', 'query ($i: [ID!]!) { records(ids: $i) { idsNotFound } }', { i: null }, 0],
    ['under each of two aliases', '{ a: record(id: "a") { id } b: record(id: "a") { id } }', {}, 2],
    [
      'once where two fields become one',
      '{ record(id: "a") { id } record(id: "a") { vonageId } ...F } fragment F on Query { record(id: "a") { product } }',
      {},
      1,
    ],
    [
      'not for a field under @skip',
      '{ record(id: "a") @skip(if: true) { id } ... @include(if: false) { node(id: "a") { id } } }',
      {},
      0,
    ],
    [
      'not for a field under @include with a variable',
      'query ($y: Boolean!) { record(id: "a") @include(if: $y) { id } }',
      { y: false },
      0,
    ],
    [
      'not for a field under @include with a default',
      'query ($y: Boolean! = false) { record(id: "a") @include(if: $y) { id } }',
      {},
      0,
    ],
    [
      'for a field that its directives include',
      '{ record(id: "a") @skip(if: false) @include(if: true) { id } }',
      {},
      1,
    ],
    ['in nodes', '{ node(id: "a") { id } nodes(ids: ["a", "b"]) { id } }', {}, 3],
    [
      'in entity references',
      '{ _entities(representations: [{ __typename: "Record", id: "a" }, { __typename: "Nope" }]) { __typename } }',
      {},
      2,
    ],
    [
      'in entity references in a variable',
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      { r: [1, null, {}] },
      3,
    ],
    [
      'but not for fields without a lookup',
      '{ __typename _service { sdl } __type(name: "Query") { name } }',
      {},
      0,
    ],
  ])('%s', (_what, text, variables, ids) => {
    expect(operationCost(text, variables).ids).toBe(ids);
  });

  test('for every field of the query that takes an argument', () => {
    const { __schema, __type, recordsByDate, ...fields } = schema.getQueryType()?.getFields() ?? {};
    const takers = Object.values(fields).filter(({ args }) => args.length > 0);
    expect(takers.length).toBeGreaterThan(9);
    for (const { name, args } of takers) {
      const [first] = args.filter((each) => ['id', 'ids', 'representations'].includes(each.name));
      const value = first?.name === 'id' ? '"a"' : '["a", "b"]';
      expect([name, operationCost(`{ ${name}(${first?.name}: ${value}) { __typename } }`).ids]).toEqual([
        name,
        first?.name === 'id' ? 1 : 2,
      ]);
    }
  });
});

test('a list counts one id for each 20 records, and each record with those behind its edges', () => {
  const listOf = (first: string, selection = 'id') =>
    `{ recordsByDate(product: VOICE_CALL, since: "2026-01-01T00:00:00Z"${first}) { nodes { ${selection} } } }`;
  expect(operationCost(listOf(', first: 1000'))).toMatchObject({ ids: 50, records: 1000 });
  expect(operationCost(listOf(''))).toMatchObject({ ids: 5, records: 100 });
  expect(
    operationCost(listOf(', first: 10', '... on VoiceCallRecord { events { __typename } }')),
  ).toMatchObject({
    records:
      operationCost(
        '{ records(ids: ["a"], product: VOICE_CALL) { nodes { ... on VoiceCallRecord { events { __typename } } } } }',
      ).records * 10,
  });
});

describe('records are counted', () => {
  const nodes = (selection: string, product = 'VOICE_CALL') =>
    `{ records(ids: ["a", "b"], product: ${product}) { nodes { ${selection} } } }`;

  test.each([
    ['one for each id', nodes('id'), 2],
    ['two where an id can have several', nodes('id', 'ASR'), 4],
    ['two without a product', '{ record(id: "a") { id } }', 2],
    [
      'by the products of the field',
      '{ smsRecord(id: "a") { __typename } voiceRecord(id: "a") { __typename } }',
      3,
    ],
    ['at the end of an edge', nodes('... on VoiceCallRecord { events { __typename } }'), 2 * (1 + 4 * 2)],
    [
      'at the end of an edge under two names',
      nodes('... on VoiceCallRecord { a: events { __typename } b: events { __typename } }'),
      2 * (1 + 2 * 8),
    ],
    [
      'once for an edge that is selected twice',
      nodes('... on VoiceCallRecord { events { __typename } ...F }').concat(
        ' fragment F on VoiceCallRecord { events { __typename } }',
      ),
      2 * 9,
    ],
    [
      'for all selections of fields that become one',
      '{ record(id: "a", product: VOICE_CALL) { ... on VoiceCallRecord { events { __typename } } } record(id: "a", product: VOICE_CALL) { id } }',
      1 + 4 * 2,
    ],
    [
      'at the ends of edges of edges',
      nodes('... on VoiceCallRecord { events { ... on AsrRecord { call { id } } } }'),
      2 * (1 + 2 * 2 + 2 + 2 + 2),
    ],
    [
      'for the most expensive type only',
      '{ record(id: "a") { ... on AsrRecord { call { id } } ... on AmdRecord { call { id } } ... on VoiceCallRecord { events { __typename } } } }',
      9,
    ],
    [
      'only for types that the lookup can find',
      '{ record(id: "a", product: SMS) { ... on VoiceCallRecord { events { __typename } } } }',
      1,
    ],
    [
      'through matches',
      '{ records(ids: "a", product: SMS_TRAFFIC_CONTROL) { results { records { ... on SmsTrafficControlRecord { message { __typename } } } } } }',
      2 * 2,
    ],
    [
      'by the types of entity references',
      '{ _entities(representations: [{ __typename: "VoiceCallRecord" }, { __typename: "SmsInboundRecord" }]) { ... on VoiceCallRecord { events { __typename } } } }',
      9 + 1,
    ],
  ])('%s', (_what, text, records) => {
    expect(operationCost(text).records).toBe(records);
  });

  test('for every field of a record that leads to other records', () => {
    const edges = recordTypes.flatMap(({ recordClass: { name } }) => {
      const type = schema.getType(name);
      const fields = type && 'getFields' in type ? Object.values(type.getFields()) : [];
      return fields
        .filter((field) => isCompositeType(getNamedType(field.type)))
        .map((field) => `${name}.${field.name}`);
    });
    const known = recordTypes.flatMap(({ recordClass, product }) =>
      Object.keys(rulesOf(product).edges).map((field) => `${recordClass.name}.${field}`),
    );
    expect(known.sort()).toEqual(edges.sort());
  });
});

describe('values are counted', () => {
  test.each([
    [
      'one for each field of each record',
      '{ records(ids: ["a", "b"], product: SMS) { nodes { id vonageId __typename } } }',
      2 * (1 + 3),
    ],
    ['under each alias', '{ record(id: "a", product: SMS) { a: id b: id c: id } }', 3],
    ['more for a JSON object', '{ record(id: "a", product: SMS) { raw } }', 20],
    [
      'for the most expensive type only',
      '{ record(id: "a", product: SMS) { id ... on SmsInboundRecord { to from } ... on SmsOutboundRecord { to } } }',
      1 + 2,
    ],
    ['of each row', '{ record(id: "a", product: ASR) { id } }', 2],
    [
      'behind edges',
      '{ record(id: "a", product: VOICE_CALL) { id ... on VoiceCallRecord { events { __typename ... on AsrRecord { id } } } } }',
      1 + 1 + 2 * 2 + 2 + 2 + 2,
    ],
    ['but not of other types', '{ record(id: "a", product: SMS) { id ... on AsrRecord { to from } } }', 1],
    [
      'more for each further alias of a field that can fail',
      '{ records(ids: ["a", "b"], product: SMS) { nodes { id } b: nodes { id } c: nodes { ... on SmsInboundRecord { messageBody x: messageBody } } } }',
      2 * (1 + 1 + 1 + 1 + 20 + 1 + 20 + 1 + 1 + 20),
    ],
    [
      'more for each further alias of a list that repeats errors',
      '{ records(ids: ["a", "b"], product: SMS) { results { records { id } b: records { id } } c: results { requestedId } } }',
      2 * (1 + 1 + 1 + 1 + 20 + 1 + 1 + 20 + 1),
    ],
    [
      'and not more for a repeated selection under one name',
      '{ records(ids: ["a", "b"], product: SMS) { nodes { id } nodes { id } } }',
      2 * (1 + 1 + 1 + 1),
    ],
  ])('%s', (_what, text, values) => {
    expect(operationCost(text).values).toBe(values);
  });
});

test('a cached document is counted again where a directive decides, and only there', () => {
  const document = parse(`query ($ids: [ID!]!, $events: Boolean!) {
    plain: records(ids: $ids, product: VOICE_CALL) { nodes { ...F } }
    records(ids: $ids, product: VOICE_CALL) { nodes { ...F ... on VoiceCallRecord @include(if: $events) { events { __typename } } } }
  } fragment F on VonageRecord { id }`);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('Expected one operation');
  const count = (ids: string[], events: boolean) =>
    estimateCost(
      new OperationWithVariables({
        schema,
        operation,
        fragments: fragmentsOf(document),
        variables: { ids, events },
      }),
    );
  expect(count(['a'], false)).toMatchObject({ ids: 2, records: 2 });
  expect(count(['a'], true)).toMatchObject({ ids: 2, records: 10 });
  expect(count(['a', 'b'], false)).toMatchObject({ ids: 4, records: 4 });
});

/** One lookup of an operation, without its alias. */
const lookup = fc.oneof(
  fc.constantFrom(
    'record(id: "a") { id }',
    'record(id: $one, product: SMS) { id }',
    'smsRecord(id: $one) { __typename }',
    'voiceRecord(id: "a") { __typename }',
    'verifyRecord(id: "a") { __typename }',
    'insightRecord(id: $one) { __typename }',
    'conversationRecord(id: $one) { __typename }',
    `node(id: "${globalId}") { id }`,
    `nodes(ids: $globals) { id }`,
    'records(ids: $many, product: VIDEO_API) { nodes { id } idsNotFound }',
    'records(ids: $default, product: VIDEO_API) { idsNotFound }',
    'records(ids: $single, product: VIDEO_API) { results { requestedId } }',
    'records(ids: "a", product: VIDEO_API) { idsNotFound }',
    '_entities(representations: $references) { __typename }',
  ),
  fc
    .array(fc.constantFrom('"a"', '"b"', '$one', '7'), { maxLength: 5 })
    .map((ids) => `records(ids: [${ids.join(', ')}], product: VIDEO_API) { idsNotFound }`),
);

const condition = fc.constantFrom(
  '',
  '',
  '@skip(if: $yes)',
  '@skip(if: $no)',
  '@include(if: $yes)',
  '@include(if: $no)',
  '@include(if: false)',
  '@skip(if: true) @include(if: true)',
);

/** An operation with lookups in its own selections, in fragments, and in both. */
const operation = fc
  .array(
    fc.record({
      text: lookup,
      conditions: fc.array(fc.tuple(fc.nat(3), condition), { minLength: 1, maxLength: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((lookups) => {
    const places: string[][] = [[], [], [], []];
    lookups.forEach(({ text, conditions }, index) => {
      const [call, selection] = text.split(' {', 1).concat(text.slice(text.indexOf(' {')));
      for (const [place, when] of conditions) places[place]?.push(`a${index}: ${call} ${when} ${selection}`);
    });
    const [plain, inline, ...named] = places.map((fields) => fields.join(' '));
    const fragments = named.map((fields, index) => `fragment F${index} on Query { __typename ${fields} }`);
    return `query (${declared}) { ${used} ${plain} ... @include(if: $yes) { __typename ${inline} } ...F0 ...F1 @skip(if: $no) } ${fragments.join(' ')}`;
  });

const declared =
  '$one: ID!, $many: [ID!]!, $default: [ID!]! = ["a", "b"], $single: [ID!]!, $globals: [ID!]!, $references: [_Any!]!, $yes: Boolean!, $no: Boolean! = false';
/** Uses every variable without a lookup. */
const used = `... @skip(if: true) { u1: record(id: $one) { id } u2: records(ids: $many) { idsNotFound } u3: records(ids: $default) { idsNotFound }
  u4: records(ids: $single) { idsNotFound } u5: nodes(ids: $globals) { id } u6: _entities(representations: $references) { __typename } u7: __typename @skip(if: $no) u8: __typename @skip(if: $yes) }`;

const list = (value: unknown) => fc.array(fc.constant(value), { maxLength: 4 });

const variables = fc.record(
  {
    one: fc.constantFrom<unknown>('a', 5),
    many: list('a'),
    default: list('a'),
    single: fc.constantFrom<unknown>('a', 5, ['a']),
    globals: list(globalId),
    references: list({ __typename: 'InAppVoiceRecord', requestId: 'a' }),
    yes: fc.constant(true),
    no: fc.constant(false),
  },
  { requiredKeys: ['one', 'many', 'single', 'globals', 'references', 'yes'] },
);

test('the estimate has exactly the ids that resolvers look up, and at least the records that they find', async () => {
  await fc.assert(
    fc.asyncProperty(operation, variables, async (text, values) => {
      const counted = operationCost(text, values);
      const real = await actualCost(text, values);
      expect(counted.ids).toBe(real.ids);
      expect(counted.records).toBeGreaterThanOrEqual(real.records);
    }),
    { numRuns: 200 },
  );
});

/** Selections on the types that have edges, several levels deep. */
const selection = fc.letrec<Record<string, string>>((tie) => {
  const edge = (name: string, inner: fc.Arbitrary<string>) =>
    fc.tuple(fc.constantFrom('', 'a: ', 'b: '), inner).map(([alias, text]) => `${alias}${name} { ${text} }`);
  const some = (type: string, ...edges: fc.Arbitrary<string>[]) =>
    fc
      .array(fc.oneof({ depthSize: 'small' }, fc.constant('id'), ...edges), { minLength: 1, maxLength: 3 })
      .map((all) => `... on ${type} { ${all.join(' ')} }`);
  const call = edge('call', tie('VoiceCallRecord'));
  return {
    VoiceCallRecord: some('VoiceCallRecord', edge('events', tie('CallEvent'))),
    AsrRecord: some('AsrRecord', call),
    AmdRecord: some('AmdRecord', call),
    WebSocketCallRecord: some('WebSocketCallRecord', call),
    CallEvent: fc
      .array(fc.oneof(tie('AsrRecord'), tie('AmdRecord'), tie('WebSocketCallRecord')), {
        minLength: 1,
        maxLength: 3,
      })
      .map((all) => all.join(' ')),
    VerifyV2Record: some('VerifyV2Record', edge('parent', tie('VerifyV2Record'))),
    SmsTrafficControlRecord: some('SmsTrafficControlRecord', edge('message', fc.constant('__typename'))),
  };
});

test.each([
  ['VOICE_CALL', 'VoiceCallRecord'],
  ['ASR', 'AsrRecord'],
  ['VERIFY_V2', 'VerifyV2Record'],
  ['SMS_TRAFFIC_CONTROL', 'SmsTrafficControlRecord'],
] as const)('the records of %s are counted with all records behind their edges', async (product, type) => {
  await fc.assert(
    fc.asyncProperty(selection[type] as fc.Arbitrary<string>, async (selected) => {
      const text = `{ records(ids: ["x", "y"], product: ${product}) { results { records { id ${selected} } } } }`;
      const counted = operationCost(text);
      fc.pre(counted.records < 2000);
      const real = await actualCost(text, {});
      expect(counted.ids).toBe(real.ids);
      if (product === 'VERIFY_V2') expect(counted.records).toBeGreaterThanOrEqual(real.records);
      else expect(counted.records).toBe(real.records);
    }),
    { numRuns: 100 },
  );
});
