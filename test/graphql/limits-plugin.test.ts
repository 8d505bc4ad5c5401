import type { GraphQLSchema } from 'graphql';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { readConfig } from '../../src/config/config.js';
import { GatewayError } from '../../src/errors.js';
import { createApolloServer } from '../../src/graphql/apollo.js';
import type { OperationContext } from '../../src/graphql/operation-context.js';
import type { OperationCost } from '../../src/limits/cost/estimate-cost.js';
import type { OperationService, Target } from '../../src/operation/operation-service.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = (await buildServedSchema()).schema;
});

const query = 'query Many($ids: [ID!]!) { records(ids: $ids, product: VOICE_CALL) { idsNotFound } }';

/** Runs operations whose look-ups find nothing, and notes what the context was asked. */
function runner(operation: Partial<OperationService> = {}, context: Partial<OperationContext> = {}) {
  const sizes: OperationCost[] = [];
  const defects: unknown[] = [];
  const loads: string[] = [];
  const apollo = createApolloServer({
    schema,
    production: true,
    legacyStatusCodes: false,
    limits: readConfig({ MAX_IDS: '10', MAX_RECORDS: '30' }).limits,
    sandboxDocument: '',
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
      admit: (size: OperationCost) => void sizes.push(size),
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
    if (body.kind !== 'single') throw new Error('Expected one answer');
    const { data, errors = [] } = body.singleResult;
    return { status: http.status, headers: http.headers, data, errors };
  };
  return { run, sizes, defects, loads };
}

describe('an operation within its limits', () => {
  const refusal = new GatewayError('RATE_LIMITED', 'Too fast.', { retryAfterMs: 2500 });

  test('is admitted once, with its size, before anything is looked up', async () => {
    const { run, sizes, loads } = runner({
      admit: ({ ids, records }) => expect([ids, records, loads]).toEqual([2, 2, []]),
    });
    expect(await run(query, { ids: ['a', 'b'] })).toMatchObject({ errors: [] });
    expect([loads, sizes]).toEqual([['a', 'b'], []]);
  });

  test('is admitted each time, also when its document is known', async () => {
    const { run, sizes } = runner();
    await run(query, { ids: ['a', 'b'] });
    await run(query, { ids: ['a'] });
    expect(sizes.map(({ ids, records }) => [ids, records])).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  test.each([
    [
      'at once',
      () => {
        throw refusal;
      },
    ],
    ['later', () => Promise.reject(refusal)],
  ])('that is refused %s has the refusal for its answer', async (_when, admit) => {
    const { run, loads, defects } = runner({ admit });
    const { status, headers, data, errors } = await run(query, { ids: ['a'] });
    expect([status, headers.get('retry-after'), data]).toEqual([429, '3', undefined]);
    expect(errors).toEqual([
      { message: 'Too fast.', extensions: { code: 'RATE_LIMITED', retryAfterMs: 2500, requestId: 'r' } },
    ]);
    expect([loads, defects]).toEqual([[], []]);
  });

  test('whose admission fails is a defect, in no words', async () => {
    const defect = new Error('a secret');
    const { run, defects } = runner({ admit: () => Promise.reject(defect) });
    const { status, errors } = await run(query, { ids: ['a'] });
    expect([status, errors[0]?.extensions?.code]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(errors)).not.toContain('secret');
    expect(defects).toEqual([defect]);
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
  ])('%s asks nobody for admission', async (_what, text, variables, code) => {
    const { run, sizes, loads, defects } = runner();
    for (const _again of [1, 2]) {
      const { status, data, errors } = await run(text, variables);
      expect([status, data, errors.map((error) => error.extensions?.code)]).toEqual([400, undefined, [code]]);
    }
    expect([sizes, loads, defects]).toEqual([[], [], []]);
  });

  test('that the document does not hold is named as such', async () => {
    const { run, sizes } = runner();
    const { status, errors } = await run(query, { ids: ['a'] }, 'Other');
    expect([status, errors[0]?.message]).toEqual([400, 'Unknown operation named "Other".']);
    expect(sizes).toEqual([]);
  });
});

describe('introspection', () => {
  const text = '{ __schema { queryType { name } } }';

  test('is for callers who may', async () => {
    const { run } = runner({}, { mayIntrospect: true });
    expect(await run(text)).toMatchObject({
      data: { __schema: { queryType: { name: 'Query' } } },
      errors: [],
    });
  });

  test.each([false, undefined])('is refused to others, and costs them nothing: %s', async (mayIntrospect) => {
    const { run, sizes } = runner({}, { mayIntrospect } as Partial<OperationContext>);
    const { status, errors } = await run(text);
    expect([status, errors[0]?.extensions?.code, sizes]).toEqual([400, 'BAD_USER_INPUT', []]);
  });

  test('of one operation says nothing of another in the same document', async () => {
    const { run } = runner();
    const both = `query Schema ${text} query Other { __typename }`;
    expect((await run(both, {}, 'Other')).errors).toEqual([]);
    expect((await run(both, {}, 'Schema')).status).toBe(400);
  });
});

test('too many faulty variables are the caller’s fault, and no defect', async () => {
  const { run, defects } = runner();
  const { status, errors } = await run(query, { ids: Array(10).fill(null) });
  expect([status, errors.length]).toEqual([400, 5]);
  expect(errors.map((error) => error.extensions?.code)).toEqual(Array(5).fill('BAD_USER_INPUT'));
  expect(defects).toEqual([]);
});
