import { DailyUsageByCaller } from '../../../src/traffic/quota/daily-usage.js';
import { ManualClock } from '../../support/manual-clock.js';
import { dayMs } from './quota-store-contract.js';

function setUp(maxNames = 10) {
  const clock = new ManualClock(Date.UTC(2026, 0, 10, 12));
  return { clock, accounts: new DailyUsageByCaller(clock, maxNames) };
}

test('an account is the same until 00:00 UTC, and named by its day', async () => {
  const { clock, accounts } = setUp();
  const account = accounts.of('ann');
  expect(account.day).toBe('2026-01-10');
  await clock.advance(dayMs / 2 - 1);
  expect(accounts.of('ann')).toBe(account);
  await clock.advance(1);
  expect(accounts.of('ann').day).toBe('2026-01-11');
});

describe('a reservation of yesterday', () => {
  test('that is open still does not come before the account of today', async () => {
    const { clock, accounts } = setUp();
    accounts.of('ann').reserve(1, 1);
    await clock.advance(dayMs);
    const today = accounts.of('ann');
    expect(accounts.of('ann')).toBe(today);
  });

  test('that is answered only today does not, either', async () => {
    const { clock, accounts } = setUp();
    const yesterday = accounts.of('ann');
    await clock.advance(dayMs);
    const today = accounts.of('ann');
    const late = yesterday.reserve(1, 1);
    expect(accounts.of('ann')).toBe(today);
    late.settle(1);
    expect(accounts.of('ann')).toBe(today);
    expect([yesterday.usedOrReserved, today.usedOrReserved]).toEqual([1, 0]);
  });
});
