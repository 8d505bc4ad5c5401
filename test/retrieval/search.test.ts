import fc from 'fast-check';
import { Direction, Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { GatewayError } from '../../src/errors.js';
import { engineWith, operationOf, range } from '../support/engine.js';

const places = Object.values(Product)
  .filter((product) => !rulesOf(product).deprecated)
  .flatMap((product) =>
    rulesOf(product).direction === 'required'
      ? [Direction.OUTBOUND, Direction.INBOUND].map((direction) => ({
          product,
          direction: direction as Direction | null,
        }))
      : [{ product, direction: null }],
  );
const everywhere = { products: [...new Set(places.map(({ product }) => product))], direction: null };

/** A Vonage that knows each id in one place. */
function knowing(homes: ReadonlyMap<string, (typeof places)[number]>) {
  return (query: { id: string; product: string; direction?: string }) => {
    const ids = query.id.split(',');
    const isHome = (id: string) => {
      const home = homes.get(id);
      return home?.product === query.product && (home.direction ?? undefined) === query.direction;
    };
    const [field = 'id'] = rulesOf(query.product as Product).idFields;
    return {
      rows: ids.filter(isHome).map((id) => ({ [field]: id })),
      idsNotFound: ids.filter((id) => !isHome(id)),
    };
  };
}

test('finds every id where it is, for no more calls than asking each lane would cost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z0-9]{4,12}$/), fc.nat(places.length)), {
        selector: ([id]) => id,
        minLength: 1,
        maxLength: 60,
      }),
      async (ids) => {
        const homes = new Map(
          ids.flatMap(([id, place]) => (places[place] ? [[id, places[place]] as const] : [])),
        );
        const { find, clock, calls } = await engineWith(knowing(homes), { ratePerSecond: 1000 });
        const found = Promise.all(ids.map(([id]) => find(id, everywhere)));
        await clock.advance(1000);
        for (const [index, records] of (await found).entries()) {
          const home = homes.get(ids[index]?.[0] ?? '');
          expect(records.map(({ product, direction }) => ({ product, direction }))).toEqual(
            home ? [home] : [],
          );
        }
        expect(calls.length).toBeLessThanOrEqual(places.length * Math.ceil(ids.length / 20));
      },
    ),
    { numRuns: 40 },
  );
});

