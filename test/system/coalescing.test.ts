import { Direction, Product } from '../../src/catalogue/product.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

const bySmsId = 'query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { vonageId } }';

test('45 aliased lookups of one operation make exactly three calls, of 20, 20 and 5 ids', async () => {
  await using gateway = await startTestGateway();
  const ids = gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 45);
  const fields = ids.map(
    (id, index) => `r${index}: record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId }`,
  );

  const { data, errors } = await gateway.ask(`{ ${fields.join('\n')} }`);

  expect(errors).toEqual([]);
  expect(Object.values(data).map((record) => record.vonageId)).toEqual(ids);
  expect(gateway.simulator.log.batchSizes).toEqual([20, 20, 5]);
});

test('40 separate HTTP requests that arrive within one tick share two calls, which leave when they are full', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ clock });
  const ids = gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 40);

  const answers = Promise.all(ids.map((id) => gateway.ask(bySmsId, { id })));

  expect((await answers).map(({ data }) => data.record.vonageId)).toEqual(ids);
  expect(gateway.simulator.log.batchSizes).toEqual([20, 20]);
});

test('requests without a free call wait for one and leave together, in full batches', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ clock, config: { vonage: { ratePerSecond: 1 } } });
  const ids = gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 41);
  const ask = (id: string | undefined) => gateway.ask(bySmsId, { id });

  const first = ask(ids[0]);
  await until(() => gateway.engine.waiting === 1);
  await clock.tick();
  await first;
  const others = Promise.all(ids.slice(1).map(ask));
  await until(() => gateway.engine.waiting === 40);
  await clock.advance(1000);
  expect(gateway.simulator.log.batchSizes).toEqual([1]);
  for (const calls of [2, 3]) {
    await clock.advance(1015);
    await until(() => gateway.simulator.log.batchSizes.length === calls);
  }

  expect((await others).map(({ data }) => data.record.vonageId)).toEqual(ids.slice(1));
  expect(gateway.simulator.log.batchSizes).toEqual([1, 20, 20]);
});

test('equal ids of different requests share one place in one call', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ clock });
  const [id] = gateway.simulator.dataset.ids(Product.VERIFY_API);
  const query = 'query ($id: ID!) { record(id: $id, product: VERIFY_API) { vonageId } }';

  const answers = Promise.all(Array.from({ length: 10 }, () => gateway.ask(query, { id })));
  await until(() => gateway.engine.pending === 10);
  await clock.tick();

  expect(new Set((await answers).map(({ data }) => data.record.vonageId))).toEqual(new Set([id]));
  expect(gateway.simulator.log.calls.flatMap((call) => call.ids)).toEqual([id]);
});
