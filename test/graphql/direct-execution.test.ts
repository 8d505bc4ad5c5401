import { ApolloServer } from '@apollo/server';
import { jest } from '@jest/globals';
import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';

const runsOfApollo = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
const query = 'query One($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { vonageId } }';
const callers = tokensFor({ limited: { idsPerSecond: 10 }, reader: { scopes: ['records:read', 'explain'] } });

let gateway: TestGateway;
let ids: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { ...callers, graphql: { routerSecret: 'a-secret-of-the-router' } },
  });
  ids = gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 3);
  // Apollo validates the document and negotiates the media types.
  await gateway.ask(query, { id: ids[0] }, authorizationOf('reader'));
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => void runsOfApollo.mockClear());

const reader = authorizationOf('reader');

test('a known document runs directly, with the record and its cost', async () => {
  const { status, headers, data, extensions } = await gateway.ask(query, { id: ids[1] }, reader);
  expect(runsOfApollo).not.toHaveBeenCalled();
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('private, max-age=86400');
  expect(data).toEqual({ record: { vonageId: ids[1] } });
  expect(extensions.vonage).toMatchObject({ calls: 1, ids: 1, recordsBilled: 1 });
});

test.each<[string, string, object | undefined, Record<string, string>]>([
  ['a document that came never before', '{ __typename }', undefined, {}],
  ['media types that came never before', query, { id: 'a' }, { accept: 'application/json;q=0.3' }],
  ['a request of the router', query, { id: 'a' }, { 'x-router-secret': 'a-secret-of-the-router' }],
  ['wrong variables', query, { id: [1] }, {}],
])('Apollo runs %s', async (_name, text, variables, headers) => {
  await gateway.ask(text, variables, { ...reader, ...headers });
  expect(runsOfApollo).toHaveBeenCalledTimes(1);
});

test('the error of a record is beside its data', async () => {
  const { status, data, errors } = await gateway.ask(query, { id: 'no id' }, reader);
  expect(runsOfApollo).not.toHaveBeenCalled();
  expect({ status, data }).toEqual({ status: 200, data: { record: null } });
  expect(errors).toMatchObject([
    { path: ['record'], extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } },
  ]);
});

test('an operation with wrong variables counts once against the rate of its caller', async () => {
  const ask = (variables: object) => gateway.ask(query, variables, authorizationOf('limited'));
  const statuses: number[] = [];
  for (let index = 0; index < 10; index += 1) statuses.push((await ask({ id: null })).status);
  expect(statuses).toEqual(Array(10).fill(400));
});
