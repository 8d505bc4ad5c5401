import {
  MemoryQuotaStore,
  type MemoryQuotaStoreOptions,
} from '../../../src/traffic/quota/memory-quota-store.js';
import { ManualClock } from '../../support/manual-clock.js';
import { dayMs, errorOf, quotaStoreContract } from './quota-store-contract.js';

function setUp(options: Partial<MemoryQuotaStoreOptions> = {}) {
  const clock = new ManualClock();
  return { clock, quotaStore: new MemoryQuotaStore({ clock, ...options }) };
}

describe('like any quota store, it', () => {
  quotaStoreContract(async () => {
    const { clock, quotaStore } = setUp({ burst: 100 });
    const nextDay = () => clock.advance(dayMs);
    const close = () => quotaStore.close();
    return { quotaStore, pass: (ms) => clock.advance(ms), nextDay, [Symbol.asyncDispose]: close };
  });
});

test('returns at once, without a promise', () => {
  const { quotaStore } = setUp();
  expect(quotaStore.take('ann', 1, 1)).toBeUndefined();
  expect(quotaStore.reserve('ann', 1, 1).settle(1)).toBeUndefined();
  expect(() => quotaStore.take('ann', 1000, 1)).toThrow('1 ids per second');
  expect(() => quotaStore.reserve('ann', 1, 1)).toThrow('used up');
});

test('sets no timers', () => {
  const { quotaStore, clock } = setUp();
  for (let each = 0; each < 100; each += 1) {
    quotaStore.charge(`caller ${each}`, 5000, 1);
    quotaStore.reserve(`caller ${each}`, 1, 1);
  }
  expect(clock.pending).toBe(0);
});

test('`retryAfterMs` is exact', async () => {
  const { quotaStore, clock } = setUp({ burst: 100 });
  quotaStore.take('ann', 100, 3);
  const error = await errorOf(() => quotaStore.take('ann', 10, 3));
  expect(error?.retryAfterMs).toBe(3334);
  await clock.advance(3332);
  expect(await errorOf(() => quotaStore.take('ann', 10, 3))).toBeDefined();
  await clock.advance(2);
  quotaStore.take('ann', 10, 3);
});

test('a daily quota is renewed at midnight, after `retryAfterMs`', async () => {
  const { quotaStore, clock } = setUp();
  await clock.advance(dayMs - 1234.5);
  quotaStore.reserve('ann', 1, 1);
  const error = await errorOf(() => quotaStore.reserve('ann', 1, 1));
  expect(error?.retryAfterMs).toBe(1235);
  await clock.advance(1234);
  expect(await errorOf(() => quotaStore.reserve('ann', 1, 1))).toBeDefined();
  await clock.advance(1);
  quotaStore.reserve('ann', 1, 1);
});

test('the maximum debt is refilled in the time of two bursts', async () => {
  const { quotaStore, clock } = setUp({ burst: 100 });
  quotaStore.charge('ann', 1_000_000, 10);
  await clock.advance(19_900);
  expect(await errorOf(() => quotaStore.take('ann', 100, 10))).toMatchObject({ retryAfterMs: 100 });
  await clock.advance(100);
  quotaStore.take('ann', 100, 10);
});

describe('callers', () => {
  const hasUsedAll = (quotaStore: MemoryQuotaStore, name: string) =>
    errorOf(() => quotaStore.reserve(name, 1, 1)).then((error) => error !== undefined);

  test('are limited in number; the least recently used one is dropped with its bucket, but not what it was billed today', async () => {
    const { quotaStore } = setUp({ maxCallers: 2, burst: 1 });
    for (const name of ['ann', 'bob', 'cid']) {
      quotaStore.take(name, 1, 0.001);
      quotaStore.reserve(name, 1, 1).settle(1);
    }
    expect(await hasUsedAll(quotaStore, 'bob')).toBe(true);
    expect(await hasUsedAll(quotaStore, 'cid')).toBe(true);
    expect(await errorOf(() => quotaStore.take('cid', 1, 0.001))).toBeDefined();
    quotaStore.take('ann', 1, 0.001);
    expect(await hasUsedAll(quotaStore, 'ann')).toBe(true);
    expect(quotaStore.stats().dailyUsages).toBe(2);
  });

  test('with an open reservation are never dropped', async () => {
    const { quotaStore } = setUp({ maxCallers: 2 });
    const names = Array.from({ length: 50 }, (_each, index) => `caller ${index}`);
    const reservations = names.map((name) => quotaStore.reserve(name, 1, 1));
    for (const name of names) expect(await hasUsedAll(quotaStore, name)).toBe(true);
    // Once settled, the last two callers are kept like any other.
    for (const each of reservations) each.settle(1);
    expect(quotaStore.stats()).toMatchObject({ dailyUsages: 2, callersWithReservations: 0 });
    for (const name of names) expect(await hasUsedAll(quotaStore, name)).toBe(true);
  });

  test('are not kept for a reservation of yesterday', async () => {
    const { quotaStore, clock } = setUp({ maxCallers: 1 });
    const yesterday = quotaStore.reserve('ann', 1, 1);
    await clock.advance(dayMs);
    quotaStore.reserve('ann', 1, 1).settle(0);
    expect(quotaStore.stats().callersWithReservations).toBe(0);
    yesterday.settle(1);
    expect(await hasUsedAll(quotaStore, 'ann')).toBe(false);
  });
});

test('the stats count buckets, usages and callers with open reservations', () => {
  const { quotaStore } = setUp();
  quotaStore.charge('ann', 1, 1);
  const reservation = quotaStore.reserve('bob', 1, 5);
  quotaStore.reserve('bob', 1, 5).settle(1);
  expect(quotaStore.stats()).toEqual({ buckets: 1, dailyUsages: 1, callersWithReservations: 1 });
  reservation.settle(0);
  expect(quotaStore.stats()).toEqual({ buckets: 1, dailyUsages: 1, callersWithReservations: 0 });
});

test.each(['burst', 'maxCallers'])('refuses a `%s` that is not an integer from 1 up', (option) => {
  for (const value of [0, -1, 1.5, Number.NaN, Infinity]) {
    expect(() => setUp({ [option]: value })).toThrow(
      new RangeError(`Expected \`${option}\` to be an integer from 1 up, got ${value}`),
    );
  }
});
