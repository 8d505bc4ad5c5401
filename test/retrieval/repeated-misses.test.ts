import { Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { candidateLanes } from '../../src/retrieval/lookup/lanes.js';
import { LookupPlan } from '../../src/retrieval/lookup/lookup-plan.js';
import { engineWith, noContent, operationOf } from '../support/engine.js';

const everywhere = {
  products: Object.values(Product).filter((product) => !rulesOf(product).deprecated),
  direction: null,
};
const everyLane = candidateLanes({ ...everywhere, accountId: 'abcd1234', content: noContent }).length;
const minuteMs = 60_000;
const sms = '15000000E1F8B123';

/** An engine whose Vonage knows an id from the moment at which a test writes its record. */
async function engineWithout(id: string) {
  const written = new Set<string>();
  const subject = await engineWith(
    (query) => {
      const [field = 'id'] = rulesOf(query.product as Product).idFields;
      const isHere = written.has(query.product) && query.direction !== 'inbound';
      return isHere
        ? { rows: [{ [field]: query.id }], idsNotFound: [] }
        : { rows: [], idsNotFound: [query.id] };
    },
    { ratePerSecond: 1000 },
  );
  /** Searches once, and returns the records and the products that were asked. */
  const search = async (scope: object = everywhere, operation = operationOf(subject.clock)) => {
    const before = subject.calls.length;
    const found = subject.find(id, scope, operation);
    await subject.clock.advance(3000);
    const records = await found;
    return { records, asked: subject.calls.slice(before).map(({ product }) => product), operation };
  };
  return { ...subject, written, search };
}

test('an id that is polled before its record exists costs every product once, and then only the likely ones', async () => {
  const { search } = await engineWithout(sms);
  const first = await search();
  expect(first.asked).toHaveLength(everyLane);
  const second = await search();
  expect(second.records).toEqual([]);
  expect(second.asked).toEqual(['SMS', 'SMS']);
});

test('its record is found as soon as a likely product has it', async () => {
  const { search, written } = await engineWithout(sms);
  await search();
  written.add(Product.SMS);
  const { records, asked } = await search();
  expect(records).toMatchObject([{ product: Product.SMS }]);
  expect(asked).toEqual(['SMS']);
});

test('unlikely products are asked again after ten minutes', async () => {
  const { search, clock } = await engineWithout(sms);
  await search();
  await clock.advance(9 * minuteMs);
  expect((await search()).asked).toHaveLength(2);
  await clock.advance(minuteMs);
  expect((await search()).asked).toHaveLength(everyLane);
});

test('the trace says which lanes were left out, and why', async () => {
  const { search } = await engineWithout(sms);
  await search();
  const { operation } = await search();
  const leftOut = operation.meter.traces.filter(({ outcome }) => outcome === 'left out');
  expect(leftOut).toHaveLength(everyLane - 2);
  expect(leftOut).toContainEqual({
    id: sms,
    product: 'ASR',
    direction: null,
    outcome: 'left out',
    from: null,
    reason: 'missed lately and unlikely for this id',
  });
});

test('a dry run counts the calls without them', async () => {
  const { search, engine } = await engineWithout(sms);
  await search();
  const plan = new LookupPlan();
  const scope = engine.store.scope({ ...everywhere, accountId: 'abcd1234', content: noContent });
  await engine.store.plan(engine.store.lookup(sms, scope), plan);
  expect(engine.price(plan)).toMatchObject({ calls: 1, callsAtMost: 2 });
});

test('a lookup that names a product asks it each time', async () => {
  const { search } = await engineWithout(sms);
  await search();
  for (let time = 0; time < 2; time += 1)
    expect((await search({ products: [Product.ASR], direction: null })).asked).toEqual(['ASR']);
});

test('a record that was found by naming its product is found by a search, too', async () => {
  const { search, written, clock } = await engineWithout(sms);
  await search();
  written.add(Product.ASR);
  await search({ products: [Product.ASR], direction: null });
  await clock.advance(minuteMs);
  expect((await search()).records).toMatchObject([{ product: Product.ASR }]);
});

test('an id of a shape that no product is known for is looked for everywhere each time', async () => {
  const { search } = await engineWithout('no-known-shape');
  expect((await search()).asked).toHaveLength(everyLane);
  expect((await search()).asked).toHaveLength(everyLane);
});

test('misses of one account do not count for another', async () => {
  const { search } = await engineWithout(sms);
  await search();
  expect((await search({ ...everywhere, accountId: 'zzzz9999' })).asked).toHaveLength(everyLane);
});

test('a product where ids of the shape were found lately is likely for them', async () => {
  const { search, find, clock, written } = await engineWithout(sms);
  written.add(Product.ASR);
  const found = find('15000000E1F8B999', everywhere);
  await clock.advance(3000);
  expect(await found).toHaveLength(1);
  written.clear();
  await search();
  expect((await search()).asked).toEqual(['ASR', 'SMS', 'SMS']);
});

test('memory for misses is bounded', async () => {
  const { find, clock, engine } = await engineWith(
    (query) => ({ rows: [], idsNotFound: query.id.split(',') }),
    { ratePerSecond: 100_000 },
  );
  const operation = operationOf(clock, 600_000);
  const found = Promise.all(Array.from({ length: 12_000 }, (_, index) => find(`id-${index}`, {}, operation)));
  await clock.advance(1000);
  await found;
  expect(engine.stats().rememberedMisses).toBeLessThanOrEqual(10_001);
});
