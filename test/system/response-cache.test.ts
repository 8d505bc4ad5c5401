import { Direction, Product } from '../../src/catalogue/product.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { uuid occurredAt isFinal raw } failures { requestedId } } }`;
const config = { cache: { maxBytes: 1_000_000 } };

/** Counts how often the engine was asked, since a repeated answer does not ask it. */
function countAsking({ engine }: TestGateway): { readonly times: number } {
  const count = { times: 0 };
  const find = engine.store.find.bind(engine.store);
  engine.store.find = (...parts) => {
    count.times += 1;
    return find(...parts);
  };
  return count;
}

function smsIds({ simulator }: TestGateway): string[] {
  return simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 3);
}

test('a question that memory answered is answered with the same bytes again', async () => {
  await using gateway = await startTestGateway({ config });
  const ids = ['15000000E1F8B123'];
  await gateway.ask(query, { ids });
  const second = await gateway.ask(query, { ids });
  const parts = countAsking(gateway);
  const third = await gateway.ask(query, { ids }, { 'x-request-id': 'mine' });
  expect(parts.times).toBe(0);
  expect({ ...third, headers: null }).toEqual({ ...second, headers: null });
  expect(third.extensions.vonage).toMatchObject({ calls: 0, recordsFromCache: 1 });
  expect(third.headers.get('content-type')).toBe(second.headers.get('content-type'));
  expect(third.headers.get('x-request-id')).toBe('mine');
});

test('every other question is answered by itself', async () => {
  await using gateway = await startTestGateway({ config });
  const [one = '', other = ''] = smsIds(gateway);
  for (let turn = 0; turn < 3; turn += 1) {
    for (const id of [one, other]) {
      const { data } = await gateway.ask(query, { ids: [id] });
      expect(data.records.nodes[0].uuid).toBe(id);
    }
  }
});

test('an answer is made anew for one who asks how it is made, and not kept for others', async () => {
  await using gateway = await startTestGateway({ config });
  const ids = ['15000000E1F8B123'];
  for (let turn = 0; turn < 3; turn += 1) await gateway.ask(query, { ids });
  const parts = countAsking(gateway);
  const explained = await gateway.ask(query, { ids }, { 'x-explain': '1' });
  const planned = await gateway.ask(query, { ids }, { 'x-dry-run': '1' });
  expect(parts.times).toBe(1);
  expect(explained.extensions.vonage.explain).toHaveLength(1);
  expect(planned.data).toBeNull();
  const plain = await gateway.ask(query, { ids });
  expect(plain.extensions.vonage).not.toHaveProperty('explain');
});

test('an answer with an error is made anew each time, under its own requestId', async () => {
  await using gateway = await startTestGateway({ config });
  const ids = ['15000000E1F8B123', 'not an id'];
  for (let turn = 0; turn < 3; turn += 1) {
    const { errors } = await gateway.ask(query, { ids }, { 'x-request-id': `turn-${turn}` });
    expect(errors.map(({ extensions }) => extensions.requestId)).toEqual([`turn-${turn}`]);
  }
});

test('an answer ends with the rows that it was made of', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ config, clock, simulator: { clock } });
  const ids = ['15000000E1F8B123'];
  const ask = async () => {
    const parts = gateway.ask(query, { ids });
    const stop = setInterval(() => void clock.tick(), 5);
    return parts.finally(() => clearInterval(stop));
  };
  for (let turn = 0; turn < 3; turn += 1) await ask();
  expect(gateway.simulator.log.calls).toHaveLength(1);
  await clock.advance(86_400_000);
  const { extensions } = await ask();
  expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 1 });
});
