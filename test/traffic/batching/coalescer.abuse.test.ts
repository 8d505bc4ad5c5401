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
  'refuses a batch size of %p, which would use tokens for empty calls',
  (size) => {
    expect(() => new Coalescer({ ...options, maxBatchSize: size })).toThrow(
      new RangeError(`Expected \`maxBatchSize\` to be an integer from 1 up, got ${size}`),
    );
  },
);

test.each([0, -1, 2.5, Infinity, Number.NaN])(
  'refuses a queue limit of %p, which would accept no ids or any number',
  (size) => {
    expect(() => new Coalescer({ ...options, maxWaiting: size })).toThrow(
      new RangeError(`Expected \`maxWaiting\` to be an integer from 1 up, got ${size}`),
    );
  },
);
