import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const request = (init: RequestInit & { path?: string } = {}) =>
  fetch(`${gateway.url}${init.path ?? '/graphql'}`, init);
const post = (body: string, headers: Record<string, string> = {}) =>
  request({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

test.each([
  ['a response', () => post('{"query":"{ __typename }"}'), 200],
  ['an error', () => post('{"query":"{ nothing }"}'), 400],
  ['a malformed body', () => post('{'), 400],
  ['an unsupported accept header', () => post('{}', { accept: 'image/png' }), 406],
  ['a forged request', () => request({ path: '/graphql?query={__typename}' }), 400],
  ['an unknown path', () => request({ path: '/nothing-here' }), 404],
  ['an unsupported method', () => request({ method: 'PUT' }), 405],
  ['a health probe', () => request({ path: '/readyz' }), 200],
  ['a redirection', () => request({ path: '/', redirect: 'manual' }), 302],
  ['a preflight', () => request({ method: 'OPTIONS', headers: { origin: 'https://evil.test' } }), 204],
])('%s has headers that forbid loading, framing and content sniffing', async (_what, ask, status) => {
  const { headers, ...response } = await ask().then(({ status: actual, headers: all }) => ({
    status: actual,
    headers: all,
  }));
  expect(response.status).toBe(status);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test('no header names the server software, or sets a policy for TLS', async () => {
  const { headers } = await post('{"query":"{ __typename }"}');
  for (const name of ['server', 'x-powered-by', 'strict-transport-security', 'via'])
    expect(headers.get(name)).toBeNull();
});

test('the sandbox page has its own policy, and a header that forbids framing', async () => {
  const page = await request({ headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await page.text()).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'nonce-/,
  );
});
