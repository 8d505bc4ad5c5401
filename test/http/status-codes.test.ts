import { openRawSocket, readAnswer } from '../support/raw-socket.js';
import { errorBody } from '../support/rejection.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

const json = 'application/json; charset=utf-8';
const body =
  '{"query":"{ record(id: \\"15000000E1F8B123\\", product: SMS, direction: OUTBOUND) { vonageId } }"}';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => gateway.simulator.log.clear());
afterEach(() => expect(gateway.simulator.log.calls).toEqual([]));

async function send(path: string, init: RequestInit = {}) {
  const response = await fetch(`${gateway.url}${path}`, init);
  const text = await response.text();
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), allow: headers.get('allow'), headers, text };
}

async function post(headers: Record<string, string>, sent: string | Uint8Array = body) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent };
  const response = await send('/graphql', init as RequestInit);
  return { ...response, body: JSON.parse(response.text) };
}

test.each(['/nothing-here', '/graphql/x', '/graphql.json', '/livez/x', '/..%2fetc'])(
  '404 at %s',
  async (path) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const { status, type, text, allow } = await send(path, { method });
      expect([status, type, allow]).toEqual([404, json, null]);
      expect(JSON.parse(text)).toEqual(errorBody());
    }
  },
);

test.each(['PUT', 'DELETE', 'PATCH', 'PROPFIND', 'LOCK'])(
  '405 for %s, with the supported methods',
  async (method) => {
    const headers = { 'content-type': 'application/json' };
    const { status, type, allow, text } = await send('/graphql', { method, headers, body });
    expect([status, type, allow]).toEqual([405, json, 'GET, POST, OPTIONS']);
    expect(JSON.parse(text)).toEqual(errorBody());
  },
);

test('405 for HEAD, because its lookup would be billed without a response', async () => {
  const path = `/graphql?query=${encodeURIComponent('{ record(id: "15000000E1F8B123") { vonageId } }')}`;
  const { status, allow, text } = await send(path, {
    method: 'HEAD',
    headers: { 'apollo-require-preflight': '1' },
  });
  expect([status, allow, text]).toEqual([405, 'GET, POST, OPTIONS', '']);
});

