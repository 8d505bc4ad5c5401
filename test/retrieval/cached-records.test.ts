import { Direction, Product } from '../../src/catalogue/product.js';
import type { Rows } from '../../src/retrieval/lookup/lanes.js';
import type { Cache } from '../../src/traffic/cache/cache.js';
import { engineWith, findIn, operationOf, smsAnswer, smsScope } from '../support/engine.js';

/** An engine that has just been asked for an id. */
async function askedFor(id: string, request: object = {}, row: object = {}) {
  const parts = await engineWith((query) => {
    const isHere = query.product === Product.SMS && query.direction === Direction.OUTBOUND;
    return smsAnswer(query, row, isHere ? [] : query.id.split(','));
  });
  const found = parts.find(id, request);
  await parts.clock.tick();
  await found;
  return { ...parts, operation: operationOf(parts.clock) };
}

describe('memory answers at once', () => {
  test('with the records, as the cost of the operation tells', async () => {
    const { engine, operation, calls } = await askedFor('a');
    expect(findIn(engine, 'a', smsScope, operation)).toMatchObject([{ vonageId: 'a' }]);
    expect(operation.meter.usage).toMatchObject({ calls: 0, ids: 0, recordsFromCache: 1 });
    expect(calls).toHaveLength(1);
  });

  test('that there is none', async () => {
    const { engine, operation } = await askedFor('a', { direction: Direction.INBOUND });
    const scope = { ...smsScope, direction: Direction.INBOUND };
    expect(findIn(engine, 'a', scope, operation)).toEqual([]);
    expect(operation.meter.traces).toMatchObject([{ id: 'a', outcome: 'not found', from: 'cache' }]);
  });

  test('past a lane that is known to miss', async () => {
    const { engine, find, clock } = await engineWith((query) =>
      smsAnswer(query, {}, query.direction === Direction.INBOUND ? [] : query.id.split(',')),
    );
    const found = Promise.all([find('a'), find('a', { direction: Direction.INBOUND })]);
    await clock.tick();
    expect(await found).toMatchObject([[], [{ vonageId: 'a' }]]);
    const operation = operationOf(clock);
    const scope = { ...smsScope, direction: null };
    expect(findIn(engine, 'a', scope, operation)).toMatchObject([{ direction: Direction.INBOUND }]);
    expect(operation.meter.traces).toMatchObject([{ outcome: 'not found' }, { outcome: 'found' }]);
  });
});

test('a search that memory cannot begin goes on without it: its outcome is later, and its response not cacheable', async () => {
  const { engine, operation, clock } = await askedFor('a', { direction: Direction.INBOUND });
  const scope = {
    ...smsScope,
    products: [Product.MESSAGES, Product.SMS],
    direction: Direction.INBOUND,
  };
  const found = findIn(engine, 'a', scope, operation);
  expect(found).toBeInstanceOf(Promise);
  expect(operation.meter.hasLookups).toBe(false);
  expect(operation.cacheDependencies.cacheableAt(0)).toBeUndefined();
  await clock.tick();
  expect(await found).toEqual([]);
});

test('a cache that answers later does not answer at once', async () => {
  const cache: Cache<Rows> = {
    get: async () => [],
    set() {},
    stats: () => ({ hits: 0, misses: 0 }),
    async close() {},
  };
  const { engine, clock } = await engineWith((query) => smsAnswer(query), { cache });
  expect(findIn(engine, 'a', smsScope, operationOf(clock))).toBeInstanceOf(Promise);
});

describe('what an answer rests on', () => {
  test('holds until memory forgets it', async () => {
    const { engine, operation, clock } = await askedFor('a');
    findIn(engine, 'a', smsScope, operation);
    const rows = operation.cacheDependencies.cacheableAt(clock.now()) ?? [];
    expect(rows).toHaveLength(1);
    expect(operation.cacheDependencies.isFresh()).toBe(true);
    await clock.advance(86_400_000);
    expect(operation.cacheDependencies.isFresh()).toBe(false);
  });

  test('does not hold when the rows were replaced, be it by equal ones', async () => {
    const { engine, operation, clock, find } = await askedFor('a');
    findIn(engine, 'a', smsScope, operation);
    await clock.advance(86_400_000);
    const again = find('a');
    await clock.tick();
    await again;
    expect(operation.cacheDependencies.isFresh()).toBe(false);
  });

  test('is not enough while a record may still change', async () => {
    const open = { status: 'submitted', date_received: '2099-01-01T00:00:00+0000' };
    const { engine, operation, clock } = await askedFor('a', {}, open);
    expect(findIn(engine, 'a', smsScope, operation)).toHaveLength(1);
    expect(operation.cacheDependencies.cacheableAt(clock.now())).toBeUndefined();
  });

  test('is not enough when a call was needed as well', async () => {
    const { engine, operation, clock, find } = await askedFor('a');
    findIn(engine, 'a', smsScope, operation);
    const other = find('b', {}, operation);
    await clock.tick();
    await other;
    expect(operation.cacheDependencies.cacheableAt(clock.now())).toBeUndefined();
  });

  test('is nothing when nothing was looked up', async () => {
    const { operation, clock } = await askedFor('a');
    expect(operation.cacheDependencies.cacheableAt(clock.now())).toBeUndefined();
  });
});
