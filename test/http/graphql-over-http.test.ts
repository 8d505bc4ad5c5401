import { auditServer } from 'graphql-http';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** The failed checks of the audit: the rating and the id of each. */
async function audit(url: string) {
  const results = await auditServer({
    url: `${url}/graphql`,
    fetchFn: (target: string, init: RequestInit = {}) =>
      fetch(target, { ...init, headers: { ...(init.headers as object), 'apollo-require-preflight': '1' } }),
  });
  expect(results).toHaveLength(61);
  return results.filter(({ status }) => status !== 'ok').map(({ status, id }) => `${status} ${id}`);
}

test('passes the GraphQL-over-HTTP audit except for its three checks of legacy status codes', async () => {
  // 572B, FDE2, 7B9B: status 200 for wrong documents and variables where the client accepts only application/json.
  expect(await audit(gateway.url)).toEqual(['warn 572B', 'warn FDE2', 'warn 7B9B']);
});

describe('with legacy status codes', () => {
  let legacy: TestGateway;
  beforeAll(async () => {
    legacy = await startTestGateway({ config: { graphql: { legacyStatusCodes: true } } });
  });
  afterAll(() => legacy[Symbol.asyncDispose]());

  test('passes the whole audit', async () => {
    expect(await audit(legacy.url)).toEqual([]);
  });

  const statusOf = async (query: string, accept: string) => (await legacy.ask(query, {}, { accept })).status;

  test.each(['{', '{ nothing }', 'query ($id: ID!) { record(id: $id) { vonageId } }'])(
    'only clients that do not accept the media type of GraphQL get 200 for %s',
    async (query) => {
      expect(await statusOf(query, 'application/json')).toBe(200);
      expect(await statusOf(query, '*/*')).toBe(200);
      expect(await statusOf(query, 'application/graphql-response+json')).toBe(400);
      expect(await statusOf(query, 'application/graphql-response+json, application/json;q=0.9')).toBe(400);
    },
  );

  test('every other error keeps its status', async () => {
    const send = (body: string) =>
      fetch(`${legacy.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    expect((await send('{')).status).toBe(400);
    expect((await send('{"query":""}')).status).toBe(400);
    expect((await send('{"query":"query A { __typename }","operationName":"B"}')).status).toBe(400);
    const many = Array.from({ length: 1001 }, (_, index) => `id-${index}`);
    const response = await legacy.ask('query ($ids: [ID!]!) { records(ids: $ids) { idsNotFound } }', {
      ids: many,
    });
    expect(response.status).toBe(400);
    const large = `{ ${'__typename '.repeat(6000)} }`;
    expect((await legacy.ask(large)).errors[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect((await legacy.ask(large)).status).toBe(400);
  });
});

async function send(init: RequestInit & { path?: string } = {}) {
  const response = await fetch(`${gateway.url}${init.path ?? '/graphql'}`, init);
  return { response, text: await response.text() };
}

test.each([
  ['malformed JSON', { 'content-type': 'application/json' }, '{', 400],
  ['an empty body', { 'content-type': 'application/json' }, '', 400],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'query={__typename}', 415],
  [
    'a body that is too large',
    { 'content-type': 'application/json' },
    JSON.stringify({ query: 'a'.repeat(300_000) }),
    413,
  ],
])('%s gets an error in the format of GraphQL', async (_what, headers, body, status) => {
  const { response, text } = await send({ method: 'POST', headers, body });
  expect(response.status).toBe(status);
  expect(JSON.parse(text).errors).toEqual([
    { message: expect.any(String), extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } },
  ]);
});

test('a browser gets the sandbox page with an example query, and no page in production', async () => {
  const { response, text } = await send({ headers: { accept: 'text/html' } });
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(text).toContain('15000000E1F8B123');

  await using production = await startTestGateway({ config: { production: true } });
  const page = await fetch(`${production.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(406);
  expect((await fetch(`${production.url}/explorer`)).status).toBe(404);
});

test('the health probes report a running and ready gateway', async () => {
  expect((await send({ path: '/livez' })).text).toBe('{"status":"alive"}');
  expect((await send({ path: '/readyz' })).text).toBe('{"status":"ready"}');
});

test('a harmless request id of the client is taken over, and any other is replaced', async () => {
  const ask = (id: string) =>
    send({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id },
      body: '{"query":"{ nope }"}',
    });
  const taken = await ask('trace-1');
  expect(taken.response.headers.get('x-request-id')).toBe('trace-1');
  expect(JSON.parse(taken.text).errors[0].extensions.requestId).toBe('trace-1');
  const replaced = await ask('a b');
  expect(replaced.response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

describe('habits of clients', () => {
  const json = { 'content-type': 'application/json' };
  const post = (body: string, path = '/graphql') =>
    fetch(`${gateway.url}${path}`, { method: 'POST', headers: json, body });
  const get = (parameters: Record<string, string>) =>
    fetch(`${gateway.url}/graphql?${new URLSearchParams(parameters)}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
  const query = 'query Only { __typename }';

  test('an empty operation name is none, in a body and in the URL', async () => {
    for (const response of [
      await post(JSON.stringify({ query, operationName: '' })),
      await get({ query, operationName: '' }),
    ])
      expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
  });

  test('another operation name is what it says, also a repeated one in the URL', async () => {
    expect((await post(JSON.stringify({ query, operationName: ' ' }))).status).toBe(400);
    expect((await get({ query, operationName: 'Other' })).status).toBe(400);
    const twice = await fetch(`${gateway.url}/graphql?query=${query}&operationName=&operationName=Only`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(twice.status).toBe(400);
  });

  test('a slash after the path changes nothing', async () => {
    const response = await post(JSON.stringify({ query }), '/graphql/');
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
    expect((await fetch(`${gateway.url}/graphql/`, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${gateway.url}/graphql//`, { method: 'POST' })).status).toBe(404);
  });

  test.each([
    ['of the variables', '{"__proto__": {"a": 1}}'],
    ['of an object in the variables', '{"a": {"__proto__": {"a": 1}}}'],
    ['in another spelling', '{"\\u005f_proto__": 1}'],
    ['of a constructor', '{"constructor": {"prototype": {"a": 1}}}'],
  ])('a key __proto__ is named as what is wrong: %s', async (_where, variables) => {
    gateway.simulator.log.clear();
    const text = JSON.stringify({ query: '{ record(id: "x") { id } }', variables: 0 }).replace(
      '"variables":0',
      `"variables":${variables}`,
    );
    for (const response of [
      await post(text),
      await get({ query: '{ record(id: "x") { id } }', variables }),
    ]) {
      const { errors } = (await response.json()) as { errors: { message: string }[] };
      expect([response.status, errors[0]?.message]).toEqual([
        400,
        expect.stringContaining('the key __proto__'),
      ]);
    }
    expect(gateway.simulator.log.calls).toEqual([]);
  });

  test('a key that only looks like a prototype is allowed', async () => {
    const variables = { constructor: 'a', proto: 1, a: '"__proto__": 1' };
    expect((await post(JSON.stringify({ query, variables }))).status).toBe(200);
    expect((await get({ query, variables: JSON.stringify(variables) })).status).toBe(200);
  });
});
