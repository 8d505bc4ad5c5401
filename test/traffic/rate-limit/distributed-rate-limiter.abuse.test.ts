import type { DistributedRateLimiterOptions } from '../../../src/traffic/rate-limit/distributed-rate-limiter-options.js';
import { DistributedReplica } from '../../support/distributed-replica.js';

const setUp = (options: Partial<DistributedRateLimiterOptions> = {}) =>
  new DistributedReplica('/nowhere/redis.sock', options);

test.each([
  ['ratePerSecond', 'an integer from 1 up', [0, -1, 2.5, Number.NaN, Infinity]],
  ['replicas', 'an integer from 1 up', [0, 1.5, Number.NaN]],
  ['rateMarginMs', 'a finite number from 0 up', [-1, Number.NaN, Infinity]],
  ['commandTimeoutMs', 'a finite number from 1 up', [0, Number.NaN]],
])('refuses a `%s` that is not %s', (option, rule, values) => {
  for (const value of values) {
    expect(() => setUp({ [option]: value })).toThrow(
      new RangeError(`Expected \`${option}\` to be ${rule}, got ${value}`),
    );
  }
});

test.each([Number.NaN, Infinity])('refuses a pause of %p, which would never end', async (durationMs) => {
  await using one = setUp();
  expect(() => one.rateLimiter.pause(durationMs)).toThrow(
    new RangeError(`Expected \`durationMs\` to be a finite number, got ${durationMs}`),
  );
});

test('a release without a token adds none to the rate', async () => {
  await using one = setUp({ ratePerSecond: 1 });
  one.rateLimiter.release();
  one.rateLimiter.release();
  one.hold(5);
  await one.clock.advance(3000);
  expect(one.grantedAtMs).toHaveLength(1);
});

test('grants nothing after it is closed, tells no mode and leaves no timer behind', async () => {
  const one = setUp();
  one.call(1);
  await one.rateLimiter.close();
  one.call(1);
  one.rateLimiter.pause(1000);
  one.rateLimiter.release();
  await one.clock.tick();
  expect(one.clock.pending).toBe(0);
  await one.clock.advance(60_000);
  expect([one.grantedAtMs, one.modes]).toEqual([[], []]);
});

test('can be closed twice', async () => {
  const one = setUp();
  await one.rateLimiter.close();
  await one.rateLimiter.close();
});
