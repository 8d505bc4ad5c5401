import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { cache: { maxBytes: 1_000_000 } } });
  const date_received = new Date().toISOString();
  const row = { account_id: 'abcd1234', message_id: 'on-its-way', status: 'submitted', date_received };
  gateway.simulator.dataset.add({ product: Product.SMS, direction: Direction.OUTBOUND, row });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const sms = (id: string) => `record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId }`;
const cacheControlOf = async (query: string) => (await gateway.ask(query)).headers.get('cache-control');

test('a response of final records is cacheable by its caller from the first time on', async () => {
  for (let time = 0; time < 4; time += 1) {
    expect(await cacheControlOf(`{ ${sms('15000000E1F8B123')} }`)).toBe('private, max-age=86400');
  }
});

test.each(['authorization', 'accept', 'x-explain', 'x-dry-run', 'x-router-secret'])(
  'an answer that may be kept is no answer to who sends another %s header',
  async (name) => {
    const query = encodeURIComponent(`{ ${sms('15000000E1F8B123')} }`);
    const { headers } = await fetch(`${gateway.url}/graphql?query=${query}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(headers.get('cache-control')).toBe('private, max-age=86400');
    expect(headers.get('vary')?.split(', ')).toContain(name);
  },
);

test.each([
  ['a record that may still change', `{ a: ${sms('15000000E1F8B123')} b: ${sms('on-its-way')} }`],
  ['an id that was not found', `{ ${sms('unknown')} }`],
  ['an id that failed', `{ a: ${sms('15000000E1F8B123')} b: ${sms('a,b')} }`],
  ['an id that another row may join', `{ records(ids: ["x"], product: ASR) { idsNotFound } }`],
])('an answer with %s may not be kept', async (_what, query) => {
  expect(await cacheControlOf(query)).toBe('no-store');
});

test('a response without records has no cache-control', async () => {
  expect(await cacheControlOf('{ __typename }')).toBeNull();
});