test('405 for a POST to a health probe', async () => {
  const { status, allow } = await send('/readyz', { method: 'POST' });
  expect([status, allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect((await send('/readyz', { method: 'HEAD' })).status).toBe(200);
});

test('204 for OPTIONS, with the supported methods', async () => {
  const { status, allow, text } = await send('/graphql', { method: 'OPTIONS' });
  expect([status, allow, text]).toEqual([204, 'GET, POST, OPTIONS', '']);
});

test.each([
  'text/html',
  'application/xml',
  'text/event-stream',
  'multipart/mixed',
  'image/*',
  'application/json;q=0',
  'application/json;q=0, application/*;q=0, */*',
  'application/json; charset=utf-16',
  'application/json; version=2',
  'json',
])('406 when the client accepts only %s', async (accept) => {
  const { status, type, body } = await post({ accept });
  expect([status, type]).toEqual([406, json]);
  expect(body).toEqual(errorBody());
});

test.each([
  ['*/*', json],
  ['application/*', json],
  ['', json],
  ['APPLICATION/JSON', json],
  ['application/json; charset=utf-8', json],
  ['text/html, application/json;q=0.1', json],
  ['text/html,application/xhtml+xml,*/*;q=0.8', json],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['application/json;q=0, */*', 'application/graphql-response+json; charset=utf-8'],
])('a client that accepts %s gets a response', async (accept, responseType) => {
  const { status, type } = await post({ accept }, '{"query":"{ __typename }"}');
  expect([status, type]).toEqual([200, responseType]);
});

test.each([
  'application/json; charset=ibm037',
  'application/json; charset=utf-16',
  'application/json; charset="iso-8859-1"',
  'application/json; charset=utf-8; charset=ibm037',
  'application/json;CHARSET=UTF-7',
  'application/json; charset=',
])('415 for the content type %s, with a GraphQL error as JSON', async (type) => {
  const response = await post({ 'content-type': type });
  expect([response.status, response.type]).toEqual([415, json]);
  expect(response.body).toEqual(errorBody());
  expect(response.text).not.toMatch(/stack|node_modules|\bat /);
});

test.each([
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
  'Application/JSON; charset=utf8',
])('a body of type %s is read', async (type) => {
  expect((await post({ 'content-type': type }, '{"query":"{ __typename }"}')).status).toBe(200);
});

test('413 for a body beyond the limit, with and without a content-length', async () => {
  const large = JSON.stringify({ query: '{ __typename }', variables: { a: 'a'.repeat(2_000_000) } });
  const response = await post({}, large);
  expect([response.status, response.type, response.body]).toEqual([413, json, errorBody()]);

  const { write, ended } = await openRawSocket(gateway.url);
  const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\n';
  write(`${head}transfer-encoding: chunked\r\n\r\n${(300_000).toString(16)}\r\n${'a'.repeat(300_000)}\r\n`);
  const chunked = readAnswer(await ended);
  expect([chunked.status, JSON.parse(chunked.body)]).toEqual([413, errorBody()]);
});

test.each([
  ['{'],
  [''],
  ['[]'],
  ['null'],
  ['"text"'],
  ['{}'],
  ['{"query":5}'],
  ['{"query":"{ __typename }","variables":[]}'],
  ['{"query":"{ __typename }","operationName":5}'],
  ['{"__proto__":{"query":"{ __typename }"}}'],
  [`[${body},${body}]`],
  ['{"query":"{"}'],
  ['{"query":"mutation { nothing }"}'],
  ['{"query":"subscription { record(id: \\"a\\") { id } }"}'],
  ['{"query":"{ nothing }"}'],
  ['{"query":"query ($id: ID!) { record(id: $id) { vonageId } }","variables":{}}'],
])('400 for the body %s', async (sent) => {
  const response = await post({}, sent);
  expect([response.status, response.type]).toEqual([400, json]);
  for (const { message, extensions } of response.body.errors) {
    expect(message).not.toBe('');
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: response.headers.get('x-request-id') });
  }
});

test('no cache may store an error response', async () => {
  for (const { headers } of [
    await send('/nothing-here'),
    await post({ accept: 'text/html' }),
    await post({}, '{'),
  ])
    expect(headers.get('cache-control')).toBe('no-store');
});

test('503 with Retry-After for requests during a shutdown, which the readiness probe reports', async () => {
  const stopping = await startTestGateway();
  const sockets = await Promise.all(
    ['POST /graphql', 'GET /readyz', 'GET /livez'].map(async (line) => {
      const raw = await openRawSocket(stopping.url);
      raw.write(`${line} HTTP/1.1\r\nHost: localhost\r\n`);
      return raw;
    }),
  );
  await fetch(`${stopping.url}/livez`);
  const stopped = stopping[Symbol.asyncDispose]();
  // The listener closes first, and then the server refuses operations.
  await until(() =>
    fetch(`${stopping.url}/livez`).then(
      () => false,
      () => true,
    ),
  );
  for (const { write } of sockets)
    write(`content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  const texts = await Promise.all(sockets.map(({ ended }) => ended));
  await stopped;

  const [operation, ready, alive] = texts.map(readAnswer);
  expect([operation?.status, operation?.headers.get('retry-after')]).toEqual([503, '1']);
  expect(operation?.headers.get('connection')).toBe('close');
  expect(JSON.parse(operation?.body ?? '')).toMatchObject({
    errors: [{ extensions: { code: 'SHUTTING_DOWN', retryAfterMs: 1000 } }],
  });
  expect([ready?.status, ready?.body]).toEqual([503, '{"status":"stopping"}']);
  expect(alive?.status).toBe(200);
});
