import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-problems.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const listed = 'https://app.example.com';
const sandbox = 'https://studio.apollographql.com';

function preflight(url: string, origin: string) {
  return fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization,x-evil',
    },
  });
}

function post(url: string, origin: string) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
}

const granted = (response: Response) =>
  [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('with origins listed', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      config: { http: { corsOrigins: [listed, 'http://localhost:3000'] } },
    });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test('a page of a listed origin may send requests with the headers that the endpoint reads', async () => {
    const { status, headers } = await preflight(gateway.url, listed);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(listed);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-headers')?.split(', ').sort()).toEqual([
      'apollo-require-preflight',
      'apollographql-client-name',
      'apollographql-client-version',
      'authorization',
      'baggage',
      'content-type',
      'sentry-trace',
      'traceparent',
      'tracestate',
      'x-apollo-operation-name',
      'x-dry-run',
      'x-explain',
      'x-request-id',
    ]);
  });

  test('it may read the response, the request id and Retry-After', async () => {
    const { headers } = await post(gateway.url, listed);
    expect(headers.get('access-control-allow-origin')).toBe(listed);
    expect(headers.get('access-control-expose-headers')).toBe(
      'x-request-id, retry-after, x-vonage-simulated',
    );
  });

  test('it may read an error response', async () => {
    const { status, headers } = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { origin: listed, 'content-type': 'application/json' },
      body: '{',
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, listed]);
  });

  test.each([
    'https://evil.test',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.test',
    'https://evil.test/?https://app.example.com',
    'null',
    '*',
    sandbox,
  ])('a page of %s gets no permission', async (origin) => {
    for (const response of [await preflight(gateway.url, origin), await post(gateway.url, origin)])
      expect(granted(response)).toEqual([]);
  });

  test('every response varies by origin, and none allows credentials of the browser', async () => {
    const responses = [
      await preflight(gateway.url, listed),
      await preflight(gateway.url, 'https://evil.test'),
      await post(gateway.url, listed),
      await post(gateway.url, 'https://evil.test'),
      await fetch(`${gateway.url}/graphql?query=%7B__typename%7D`, {
        headers: { 'apollo-require-preflight': '1' },
      }),
      await fetch(`${gateway.url}/nothing-here`),
    ];
    for (const { headers } of responses) expect(headers.get('vary')).toMatch(/^Origin(, |$)/);
    for (const { headers } of responses) expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});

test('a page may send the headers of CORS_HEADERS beside the usual ones', async () => {
  const { corsHeaders } = readConfig({ CORS_HEADERS: 'x-tenant, x-client-build' }).http;
  await using gateway = await startTestGateway({ config: { http: { corsOrigins: [listed], corsHeaders } } });
  const { headers } = await preflight(gateway.url, listed);
  const allowed = headers.get('access-control-allow-headers')?.split(', ');
  expect(allowed).toEqual(
    expect.arrayContaining(['x-tenant', 'x-client-build', 'authorization', 'traceparent']),
  );
});

test.each(['*', 'x-tenant,*', 'x tenant', 'x-tenant,', 'x-tenant:1', 'x-\u00e4'])(
  '%s is a configuration error as a list of headers',
  (names) => {
    expect(() => readConfig({ CORS_HEADERS: names })).toThrow(ConfigError);
  },
);

test("in development only Apollo's hosted sandbox may read responses", async () => {
  await using gateway = await startTestGateway();
  expect((await preflight(gateway.url, sandbox)).headers.get('access-control-allow-origin')).toBe(sandbox);
  expect(granted(await preflight(gateway.url, 'https://evil.test'))).toEqual([]);
});

test('in production no origin may read responses unless it is listed', async () => {
  await using gateway = await startTestGateway({ config: { production: true } });
  for (const origin of [sandbox, 'null', gateway.url]) {
    expect(granted(await preflight(gateway.url, origin))).toEqual([]);
    expect(granted(await post(gateway.url, origin))).toEqual([]);
  }
});

test('a list of origins is read in the form that browsers send', () => {
  expect(readConfig({ CORS_ORIGINS: 'https://a.example, http://localhost:3000' }).http.corsOrigins).toEqual([
    'https://a.example',
    'http://localhost:3000',
  ]);
  expect(readConfig({}).http.corsOrigins).toBeUndefined();
});

test.each([
  '*',
  'https://a.example,*',
  'https://*.example',
  'https://a.example/',
  'https://a.example/path',
  'https://A.example',
  'https://a.example:443',
  'a.example',
  'null',
  'https://a.example,',
  'file:///tmp',
  'https://user:pass@a.example',
])('%s is a configuration error as a list of origins', (origins) => {
  const read = () => readConfig({ CORS_ORIGINS: origins });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow('CORS_ORIGINS must be a comma-separated list of origins');
});
