import type { GraphQLSchema } from 'graphql';
import { unauthenticatedPrincipal } from '../../src/access/principal.js';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { readConfig } from '../../src/config/config.js';
import { GatewayError } from '../../src/errors.js';
import { createApolloServer } from '../../src/graphql/apollo.js';
import { ParsedDocuments } from '../../src/graphql/document-caches.js';
import type { OperationContext } from '../../src/graphql/operation-context.js';
import type { OperationCost } from '../../src/limits/estimate-cost.js';
import type { OperationService, Target } from '../../src/operation/operation-service.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = (await buildServedSchema()).schema;
});

const query = 'query Many($ids: [ID!]!) { records(ids: $ids, product: VOICE_CALL) { idsNotFound } }';

/** Runs operations whose lookups find nothing, and records what the operation was asked. */
function runner(operation: Partial<OperationService> = {}, context: Partial<OperationContext> = {}) {
  const costs: OperationCost[] = [];
  const defects: unknown[] = [];
  const loads: string[] = [];
  let rejections = 0;
  const apollo = createApolloServer({
    schema,
    production: true,
    legacyStatusCodes: false,
    limits: readConfig({ MAX_IDS: '10', MAX_RECORDS: '30' }).limits,
    sandboxDocument: '',
    parsedDocuments: new ParsedDocuments(1_048_576),
    persistedQueries: undefined,
    untrustedDocuments: undefined,
    onInternalError: (error) => void defects.push(error),
  });
  const contextValue = {
    requestId: 'r',
    principal: { has: () => true, mayReadAccount: () => true, readable: (products: unknown) => products },
    rules: { accountId: 'abcd1234', searchProducts: [] },
    operation: {
      async find({ id }: Target) {
        loads.push(id);
        return [];
      },
      admit: (cost: OperationCost) => void costs.push(cost),
      chargeRejection() {
        rejections += 1;
      },
      usageReport: () => undefined,
      cacheControl: () => undefined,
      markUncacheable: () => undefined,
      ...operation,
    },
    ...context,
  } as unknown as OperationContext;
  const run = async (text: string, variables = {}, operationName?: string) => {
    const request = { query: text, variables, ...(operationName && { operationName }) };
    const { body, http } = await apollo.executeOperation(request, { contextValue });
    if (body.kind !== 'single') throw new Error('Expected a single result');
    const { data, errors = [] } = body.singleResult;
    return { status: http.status, headers: http.headers, data, errors };
  };
  return { run, costs, defects, loads, rejections: () => rejections };
}

