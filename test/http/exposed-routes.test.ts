import { errorBody } from '../support/rejection.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { tokensFor } from '../support/tokens.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { production: true } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

test.each([
  '/',
  '/metrics',
  '/health',
  '/healthz',
  '/status',
  '/mcp',
  '/admin',
  '/debug/pprof',
  '/.env',
  '/.git/config',
  '/.well-known/apollo/server-health',
  '/explorer',
  '/explorer/',
  '/explorer/explorer.js',
  '/explorer/operations.json',
  '/explorer/offline.js',
  '/playground',
  '/schema.graphql',
  '/package.json',
])('in production %s is not found', async (path) => {
  for (const method of ['GET', 'POST']) {
    const response = await fetch(`${gateway.url}${path}`, { method, redirect: 'manual' });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(errorBody());
  }
});

test.each(['', '?verbose', '?verbose=1', '?exclude=x', '?full=true'])(
  'health probes with the query "%s" answer yes or no and nothing else',
  async (search) => {
    const textAt = async (path: string) => (await fetch(`${gateway.url}${path}${search}`)).text();
    expect(await textAt('/livez')).toBe('{"status":"alive"}');
    expect(await textAt('/readyz')).toBe('{"status":"ready"}');
  },
);

test('in production a browser gets no page, and no response reveals source code', async () => {
  const page = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([406, 'application/json; charset=utf-8']);
  const withFallback = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect(withFallback.headers.get('content-type')).toBe('application/json; charset=utf-8');
  for (const response of [page, withFallback])
    expect(await response.text()).not.toMatch(/stack|node_modules|\.[jt]s\b/);
});

describe('in development with tokens, a client without credentials', () => {
  let development: TestGateway;
  beforeAll(async () => {
    development = await startTestGateway({ config: tokensFor({ reader: {} }) });
  });
  afterAll(() => development[Symbol.asyncDispose]());

  const get = (search: string, accept: string) =>
    fetch(`${development.url}/graphql${search}`, { headers: { accept, 'apollo-require-preflight': '1' } });

  test('gets the page of the endpoint, and nothing else by its accept header', async () => {
    for (const accept of ['text/html', 'text/html,application/xhtml+xml,*/*;q=0.8'])
      for (const search of ['', '?', '?explorer=1']) {
        const page = await get(search, accept);
        expect([page.status, page.headers.get('content-type')]).toEqual([
          200,
          expect.stringContaining('text/html'),
        ]);
      }
    const none = await get('', 'application/json, text/html;q=0.1');
    expect([none.status, await none.text()]).toEqual([400, expect.not.stringContaining('data')]);
  });

  test.each([
    '?query={_service{sdl}}',
    '?query=%7B__typename%7D',
    '?q%75ery={_service{sdl}}',
    '?x=1&query={__schema{queryType{name}}}',
    `?extensions={"persistedQuery":{"version":1,"sha256Hash":"${'ab'.repeat(32)}"}}`,
    '?documentId=abc',
    '?operationName=Sdl',
    '?variables={}',
  ])('gets no response to an operation, whatever it accepts: %s', async (search) => {
    for (const accept of [
      'application/json, text/html;q=0.1',
      'text/html',
      'application/json',
      '*/*, text/html',
    ]) {
      const response = await get(search, accept);
      const body = await response.text();
      expect([response.status, body]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
      expect(body).not.toMatch(/sdl|"data"/);
    }
  });
});

test('the host name localhost opens one address only, so that no second server runs without limits', async () => {
  await using local = await startTestGateway({ config: { http: { host: 'localhost' } } });
  expect(new URL(local.url).hostname).toMatch(/^(127\.0\.0\.1|\[::1\])$/);
  const other = new URL(local.url);
  other.hostname = other.hostname === '127.0.0.1' ? '[::1]' : '127.0.0.1';
  await expect(fetch(`${other.origin}/livez`)).rejects.toThrow('fetch failed');
});