test.each([
  ['an SMS id', '15000000E1F8B123', Product.SMS],
  ['a call id', `${'63f61863'.repeat(4)}-1`, Product.VOICE_CALL],
  ['a conversation id', 'CON-d66d47de-5bcb-4300-94f0-0c9d4b948e9a', Product.CONVERSATION_EVENT],
  ['a UUID', 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab', Product.MESSAGES],
])('asks first where ids that look like %s are', async (_what, id, product) => {
  const { find, clock, calls } = await engineWith(() => ({ rows: [], idsNotFound: [id] }));
  const found = find(id, everywhere);
  await clock.tick();
  expect(calls[0]?.product).toBe(product);
  await clock.advance(60_000);
  await found;
});

test('learns where ids are found, and then asks there first', async () => {
  const ids = range(10, 'video');
  const homes = new Map(ids.map((id) => [id, { product: Product.VIDEO_API, direction: null }] as const));
  const { find, clock, calls } = await engineWith(knowing(homes), { ratePerSecond: 1000 });
  for (const id of ids.slice(0, 9)) {
    const found = find(id, everywhere);
    await clock.tick();
    await found;
  }
  const before = calls.length;
  const last = find(ids[9] ?? '', everywhere);
  await clock.tick();
  expect((await last)[0]?.product).toBe(Product.VIDEO_API);
  expect(calls.slice(before).map(({ product }) => product)).toEqual([Product.VIDEO_API]);
});

test('learns for each account alone: the order of one tells another nothing of its lookups', async () => {
  const id = 'shape-of-no-product';
  const lanesAskedFor = async (lookedUpBefore: number) => {
    const { find, clock } = await engineWith(
      knowing(new Map([[id, { product: Product.ASR, direction: null }]])),
      {
        ratePerSecond: 1000,
      },
    );
    for (let time = 0; time < lookedUpBefore; time += 1) {
      const found = find(id, { ...everywhere, accountId: 'abcd1234' });
      await clock.advance(1000);
      expect(await found).toHaveLength(1);
    }
    const operation = operationOf(clock);
    const searched = find(id, { ...everywhere, accountId: 'efgh5678' }, operation);
    await clock.advance(1000);
    await searched;
    return operation.meter.traces.map(({ product, outcome }) => [product, outcome]);
  };
  expect(await lanesAskedFor(3)).toEqual(await lanesAskedFor(0));
});

test('begins narrow: a likely id costs one call, and the waves double', async () => {
  const { find, clock, calls } = await engineWith((query) => ({ rows: [], idsNotFound: [query.id] }), {
    ratePerSecond: 1000,
  });
  const found = find('unknown', everywhere);
  await clock.advance(1000);
  expect(await found).toEqual([]);
  expect(calls).toHaveLength(places.length);
});

test('a miss counts only when every lane answered; an id that is found counts whatever else failed', async () => {
  const homes = new Map([['here', { product: Product.VIDEO_API, direction: null }] as const]);
  const answer = knowing(homes);
  const { find, clock } = await engineWith(
    (query) => {
      if (query.product === Product.ASR) throw new GatewayError('UPSTREAM_TIMEOUT', 'no');
      return answer(query);
    },
    { ratePerSecond: 1000 },
  );
  const here = find('here', everywhere);
  const nowhere = find('nowhere', everywhere).catch((error: GatewayError) => error.code);
  await clock.advance(1000);
  expect(await here).toHaveLength(1);
  expect(await nowhere).toBe('UPSTREAM_TIMEOUT');
});

test('tells where each id was looked for and found', async () => {
  const homes = new Map([['here', { product: Product.ASR, direction: null }] as const]);
  const { find, clock } = await engineWith(knowing(homes), { ratePerSecond: 1000 });
  const operation = operationOf(clock);
  const found = find('here', { products: [Product.AMD, Product.ASR], direction: null }, operation);
  await clock.tick();
  await clock.tick();
  await found;
  expect(operation.meter.traces).toEqual([
    { id: 'here', product: 'AMD', direction: null, outcome: 'not found', from: 'call' },
    { id: 'here', product: 'ASR', direction: null, outcome: 'found', from: 'call' },
  ]);
});

describe('while the queue is too long for a likely lane', () => {
  const twoLanes = { products: [Product.AMD, Product.ASR], direction: null };

  /** One call a second, and the likelier lane full for longer than a caller waits; the other one is empty. */
  async function withLongQueue(home: (typeof places)[number]) {
    const world = await engineWith(knowing(new Map([['here', home] as const])), { ratePerSecond: 1 });
    const { clock, find } = world;
    const first = find('here', twoLanes);
    await clock.advance(5000);
    await first;
    const waiting = range(100).map((id) => find(id, { products: [Product.AMD], direction: null }));
    await clock.tick();
    return { ...world, waiting, operation: operationOf(clock, 4000), before: world.calls.length };
  }

  test('a search is refused at once, and asks for nothing where the id hardly is', async () => {
    const { find, clock, calls, waiting, operation } = await withLongQueue({
      product: Product.AMD,
      direction: null,
    });
    const error = find('nowhere', twoLanes, operation).catch((error: GatewayError) => error);
    expect(await error).toMatchObject({ code: 'OVERLOADED', retryAfterMs: expect.any(Number) });
    await clock.advance(10_000);
    await Promise.all(waiting);
    expect(calls.map(({ product }) => product)).not.toContain(Product.ASR);
  });

  test('what memory has of the other lanes is found', async () => {
    const { find, clock, waiting, operation } = await withLongQueue({
      product: Product.ASR,
      direction: null,
    });
    expect(await find('here', twoLanes, operation)).toHaveLength(1);
    expect(operation.meter.usage).toMatchObject({ calls: 0, recordsFromCache: 1 });
    await clock.advance(10_000);
    await Promise.all(waiting);
  });
});
