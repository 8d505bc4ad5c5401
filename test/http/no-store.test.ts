import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const document = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }';
const search = `?query=${encodeURIComponent(document)}`;

/** The responses to requests of every kind: pages, probes, operations, refusals and preflights. */
async function responsesOf({ url }: TestGateway): Promise<readonly Response[]> {
  const operation = { accept: 'application/json', 'apollo-require-preflight': '1' };
  const preflight = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
  const requests: [path: string, init?: RequestInit][] = [
    [`/graphql${search}`, { headers: operation }],
    [`/graphql${search}`, { headers: operation }],
    ['/graphql?query={__typename}', { headers: operation }],
    ['/graphql?query={nothing}', { headers: operation }],
    ['/graphql', { headers: { accept: 'text/html' } }],
    ['/graphql', { method: 'OPTIONS', headers: preflight }],
    ['/graphql', { method: 'PUT' }],
    ['/explorer'],
    ['/explorer/explorer.js'],
    ['/explorer/operations.json'],
    ['/livez'],
    ['/readyz'],
    ['/', { redirect: 'manual' }],
    ['/nothing'],
    ['/%'],
  ];
  return Promise.all(requests.map(([path, init]) => fetch(`${url}${path}`, init)));
}

test('with HTTP_CACHE=off no response may be stored, whatever it holds', async () => {
  await using gateway = await startTestGateway({
    config: { cache: { maxBytes: 1_000_000 }, http: { mayBeCached: false } },
  });
  const responses = await responsesOf(gateway);
  expect(responses.map((response) => response.headers.get('cache-control'))).toEqual(
    responses.map(() => 'no-store'),
  );
  for (let time = 0; time < 3; time += 1)
    expect((await gateway.ask(document)).headers.get('cache-control')).toBe('no-store');
});

describe('a gateway whose records are invented', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      config: { cache: { maxBytes: 1_000_000 }, vonage: { simulator: true } },
    });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test('says so in a header of every response, and no response may be stored', async () => {
    for (const { headers } of await responsesOf(gateway)) {
      expect(headers.get('x-vonage-simulated')).toBe('true');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('says so in the extensions of every operation, also of one that the response cache answers', async () => {
    for (let time = 0; time < 4; time += 1)
      expect((await gateway.ask(document)).extensions).toMatchObject({ vonage: { simulated: true } });
    expect((await gateway.ask('{ __typename }')).extensions).toEqual({ vonage: { simulated: true } });
    expect((await gateway.ask('{ nothing }')).extensions).toEqual({ vonage: { simulated: true } });
  });
});

test('records of Vonage are not called simulated', async () => {
  await using gateway = await startTestGateway();
  const { headers, extensions } = await gateway.ask(document);
  expect(headers.get('x-vonage-simulated')).toBeNull();
  expect(extensions.vonage).not.toHaveProperty('simulated');
});
