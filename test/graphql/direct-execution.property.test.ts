import { ApolloServer } from '@apollo/server';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { type GraphqlRequest, graphqlRequest } from '../../fuzz/graphql-request.js';
import { idText, knownIds } from '../../fuzz/id-text.js';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
const runsOfApollo = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { cache: { maxBytes: 10_000_000, pendingTtlMs: 600_000, notFoundTtlMs: 600_000 } },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Everything of a response but what belongs to this one request. */
async function send({ headers, fields }: GraphqlRequest, accept: string) {
  // A router's traces hold times, and explained lookups are in the order in which they ended.
  const { 'apollo-federation-include-trace': _trace, 'x-explain': _explain, ...others } = headers;
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { ...others, 'content-type': 'application/json', accept, 'x-request-id': 'same' },
    body: JSON.stringify(fields),
  });
  const { date: _date, 'content-length': _length, ...kept } = Object.fromEntries(response.headers);
  const parts = partsOf(await response.text());
  if (parts.data === 'null') delete kept['cache-control'];
  return { status: response.status, headers: kept, ...parts };
}

/**
 * The text of each part of a body, without ids that the simulator makes up. Lookups run side by side, so errors come in any
 * order, and what an operation cost so far depends on which of them ended first.
 */
function partsOf(body: string): Record<string, unknown> {
  const { errors, data, extensions } = JSON.parse(
    body.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid'),
  );
  const texts = errors?.map((error: object) => JSON.stringify(error)).sort();
  const cost = errors ? [] : Object.keys(extensions?.vonage ?? {});
  return { errors: texts, data: JSON.stringify(data), cost };
}

/** Headers of media types that no request had before, so that Apollo runs the operation. */
function newAccept(index: number): string {
  return `application/json;q=0.9, text/x-new-${index}`;
}

test('an operation that runs directly has the response of Apollo', async () => {
  const { schema } = await buildServedSchema();
  const ids = idText(knownIds(gateway.simulator));
  let [index, direct] = [0, 0];
  await fc.assert(
    fc.asyncProperty(graphqlRequest({ schema, ids, damaged: 10 }), async (request) => {
      // The first run fills the caches, so that the others find the same.
      await send(request, 'application/json');
      runsOfApollo.mockClear();
      const known = await send(request, 'application/json');
      direct += runsOfApollo.mock.calls.length === 0 ? 1 : 0;
      index += 1;
      expect(known).toEqual(await send(request, newAccept(index)));
    }),
    { numRuns: 100, endOnFailure: true },
  );
  expect(direct).toBeGreaterThan(5);
}, 120_000);
