import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { ManualClock } from '../../support/manual-clock.js';

const clock = new ManualClock();

test.each([0, -1, 2.5, Number.NaN, Infinity])(
  'refuses a rate of %p, which would mean no limit at all',
  (rate) => {
    expect(() => new SlidingWindowRateLimiter({ ratePerSecond: rate, clock })).toThrow(
      new RangeError(`Expected \`ratePerSecond\` to be an integer from 1 up, got ${rate}`),
    );
  },
);

test.each([-1, Number.NaN, Infinity])(
  'refuses a margin of %p, which would open the window early or never',
  (marginMs) => {
    expect(() => new SlidingWindowRateLimiter({ ratePerSecond: 1, clock, rateMarginMs: marginMs })).toThrow(
      new RangeError(`Expected \`rateMarginMs\` to be a finite number from 0 up, got ${marginMs}`),
    );
  },
);

test.each([Number.NaN, Infinity])('refuses a pause of %p, which would never end', (durationMs) => {
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
  expect(() => rateLimiter.pause(durationMs)).toThrow(
    new RangeError(`Expected \`durationMs\` to be a finite number, got ${durationMs}`),
  );
});

test('a release without an acquired token adds none to the rate', async () => {
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
  rateLimiter.release();
  rateLimiter.release();
  let granted = 0;
  for (let each = 0; each < 5; each += 1) void rateLimiter.acquire().then(() => (granted += 1));
  await clock.tick();
  expect(granted).toBe(1);
});
