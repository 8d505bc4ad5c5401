import {
  MemoryQuotaStore,
  type MemoryQuotaStoreOptions,
} from '../../../src/traffic/quota/memory-quota-store.js';
import { ManualClock } from '../../support/manual-clock.js';
import { allowancesContract, dayMs, refusalOf } from './quota-store-contract.js';

function setUp(options: Partial<MemoryQuotaStoreOptions> = {}) {
  const clock = new ManualClock();
  return { clock, quotaStore: new MemoryQuotaStore({ clock, ...options }) };
}

describe('as any allowances, they', () => {
  allowancesContract(async () => {
    const { clock, quotaStore } = setUp({ burst: 100 });
    const nextDay = () => clock.advance(dayMs);
    const close = () => quotaStore.close();
    return { quotaStore, pass: (ms) => clock.advance(ms), nextDay, [Symbol.asyncDispose]: close };
  });
});

test('answers at once, without a promise', () => {
  const { quotaStore } = setUp();
  expect(quotaStore.take('ann', 1, 1)).toBeUndefined();
  expect(quotaStore.reserve('ann', 1, 1).settle(1)).toBeUndefined();
  expect(() => quotaStore.take('ann', 1000, 1)).toThrow('1 ids a second');
  expect(() => quotaStore.reserve('ann', 1, 1)).toThrow('used up');
});

test('sets no timer', () => {
  const { quotaStore, clock } = setUp();
  for (let each = 0; each < 100; each += 1) {
    quotaStore.charge(`caller ${each}`, 5000, 1);
    quotaStore.reserve(`caller ${each}`, 1, 1);
  }
  expect(clock.pending).toBe(0);
});

test('a refusal names the very millisecond', async () => {
  const { quotaStore, clock } = setUp({ burst: 100 });
  quotaStore.take('ann', 100, 3);
  const refusal = await refusalOf(() => quotaStore.take('ann', 10, 3));
  expect(refusal?.retryAfterMs).toBe(3334);
  await clock.advance(3332);
  expect(await refusalOf(() => quotaStore.take('ann', 10, 3))).toBeDefined();
  await clock.advance(2);
  quotaStore.take('ann', 10, 3);
});

test('a budget is renewed at midnight, as its refusal says', async () => {
  const { quotaStore, clock } = setUp();
  await clock.advance(dayMs - 1234.5);
  quotaStore.reserve('ann', 1, 1);
  const refusal = await refusalOf(() => quotaStore.reserve('ann', 1, 1));
  expect(refusal?.retryAfterMs).toBe(1235);
  await clock.advance(1234);
  expect(await refusalOf(() => quotaStore.reserve('ann', 1, 1))).toBeDefined();
  await clock.advance(1);
  quotaStore.reserve('ann', 1, 1);
});

test('the most that can be owed is paid off in the time of two bursts', async () => {
  const { quotaStore, clock } = setUp({ burst: 100 });
  quotaStore.charge('ann', 1_000_000, 10);
  await clock.advance(19_900);
  expect(await refusalOf(() => quotaStore.take('ann', 100, 10))).toMatchObject({ retryAfterMs: 100 });
  await clock.advance(100);
  quotaStore.take('ann', 100, 10);
});

describe('names', () => {
  const has = (quotaStore: MemoryQuotaStore, name: string) =>
    refusalOf(() => quotaStore.reserve(name, 1, 1)).then((refusal) => refusal !== undefined);

  test('are remembered up to a number; who asked longest ago is forgotten, with bucket and budget', async () => {
    const { quotaStore } = setUp({ maxNames: 2, burst: 1 });
    for (const name of ['ann', 'bob', 'cid']) {
      quotaStore.take(name, 1, 0.001);
      quotaStore.reserve(name, 1, 1).settle(1);
    }
    expect(await has(quotaStore, 'bob')).toBe(true);
    expect(await has(quotaStore, 'cid')).toBe(true);
    expect(await refusalOf(() => quotaStore.take('cid', 1, 0.001))).toBeDefined();
    quotaStore.take('ann', 1, 0.001);
    expect(await has(quotaStore, 'ann')).toBe(false);
  });

  test('with a reservation without an outcome are never forgotten', async () => {
    const { quotaStore } = setUp({ maxNames: 2 });
    const names = Array.from({ length: 50 }, (_each, index) => `caller ${index}`);
    const reservations = names.map((name) => quotaStore.reserve(name, 1, 1));
    for (const name of names) expect(await has(quotaStore, name)).toBe(true);
    // Settled, the last two are remembered like any other.
    for (const each of reservations) each.settle(1);
    const known = await Promise.all(names.toReversed().map((name) => has(quotaStore, name)));
    expect(known.map(Number).slice(0, 3)).toEqual([1, 1, 0]);
  });

  test('that asked yesterday do not keep their place by a reservation of yesterday', async () => {
    const { quotaStore, clock } = setUp({ maxNames: 1 });
    const yesterday = quotaStore.reserve('ann', 1, 1);
    await clock.advance(dayMs);
    quotaStore.reserve('ann', 1, 1).settle(1);
    yesterday.settle(0);
    expect(await has(quotaStore, 'ann')).toBe(true);
    quotaStore.reserve('bob', 1, 1);
    expect(await has(quotaStore, 'ann')).toBe(false);
  });
});

test.each(['burst', 'maxNames'])('refuses a `%s` of nothing', (option) => {
  for (const value of [0, -1, 1.5, Number.NaN, Infinity]) {
    expect(() => setUp({ [option]: value })).toThrow(
      new RangeError(`Expected \`${option}\` to be an integer from 1 up, got ${value}`),
    );
  }
});
