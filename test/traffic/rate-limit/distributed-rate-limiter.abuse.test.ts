import {
  DistributedRateLimiter,
  type DistributedRateLimiterOptions,
} from '../../../src/traffic/rate-limit/distributed-rate-limiter.js';
import { ManualClock } from '../../support/manual-clock.js';

function setUp(options: Partial<DistributedRateLimiterOptions> = {}) {
  const clock = new ManualClock();
  const nowhere = { redis: '/nowhere/redis.sock', key: 'budget', ratePerSecond: 10, clock };
  const rateLimiter = new DistributedRateLimiter({ ...nowhere, ...options });
  return { clock, rateLimiter, [Symbol.asyncDispose]: () => rateLimiter.close() };
}

test.each([
  ['ratePerSecond', 'an integer from 1 up', [0, -1, 2.5, Number.NaN, Infinity]],
  ['assumedReplicas', 'an integer from 1 up', [0, 1.5]],
  ['arrivalJitterMs', 'a number from 0 up', [-1, Number.NaN, Infinity]],
  ['commandTimeoutMs', 'a number from 1 up', [0, Number.NaN]],
  ['heartbeatMs', 'a number from 1 up', [0, Infinity]],
  ['probeMs', 'a number from 1 up', [0, Number.NaN]],
  ['noticeMs', 'a number from 500 up', [499, Number.NaN]],
  ['forgetAfterMs', 'a number from 5000 up', [4999, Infinity]],
])('refuses a `%s` that is not %s', (option, rule, values) => {
  for (const value of values) {
    expect(() => setUp({ [option]: value })).toThrow(
      new RangeError(`Expected \`${option}\` to be ${rule}, got ${value}`),
    );
  }
});

test('refuses an empty key, under which several API keys would share one budget', () => {
  expect(() => setUp({ key: '' })).toThrow(new RangeError('Expected `key` not to be empty'));
});

test.each([Number.NaN, Infinity])('refuses a pause of %p, which would never end', async (durationMs) => {
  await using subject = setUp();
  expect(() => subject.rateLimiter.pause(durationMs)).toThrow(
    new RangeError(`Expected \`durationMs\` to be a finite number, got ${durationMs}`),
  );
});

test('a token given back that nobody took adds none to the rate', async () => {
  await using subject = setUp({ assumedReplicas: 10 });
  subject.rateLimiter.release();
  subject.rateLimiter.release();
  let granted = 0;
  for (let each = 0; each < 5; each += 1) void subject.rateLimiter.acquire().then(() => (granted += 1));
  await subject.clock.advance(2000);
  expect(granted).toBe(1);
});

test('grants nothing once it is closed, and leaves no timer behind', async () => {
  const { rateLimiter, clock } = setUp();
  let granted = 0;
  void rateLimiter.acquire().then(() => (granted += 1));
  await rateLimiter.close();
  void rateLimiter.acquire().then(() => (granted += 1));
  rateLimiter.pause(1000);
  rateLimiter.release();
  await clock.tick();
  expect(clock.pending).toBe(0);
  await clock.advance(60_000);
  expect(granted).toBe(0);
});

test('can be closed twice', async () => {
  const { rateLimiter } = setUp();
  await rateLimiter.close();
  await rateLimiter.close();
});
