import { refusal } from '../support/rejection.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

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
  '/playground',
  '/schema.graphql',
  '/package.json',
])('in production there is nothing at %s', async (path) => {
  for (const method of ['GET', 'POST']) {
    const response = await fetch(`${gateway.url}${path}`, { method, redirect: 'manual' });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(refusal());
  }
});

test.each(['', '?verbose', '?verbose=1', '?exclude=x', '?full=true'])(
  'probes%s tell yes or no',
  async (search) => {
    const answer = async (path: string) => (await fetch(`${gateway.url}${path}${search}`)).text();
    expect(await answer('/livez')).toBe('{"status":"alive"}');
    expect(await answer('/readyz')).toBe('{"status":"ready"}');
  },
);

test('a browser gets no page in production, and no answer tells the code behind it', async () => {
  const page = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([406, 'application/json; charset=utf-8']);
  const broken = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect(broken.headers.get('content-type')).toBe('application/json; charset=utf-8');
  for (const response of [page, broken])
    expect(await response.text()).not.toMatch(/stack|node_modules|\.[jt]s\b/);
});

test('the name of the loopback opens one address, so that no second one is without limits', async () => {
  await using local = await startTestGateway({ config: { http: { host: 'localhost' } } });
  expect(new URL(local.url).hostname).toMatch(/^(127\.0\.0\.1|\[::1\])$/);
  const other = new URL(local.url);
  other.hostname = other.hostname === '127.0.0.1' ? '[::1]' : '127.0.0.1';
  await expect(fetch(`${other.origin}/livez`)).rejects.toThrow('fetch failed');
});
