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
