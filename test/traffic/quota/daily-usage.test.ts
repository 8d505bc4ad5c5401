import { DailyUsageByCaller } from '../../../src/traffic/quota/daily-usage.js';
import { ManualClock } from '../../support/manual-clock.js';
import { dayMs } from './quota-store-contract.js';

function setUp(maxCallers = 10) {
  const clock = new ManualClock(Date.UTC(2026, 0, 10, 12));
  return { clock, usages: new DailyUsageByCaller(clock, maxCallers) };
}

test('the usage of a caller lasts until 00:00 UTC, and has the date of its day', async () => {
  const { clock, usages } = setUp();
  const usage = usages.of('ann');
  expect(usage.day).toBe('2026-01-10');
  await clock.advance(dayMs / 2 - 1);
  expect(usages.of('ann')).toBe(usage);
  await clock.advance(1);
  expect(usages.of('ann').day).toBe('2026-01-11');
});

describe('what a caller was billed today', () => {
  test('is not forgotten, however many other callers come', () => {
    const { usages } = setUp(3);
    usages.of('ann').reserve(5, 10).settle(5);
    for (let each = 0; each < 100; each += 1) usages.of(`stranger ${each}`);
    expect(usages.size).toBe(3);
    expect(usages.of('ann').usedOrReserved).toBe(5);
    expect(() => usages.of('ann').reserve(6, 10)).toThrow('The daily quota of 10 records is used up');
  });

  test('adds up over several absences, reservations among them', () => {
    const { usages } = setUp(1);
    for (let time = 0; time < 3; time += 1) {
      const reservation = usages.of('ann').reserve(2, 10);
      usages.of('bob');
      reservation.settle(2);
      usages.of('bob').reserve(1, 10).settle(1);
    }
    expect([usages.of('ann').usedOrReserved, usages.of('bob').usedOrReserved]).toEqual([6, 3]);
  });

  test('is forgotten at 00:00 UTC', async () => {
    const { clock, usages } = setUp(1);
    usages.of('ann').reserve(5, 10).settle(5);
    usages.of('bob').reserve(5, 10).settle(5);
    await clock.advance(dayMs / 2);
    expect([usages.of('ann').usedOrReserved, usages.of('bob').usedOrReserved]).toEqual([0, 0]);
  });
});

describe('a reservation of yesterday', () => {
  test('that is still open does not replace the usage of today', async () => {
    const { clock, usages } = setUp();
    usages.of('ann').reserve(1, 1);
    await clock.advance(dayMs);
    const today = usages.of('ann');
    expect(usages.of('ann')).toBe(today);
  });

  test('that Redis confirms only today does not replace it either', async () => {
    const { clock, usages } = setUp();
    const yesterday = usages.of('ann');
    await clock.advance(dayMs);
    const today = usages.of('ann');
    const late = yesterday.reserve(1, 1);
    expect(usages.of('ann')).toBe(today);
    late.settle(1);
    expect(usages.of('ann')).toBe(today);
    expect([yesterday.usedOrReserved, today.usedOrReserved]).toEqual([1, 0]);
  });
});
