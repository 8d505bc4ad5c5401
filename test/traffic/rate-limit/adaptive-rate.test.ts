import fc from 'fast-check';
import { AdaptiveRate } from '../../../src/traffic/rate-limit/adaptive-rate.js';
import { ManualClock } from '../../support/manual-clock.js';

const windowMs = 1000;
const ratePerSecond = 10;

function setUp() {
  const clock = new ManualClock(0);
  const rate = new AdaptiveRate({ ratePerSecond, windowMs, clock });
  const refuse = () => rate.refused(rate.started());
  /** Calls that Vonage takes, evenly spread over a second. */
  const take = async (calls: number) => {
    for (let call = 0; call < calls; call += 1) {
      rate.started();
      await clock.advance(Math.floor(1000 / calls));
    }
  };
  const perSecond = () => windowMs / rate.spacingMs;
  return { clock, rate, refuse, take, perSecond };
}

test('calls need no spacing while none is refused', async () => {
  const { clock, rate } = setUp();
  await clock.advance(3_600_000);
  expect(rate.spacingMs).toBe(0);
});

test('the first refusal spreads the calls evenly, a little slower than the full rate', () => {
  const { refuse, perSecond } = setUp();
  refuse();
  expect(perSecond()).toBeCloseTo(9);
});

test('a further refusal lowers the rate to the calls that Vonage took in the second before it', async () => {
  const { refuse, take, perSecond } = setUp();
  refuse();
  await take(7);
  refuse();
  expect(perSecond()).toBeCloseTo(7);
});

test('a refusal among calls that Vonage took lowers the rate by a tenth: the call may have been late', async () => {
  const { refuse, take, perSecond } = setUp();
  refuse();
  await take(9);
  refuse();
  expect(perSecond()).toBeCloseTo(8.1);
});

test('further refusals lower the rate: after three of them half of the full rate is left', async () => {
  const { clock, refuse, perSecond } = setUp();
  for (let refusals = 0; refusals < 3; refusals += 1) {
    refuse();
    await clock.advance(1000);
  }
  expect(perSecond()).toBeCloseTo(4.93, 1);
});

test('refusals of calls that started together count once', async () => {
  const { clock, rate, perSecond } = setUp();
  const startsMs = Array.from({ length: 10 }, () => rate.started());
  await clock.advance(500);
  for (const atMs of startsMs) rate.refused(atMs);
  expect(perSecond()).toBeCloseTo(9);
});

test('the pace never falls below a call a second', async () => {
  const { clock, rate, refuse } = setUp();
  for (let refusals = 0; refusals < 50; refusals += 1) {
    await clock.advance(1000);
    refuse();
  }
  expect(rate.spacingMs).toBe(1000);
});

describe('without refusals', () => {
  test('the rate rises after eight seconds, and then every two, each time by twice as much', async () => {
    const { clock, refuse, perSecond } = setUp();
    refuse();
    const rates: number[] = [];
    await clock.advance(7999);
    rates.push(perSecond());
    await clock.advance(1);
    for (let rise = 0; rise < 3; rise += 1) {
      rates.push(perSecond());
      await clock.advance(2000);
    }
    expect(rates.map((each) => Number(each.toFixed(3)))).toEqual([9, 9.5, 10.5, 12.5]);
  });

  test('calls need no spacing any more within half a minute, whether calls are made or not', async () => {
    const { clock, rate, refuse } = setUp();
    for (let refusals = 0; refusals < 10; refusals += 1) {
      refuse();
      await clock.advance(1000);
    }
    await clock.advance(30_000);
    expect(rate.spacingMs).toBe(0);
  });

  test('a later refusal is a first one again', async () => {
    const { clock, refuse, perSecond } = setUp();
    refuse();
    await clock.advance(60_000);
    refuse();
    expect(perSecond()).toBeCloseTo(9);
  });
});

describe('when an increase is refused', () => {
  test('the rate returns to the one that held, and waits longer each time, half a minute at most', async () => {
    const { clock, refuse, perSecond } = setUp();
    refuse();
    const waitsMs: number[] = [];
    for (let increase = 0; increase < 4; increase += 1) {
      const returnedAtMs = clock.now();
      while (perSecond() < 9.1) await clock.advance(100);
      waitsMs.push(clock.now() - returnedAtMs);
      refuse();
      expect(perSecond()).toBeCloseTo(9);
    }
    expect(waitsMs).toEqual([8000, 16_000, 30_000, 30_000]);
  });
});

test('whatever is refused and whenever, the pace stays in its bounds and ends with no spacing', async () => {
  const step = fc.record({ refused: fc.boolean(), startedAgoMs: fc.nat(5000), thenMs: fc.nat(5000) });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const { clock, rate } = setUp();
    for (const { refused, startedAgoMs, thenMs } of steps) {
      if (refused) rate.refused(clock.now() - startedAgoMs);
      expect(rate.spacingMs).toBeGreaterThanOrEqual(0);
      expect(rate.spacingMs).toBeLessThanOrEqual(1000);
      await clock.advance(thenMs);
    }
    await clock.advance(60_000);
    expect(rate.spacingMs).toBe(0);
  });
  await fc.assert(property, { numRuns: 100 });
});
