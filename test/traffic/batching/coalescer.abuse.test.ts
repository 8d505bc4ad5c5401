import { Coalescer } from '../../../src/traffic/batching/coalescer.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { ManualClock } from '../../support/manual-clock.js';

const clock = new ManualClock();
const options = {
  clock,
  rateLimiter: new SlidingWindowRateLimiter({ ratePerSecond: 1, clock }),
  send: async () => {},
};

test.each([0, -1, 2.5, Number.NaN])(
  'refuses calls of %p ids, which would spend tokens on nothing',
  (size) => {
    expect(() => new Coalescer({ ...options, maxBatchSize: size })).toThrow(
      new RangeError(`Expected \`maxBatchSize\` to be an integer from 1 up, got ${size}`),
    );
  },
);

test.each([0, -1, Number.NaN])('refuses a queue of %p ids, which would take none or any number', (size) => {
  expect(() => new Coalescer({ ...options, maxWaiting: size })).toThrow(
    new RangeError(`Expected \`maxWaiting\` to be a number from 1 up, got ${size}`),
  );
});