describe('an operation within its limits', () => {
  const quotaError = new GatewayError('RATE_LIMITED', 'Too fast.', { retryAfterMs: 2500 });

  test('is admitted once, with its cost, before any lookup', async () => {
    const { run, costs, loads } = runner({
      admit: ({ ids, records }) => expect([ids, records, loads]).toEqual([2, 2, []]),
    });
    expect(await run(query, { ids: ['a', 'b'] })).toMatchObject({ errors: [] });
    expect([loads, costs]).toEqual([['a', 'b'], []]);
  });

  test('is admitted each time, also when Apollo has cached its document', async () => {
    const { run, costs } = runner();
    await run(query, { ids: ['a', 'b'] });
    await run(query, { ids: ['a'] });
    expect(costs.map(({ ids, records }) => [ids, records])).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  test.each([
    [
      'at once',
      () => {
        throw quotaError;
      },
    ],
    ['later', () => Promise.reject(quotaError)],
  ])('that the quota rejects %s fails with the error of the quota', async (_when, admit) => {
    const { run, loads, defects } = runner({ admit });
    const { status, headers, data, errors } = await run(query, { ids: ['a'] });
    expect([status, headers.get('retry-after'), data]).toEqual([429, '3', undefined]);
    expect(errors).toEqual([
      { message: 'Too fast.', extensions: { code: 'RATE_LIMITED', retryAfterMs: 2500, requestId: 'r' } },
    ]);
    expect([loads, defects]).toEqual([[], []]);
  });

  test('whose admission fails with a defect does not show its message', async () => {
    const defect = new Error('a secret');
    const { run, defects } = runner({ admit: () => Promise.reject(defect) });
    const { status, errors } = await run(query, { ids: ['a'] });
    expect([status, errors[0]?.extensions?.code]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(errors)).not.toContain('secret');
    expect(defects).toEqual([defect]);
  });
});

describe('an operation counts against the rate of its caller', () => {
  test('once, by its ids, when it is admitted', async () => {
    const { run, costs, rejections } = runner();
    await run(query, { ids: ['a', 'b'] });
    await run('{ __typename }');
    expect([costs.map(({ ids }) => ids), rejections()]).toEqual([[2, 0], 0]);
  });

  test('and not again when the quota rejects it', async () => {
    const { run, rejections } = runner({
      admit: () => Promise.reject(new GatewayError('RATE_LIMITED', 'Too fast.')),
    });
    await run(query, { ids: ['a'] });
    expect(rejections()).toBe(0);
  });

  test.each([
    ['that does not parse', '{', undefined],
    ['that does not validate', '{ unknown }', undefined],
    ['that is a mutation', 'mutation { a }', undefined],
    ['that the document lacks', '{ __typename }', 'Missing'],
    ['that asks for too many ids', '{ records(ids: [1,2,3,4,5,6,7,8,9,10,11]) { idsNotFound } }', undefined],
  ])('also one %s', async (_which, text, operationName) => {
    const { run, costs, rejections } = runner();
    expect((await run(text, {}, operationName)).errors).not.toEqual([]);
    expect([costs, rejections()]).toEqual([[], 1]);
  });
});

describe('an operation beyond its limits', () => {
  const ids = Array.from({ length: 11 }, (_, index) => `id-${index}`);

  test.each([
    ['of ids', query, { ids }, 'TOO_MANY_IDS'],
    [
      'of records',
      query.replace('idsNotFound', 'nodes { ... on VoiceCallRecord { events { __typename } } }'),
      { ids: ids.slice(1) },
      'QUERY_TOO_COMPLEX',
    ],
    [
      'of its document',
      `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      {},
      'QUERY_TOO_COMPLEX',
    ],
  ])('%s does not reach the quota', async (_what, text, variables, code) => {
    const { run, costs, loads, defects } = runner();
    for (const _again of [1, 2]) {
      const { status, data, errors } = await run(text, variables);
      expect([status, data, errors.map((error) => error.extensions?.code)]).toEqual([400, undefined, [code]]);
    }
    expect([costs, loads, defects]).toEqual([[], [], []]);
  });

  test('that the document lacks is named in the error', async () => {
    const { run, costs } = runner();
    const { status, errors } = await run(query, { ids: ['a'] }, 'Other');
    expect([status, errors[0]?.message]).toEqual([400, 'Unknown operation named "Other".']);
    expect(costs).toEqual([]);
  });
});

describe('introspection', () => {
  const text = '{ __schema { queryType { name } } }';

  test('is answered for callers with the right', async () => {
    const { run } = runner({}, { mayIntrospect: true });
    expect(await run(text)).toMatchObject({
      data: { __schema: { queryType: { name: 'Query' } } },
      errors: [],
    });
  });

  test.each([false, undefined])(
    'is rejected for other callers, before the quota: %s',
    async (mayIntrospect) => {
      const { run, costs } = runner({}, { mayIntrospect } as Partial<OperationContext>);
      const { status, errors } = await run(text);
      expect([status, errors[0]?.extensions?.code, costs]).toEqual([400, 'BAD_USER_INPUT', []]);
    },
  );

  test('in one operation does not affect another operation of the document', async () => {
    const { run } = runner();
    const both = `query Schema ${text} query Other { __typename }`;
    expect((await run(both, {}, 'Other')).errors).toEqual([]);
    expect((await run(both, {}, 'Schema')).status).toBe(400);
  });
});

describe('a caller without credentials', () => {
  const principal = unauthenticatedPrincipal;

  test('may read what needs none, such as the subgraph of a router', async () => {
    const { run } = runner({}, { principal, fromRouter: true });
    expect(await run('{ __typename _service { sdl } }')).toMatchObject({ errors: [] });
  });

  test.each([
    ['record', '{ record(id: "a", product: SMS) { id } }'],
    ['node', '{ ...A } fragment A on Query { node(id: "a") { id } }'],
    ['_entities', '{ _entities(representations: []) { __typename } }'],
    ['__schema', '{ __schema { queryType { name } } }'],
  ])('gets UNAUTHENTICATED with the likely cause for %s', async (field, text) => {
    const { run, costs, loads } = runner({}, { principal });
    const { status, data, errors } = await run(text);
    expect([status, data]).toEqual([401, undefined]);
    expect(errors).toEqual([
      {
        message: `No Authorization header arrived, and the field ${field} needs the credentials of a caller. A router must forward the header.`,
        extensions: { code: 'UNAUTHENTICATED', requestId: 'r' },
      },
    ]);
    expect([costs, loads]).toEqual([[], []]);
  });
});

test('too many errors in variables are BAD_USER_INPUT, and no defect', async () => {
  const { run, defects } = runner();
  const { status, errors } = await run(query, { ids: Array(10).fill(null) });
  expect([status, errors.length]).toEqual([400, 5]);
  expect(errors.map((error) => error.extensions?.code)).toEqual(Array(5).fill('BAD_USER_INPUT'));
  expect(defects).toEqual([]);
});
