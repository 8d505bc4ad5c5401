import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const look = (init: RequestInit & { path?: string } = {}) =>
  fetch(`${gateway.url}${init.path ?? '/graphql'}`, init);
const post = (body: string, headers: Record<string, string> = {}) =>
  look({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

test.each([
  ['an answer', () => post('{"query":"{ __typename }"}'), 200],
  ['an error', () => post('{"query":"{ nothing }"}'), 400],
  ['a body that is refused', () => post('{'), 400],
  ['a type that is not offered', () => post('{}', { accept: 'image/png' }), 406],
  ['a forged request', () => look({ path: '/graphql?query={__typename}' }), 400],
  ['a path that is not there', () => look({ path: '/nothing-here' }), 404],
  ['a method that is not there', () => look({ method: 'PUT' }), 405],
  ['a probe', () => look({ path: '/readyz' }), 200],
  ['a redirection', () => look({ path: '/', redirect: 'manual' }), 302],
  ['a preflight', () => look({ method: 'OPTIONS', headers: { origin: 'https://evil.test' } }), 204],
])('%s may load nothing, be framed nowhere and be taken for nothing else', async (_what, ask, status) => {
  const { headers, ...response } = await ask().then((answer) => ({
    status: answer.status,
    headers: answer.headers,
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

test('no header tells what serves, or speaks for what ends TLS', async () => {
  const { headers } = await post('{"query":"{ __typename }"}');
  for (const name of ['server', 'x-powered-by', 'strict-transport-security', 'via'])
    expect(headers.get(name)).toBeNull();
});

test('the sandbox page brings its own policy, and only framing is forbidden besides', async () => {
  const page = await look({ headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await page.text()).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'nonce-/,
  );
});
