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
    { id: '15000000E1F8B123', product: 'SMS', direction: 'OUTBOUND', outcome: 'found', from: 'call' },
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
      lanes: [{ product: 'SMS', direction: 'OUTBOUND', ids: 25 }],
      waitMs: 0,
    },
  });
  expect(gateway.simulator.log.calls).toHaveLength(0);
});

test.each([
  ['a named product', ', product: VOICE_CALL', [['VOICE_CALL', null]]],
  [
    'a product that needs a direction',
    ', product: SMS',
    [
      ['SMS', 'OUTBOUND'],
      ['SMS', 'INBOUND'],
    ],
  ],
])(
  'x-explain shows where a missing id was looked for, in the names of the schema: %s',
  async (_what, scope, lanes) => {
    const { data, extensions } = await gateway.ask(
      `{ record(id: "15000000E1F8B999"${scope}) { vonageId } }`,
      {},
      { 'x-explain': '1' },
    );
    expect(data.record).toBeNull();
    const explain = extensions.vonage.explain as {
      product: string;
      direction: string | null;
      outcome: string;
    }[];
    expect(explain.map(({ product, direction }) => [product, direction])).toEqual(lanes);
    expect(new Set(explain.map(({ outcome }) => outcome))).toEqual(new Set(['not found']));
  },
);

test('a search explains every product by a name that an argument takes', async () => {
  const { extensions } = await gateway.ask(
    '{ record(id: "unknown-id") { vonageId } }',
    {},
    { 'x-explain': 'true' },
  );
  const products = extensions.vonage.explain.map(({ product }: { product: string }) => product);
  expect(products.length).toBeGreaterThan(10);
  const { data } = await gateway.ask(
    '{ __type(name: "VonageProduct") { enumValues(includeDeprecated: true) { name } } }',
  );
  const names = data.__type.enumValues.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(products));
});

test.each(['x-dry-run', 'x-explain'])('%s with an unclear value runs nothing', async (header) => {
  const { status, errors } = await gateway.ask(query, { ids: someIds() }, { [header]: 'yes' });
  expect([status, errors[0]?.message]).toEqual([400, `The header ${header} must be 1 or 0, got: "yes".`]);
  expect(gateway.simulator.log.calls).toEqual([]);
});

test('x-dry-run: true plans like x-dry-run: 1, and 0 runs the operation', async () => {
  const planned = await gateway.ask(query, { ids: someIds() }, { 'x-dry-run': 'true' });
  expect(planned.extensions.vonage.plan.calls).toBe(2);
  expect(gateway.simulator.log.calls).toEqual([]);
  await gateway.ask(query, { ids: someIds() }, { 'x-dry-run': '0' });
  expect(gateway.simulator.log.calls).toHaveLength(2);
});

test('production reports no cost, and refuses a dry run rather than to run and bill it', async () => {
  await using production = await startTestGateway({ config: { production: true } });
  const ids = ['15000000E1F8B123'];
  const planned = await production.ask(query, { ids }, { 'x-dry-run': '1' });
  expect([planned.status, planned.errors[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
  expect(production.simulator.log.calls).toEqual([]);
  const { data, extensions } = await production.ask(query, { ids }, { 'x-explain': '1' });
  expect(data.records.nodes).toEqual([{ vonageId: '15000000E1F8B123' }]);
  expect(extensions).toEqual({});
});
