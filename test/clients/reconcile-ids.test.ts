import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway } from '../support/start-gateway.js';

const document = `query ($ids: [ID!]!) {
  records(ids: $ids, product: SMS, direction: OUTBOUND) {
    results { requestedId outcome records { totalPrice } error { isRetryable } }
  }
}`;

test('a script reconciles 500 ids, one of them bad and ten unknown, in one loop over the results', async () => {
  await using gateway = await startTestGateway({ simulator: { eventsOf: { [Product.SMS]: 600 } } });
  const known = gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 489);
  const unknown = Array.from({ length: 10 }, (_, index) => `unknown-${index}`);
  gateway.simulator.faults.poisonIds.add('poison-1');
  const ids = [...known.slice(0, 200), 'poison-1', ...unknown, ...known.slice(200)];
  const { data, errors } = await gateway.ask(document, { ids });

  const lists: Record<string, string[]> = { FOUND: [], NOT_FOUND: [], FAILED: [] };
  const retryable: string[] = [];
  for (const { requestedId, outcome, records, error } of data.records.results) {
    lists[outcome]?.push(requestedId);
    if (error?.isRetryable) retryable.push(requestedId);
    expect(records).toHaveLength(outcome === 'FOUND' ? 1 : 0);
  }
  expect(ids).toHaveLength(500);
  expect(errors).toEqual([]);
  expect(lists).toEqual({ FOUND: known, NOT_FOUND: unknown, FAILED: ['poison-1'] });
  expect(retryable).toEqual([]);
  expect(data.records.results.map(({ requestedId }: { requestedId: string }) => requestedId)).toEqual(ids);
  // 25 full calls, and at most ten more that single out the bad id.
  expect(gateway.simulator.log.calls.length).toBeLessThanOrEqual(35);
});
