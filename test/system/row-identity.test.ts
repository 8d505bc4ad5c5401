import { Product } from '../../src/catalogue/product.js';
import { segmentKinds, segmentPrices, setSegments } from '../clients/mixed-search.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';

const routerSecret = 'a secret of the router and of this gateway';
const callers = { full: {}, masked: { scopes: ['records:read'] } } as const;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { graphql: { routerSecret }, ...tokensFor(callers) } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const ask = async (operation: string, variables: object, caller: keyof typeof callers = 'full') => {
  const headers = { ...authorizationOf(caller), 'x-router-secret': routerSecret };
  const { data, errors } = await gateway.ask(operation, variables, headers);
  expect(errors).toEqual([]);
  return data;
};

/** The price of each segment of a call by its global id. */
async function pricesById(callId: string, caller?: keyof typeof callers): Promise<Map<string, string>> {
  const operation = `query ($id: ID!) { records(ids: [$id], product: ASR) { results { records { id totalPrice } } } }`;
  const { records } = await ask(operation, { id: callId }, caller);
  return new Map(records.results[0].records.map(({ id, totalPrice }: any) => [id, totalPrice]));
}

describe.each(segmentKinds)('three segments of a call %s', (_which, rowIds) => {
  test('have global ids of their own, the same for a caller who sees them masked and in another order', async () => {
    const prices = await pricesById(setSegments(gateway, rowIds));
    expect([...prices.values()].toSorted()).toEqual(segmentPrices);
    const turned = await pricesById(setSegments(gateway, rowIds, [1, 2, 0]), 'masked');
    expect(turned).toEqual(prices);
  });

  test('are each found by global id, on every path and in every order', async () => {
    const prices = await pricesById(setSegments(gateway, rowIds));
    setSegments(gateway, rowIds, [2, 0, 1]);
    const operation = `query ($id: ID!, $ids: [ID!]!, $all: [_Any!]!) {
      node(id: $id) { ...Price }
      nodes(ids: $ids) { ...Price }
      record(id: $id) { ...Price }
      records(ids: $ids) { nodes { ...Price } results { records { ...Price } } }
      _entities(representations: $all) { ...Price }
    } fragment Price on VonageRecord { id totalPrice }`;
    for (const [id, totalPrice] of prices) {
      const all = [
        { __typename: 'VonageRecord', id },
        { __typename: 'AsrRecord', id },
      ];
      const found = { id, totalPrice };
      expect(await ask(operation, { id, ids: [id], all })).toEqual({
        node: found,
        nodes: [found],
        record: found,
        records: { nodes: [found], results: [{ records: [found] }] },
        _entities: [found, found],
      });
    }
  });
});

test('a global id of a row that is gone finds no other row of its id', async () => {
  const rowIds = [undefined, undefined, undefined];
  const prices = await pricesById(setSegments(gateway, rowIds));
  setSegments(gateway, rowIds, [0, 2]);
  const found = [];
  for (const [id] of prices)
    found.push(
      (await ask('query ($id: ID!) { node(id: $id) { ... on AsrRecord { totalPrice } } }', { id })).node,
    );
  expect(found.filter((each) => each === null)).toHaveLength(1);
  expect(found.map((each) => each?.totalPrice).toSorted()).toEqual(['0.01', '0.03', undefined]);
});

test('rows that differ in a masked number alone have global ids of their own', async () => {
  for (const to of ['447700900123', '447700800123'])
    gateway.simulator.dataset.add({
      product: Product.ASR,
      direction: null,
      row: { account_id: 'abcd1234', call_id: 'alike-1', to, total_price: '0.01' },
    });
  const full = await pricesById('alike-1');
  expect(full.size).toBe(2);
  expect([...(await pricesById('alike-1', 'masked')).keys()].toSorted()).toEqual([...full.keys()].toSorted());
});
