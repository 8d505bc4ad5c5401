import { auditServer } from 'graphql-http';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

test('passes the GraphQL-over-HTTP audit without an error', async () => {
  const results = await auditServer({
    url: `${gateway.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...(init.headers as object), 'apollo-require-preflight': '1' } }),
  });
  expect(results.length).toBeGreaterThan(50);
  expect(results.filter((result) => result.status === 'error').map((result) => result.name)).toEqual([]);
});

async function send(init: RequestInit & { path?: string } = {}) {
  const response = await fetch(`${gateway.url}${init.path ?? '/graphql'}`, init);
  return { response, text: await response.text() };
}

test.each([
  ['malformed JSON', { 'content-type': 'application/json' }, '{', 400],
  ['an empty body', { 'content-type': 'application/json' }, '', 400],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'query={__typename}', 415],
  ['an unknown charset', { 'content-type': 'application/json; charset=ibm037' }, '{}', 400],
  [
    'a body that is too large',
    { 'content-type': 'application/json' },
    JSON.stringify({ query: 'a'.repeat(300_000) }),
    413,
  ],
])("%s is refused in GraphQL's error shape", async (_what, headers, body, status) => {
  const { response, text } = await send({ method: 'POST', headers, body });
  expect(response.status).toBe(status);
  expect(JSON.parse(text).errors).toEqual([
    { message: expect.any(String), extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } },
  ]);
});

test('a request that a page of another site could forge is blocked', async () => {
  const { response } = await send({ method: 'GET', path: '/graphql?query=%7B__typename%7D' });
  expect(response.status).toBe(400);
});

test('only the hosted sandbox may read answers from another origin, and only in development', async () => {
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
  };
  const { response } = await send(preflight);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://studio.apollographql.com');

  await using production = await startTestGateway({ config: { production: true } });
  const closed = await fetch(`${production.url}/graphql`, preflight);
  expect(closed.headers.get('access-control-allow-origin')).toBeNull();
});

test('a browser gets the sandbox with a query filled in, and nothing in production', async () => {
  const { response, text } = await send({ headers: { accept: 'text/html' } });
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(text).toContain('15000000E1F8B123');

  await using production = await startTestGateway({ config: { production: true } });
  const page = await fetch(`${production.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(400);
  expect((await fetch(`${production.url}/explorer`)).status).toBe(404);
});

test('tells that it lives and that it is ready', async () => {
  expect((await send({ path: '/livez' })).text).toBe('{"status":"alive"}');
  expect((await send({ path: '/readyz' })).text).toBe('{"status":"ready"}');
});

test("keeps a caller's harmless request id and replaces any other", async () => {
  const ask = (id: string) =>
    send({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id },
      body: '{"query":"{ nope }"}',
    });
  const kept = await ask('trace-1');
  expect(kept.response.headers.get('x-request-id')).toBe('trace-1');
  expect(JSON.parse(kept.text).errors[0].extensions.requestId).toBe('trace-1');
  const replaced = await ask('a b');
  expect(replaced.response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});
