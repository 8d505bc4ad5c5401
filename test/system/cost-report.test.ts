import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({ config: { cache: { maxBytes: 1_000_000 } } });
});
afterEach(() => gateway[Symbol.asyncDispose]());

const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { vonageId } idsNotFound } }`;
const someIds = () => [
  ...gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(1, 25),
  'unknown',
];

test('a response reports its cost, and a repeated request costs nothing', async () => {
  const first = await gateway.ask(query, { ids: someIds() });
  expect(first.extensions.vonage).toEqual({
    calls: 2,
    ids: 25,
    recordsBilled: 24,
    recordsFromCache: 0,
    recordsFromPage: 0,
    sharedWith: 0,
    queueMs: expect.any(Number),
  });
  expect(gateway.simulator.log.billedRows).toBe(24);

  const second = await gateway.ask(query, { ids: someIds() });
  expect(second.data).toEqual(first.data);
  expect(second.extensions.vonage).toMatchObject({ calls: 0, recordsBilled: 0, recordsFromCache: 24 });
  expect(gateway.simulator.log.billedRows).toBe(24);
});

test('x-explain shows where each id was looked for', async () => {
  const { extensions } = await gateway.ask(
    '{ record(id: "15000000E1F8B123") { vonageId } }',
    {},
    { 'x-explain': '1' },
  );
  expect(extensions.vonage.explain).toEqual([
    { id: '15000000E1F8B123', product: 'SMS', direction: 'outbound', outcome: 'found', from: 'call' },
  ]);
});

test('x-dry-run plans without a call, and answers with no data', async () => {
  await gateway.ask('{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }');
  gateway.simulator.log.clear();
  const { data, extensions } = await gateway.ask(
    query,
    { ids: [...someIds(), '15000000E1F8B123'] },
    { 'x-dry-run': '1' },
  );
  expect(data).toBeNull();
  expect(extensions.vonage).toEqual({
    plan: {
      calls: 2,
      callsAtMost: 2,
      cacheHits: 1,
      lanes: [{ product: 'SMS', direction: 'outbound', ids: 25 }],
      waitMs: 0,
    },
  });
  expect(gateway.simulator.log.calls).toHaveLength(0);
});

test('production reports no cost', async () => {
  await using production = await startTestGateway({ config: { production: true } });
  const { data, extensions } = await production.ask(
    query,
    { ids: ['15000000E1F8B123'] },
    { 'x-explain': '1', 'x-dry-run': '1' },
  );
  expect(data.records.nodes).toEqual([{ vonageId: '15000000E1F8B123' }]);
  expect(extensions).toEqual({});
});
