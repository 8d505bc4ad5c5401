import { ApolloServer, HeaderMap } from '@apollo/server';
import { type ErrorCode, errorCatalogue, GatewayError, retryAfterSeconds } from '../../src/errors.js';
import type { OperationContext } from '../../src/graphql/operation-context.js';
import { errorStatusHooks } from '../../src/graphql/plugins/error-hooks.js';
import { pluginOf } from '../../src/graphql/plugins/operation-hooks.js';

interface Arguments {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
}

function fail({ code, retryAfterMs }: Arguments): never {
  throw new GatewayError(code, 'No.', retryAfterMs === undefined ? {} : { retryAfterMs });
}

const resolve = (_root: unknown, args: Arguments) => fail(args);
const apollo = new ApolloServer<OperationContext>({
  typeDefs: `type Query {
    all(code: String!, retryAfterMs: Int): String!
    part(code: String!, retryAfterMs: Int): String
  }`,
  resolvers: { Query: { all: resolve, part: resolve } },
  plugins: [
    pluginOf([errorStatusHooks()]),
    {
      async requestDidStart() {
        return {
          async didResolveOperation({ operationName }) {
            if (operationName) fail({ code: operationName as ErrorCode, retryAfterMs: 1500 });
          },
        };
      },
    },
  ],
  stopOnTerminationSignals: false,
});
beforeAll(() => apollo.start());
afterAll(() => apollo.stop());

async function ask(query: string) {
  const { status = 200, headers } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'POST',
      headers: new HeaderMap([['content-type', 'application/json']]),
      search: '',
      body: { query },
    },
    context: async () => ({ operation: { markUncacheable() {} } }) as unknown as OperationContext,
  });
  return [status, headers.get('retry-after')];
}

test.each([
  ['BAD_USER_INPUT', 400],
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
  ['TOO_MANY_IDS', 400],
  ['QUERY_TOO_COMPLEX', 400],
] as const)('an operation that fails as a whole with %s has the status %d', async (code, status) => {
  expect(await ask(`{ all(code: "${code}") }`)).toEqual([status, undefined]);
  expect(await ask(`query ${code} { __typename }`)).toEqual([status, undefined]);
  expect(status).toBe(errorCatalogue[code].httpStatus);
});

test.each([
  ['RATE_LIMITED', 429],
  ['OVERLOADED', 503],
  ['SHUTTING_DOWN', 503],
] as const)('with %s it has the status %d and Retry-After', async (code, status) => {
  expect(await ask(`{ all(code: "${code}", retryAfterMs: 2001) }`)).toEqual([status, '3']);
  expect(await ask(`{ all(code: "${code}") }`)).toEqual([status, '1']);
  expect(await ask(`query ${code} { __typename }`)).toEqual([status, '2']);
});

test('a response with partial data keeps its status, even when the data is a null', async () => {
  expect(await ask('{ part(code: "OVERLOADED", retryAfterMs: 2001) }')).toEqual([200, undefined]);
  expect(await ask('{ __typename part(code: "FORBIDDEN") }')).toEqual([200, undefined]);
});

test.each(['UPSTREAM_TIMEOUT', 'UPSTREAM_RATE_LIMITED', 'CANCELLED', 'INTERNAL_SERVER_ERROR'])(
  'a failure during lookups keeps the status: %s',
  async (code) => {
    expect(await ask(`{ all(code: "${code}", retryAfterMs: 2001) }`)).toEqual([200, undefined]);
  },
);

test('the longest retryAfterMs of several errors counts', async () => {
  const query =
    '{ part(code: "RATE_LIMITED", retryAfterMs: 9000) all(code: "RATE_LIMITED", retryAfterMs: 10) }';
  expect(await ask(query)).toEqual([429, '9']);
});

test.each([
  [undefined, '1'],
  [0, '1'],
  [1, '1'],
  [1000, '1'],
  [1001, '2'],
  [86_400_000, '86400'],
])('Retry-After for %p ms is %s s', (retryAfterMs, seconds) => {
  expect(retryAfterSeconds(retryAfterMs)).toBe(seconds);
});
