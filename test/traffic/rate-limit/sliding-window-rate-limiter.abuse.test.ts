import { SlidingWindowBudget } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { ManualClock } from '../../support/manual-clock.js';

const clock = new ManualClock();

test.each([0, -1, 2.5, Number.NaN, Infinity])(
  'refuses a rate of %p, which would mean no limit at all',
  (rate) => {
    expect(() => new SlidingWindowBudget({ ratePerSecond: rate, clock })).toThrow(
      new RangeError(`Expected \`ratePerSecond\` to be an integer from 1 up, got ${rate}`),
    );
  },
);

test.each([-1, Number.NaN])(
  'refuses an arrival jitter of %p, which would open the window early',
  (jitter) => {
    expect(() => new SlidingWindowBudget({ ratePerSecond: 1, clock, arrivalJitterMs: jitter })).toThrow(
      new RangeError(`Expected \`arrivalJitterMs\` to be a number from 0 up, got ${jitter}`),
    );
  },
);

test.each([Number.NaN, Infinity])('refuses a pause of %p, which would never end', (durationMs) => {
  const budget = new SlidingWindowBudget({ ratePerSecond: 1, clock });
  expect(() => budget.pause(durationMs)).toThrow(
    new RangeError(`Expected \`durationMs\` to be a finite number, got ${durationMs}`),
  );
});

test('a token given back that nobody took adds none to the rate', async () => {
  const budget = new SlidingWindowBudget({ ratePerSecond: 1, clock });
  budget.giveBack();
  budget.giveBack();
  let granted = 0;
  for (let each = 0; each < 5; each += 1) void budget.take().then(() => (granted += 1));
  await clock.tick();
  expect(granted).toBe(1);
});
