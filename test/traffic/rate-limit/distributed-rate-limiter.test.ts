import fc from 'fast-check';
import type { Redis } from 'ioredis';
import type { DistributedRateLimiterOptions } from '../../../src/traffic/rate-limit/distributed-rate-limiter-options.js';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { DistributedReplica } from '../../support/distributed-replica.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';
import { until } from '../../support/until.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

type Options = Partial<DistributedRateLimiterOptions>;

const windowMs = 1015;
/** For a replica whose Redis always answers, on a slow machine only later than its own time passes. */
const patient: Options = { commandTimeoutMs: 60_000 };
/** For a replica whose Redis stops to answer. */
const impatient: Options = { commandTimeoutMs: 200 };
/** Milliseconds of its own time within which it is in `local` mode then: a heartbeat, two timeouts and some more. */
const fallbackMs = 1000;
const nowhere = '/nowhere/redis.sock';

describeWithRedis('replicas that share a Redis', () => {
  let redis: TestRedis;
  const replicas: DistributedReplica[] = [];
  let tests = 0;
  let key: string;

  beforeAll(async () => {
    redis = await TestRedis.start(program ?? '');
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    // A Redis that was frozen may execute a command of the last test later.
    tests += 1;
    key = `rate of test ${tests}`;
  });

  afterEach(async () => {
    redis.thaw();
    for (const replica of replicas.splice(0)) await replica[Symbol.asyncDispose]();
  });

  /** A replica that Redis can grant a token. */
  async function join(options: Options = {}): Promise<DistributedReplica> {
    // As if a replica was here a moment ago: a new window grants nothing at first.
    await redis.client.hset(key, { at: Date.now(), opensAt: 0 });
    const replica = new DistributedReplica(redis.url, { key: () => key, ...options });
    replicas.push(replica);
    replica.hold(1);
    await replica.liveUntil(() => replica.grantedAtMs.length === 1);
    replica.grantedAtMs.pop();
    replica.rateLimiter.release();
    await replica.live(50);
    return replica;
  }

  async function joinAll(count: number, options: Options = patient): Promise<DistributedReplica[]> {
    for (let each = 0; each < count; each += 1) await join(options);
    for (const each of replicas) await each.liveUntil(() => each.rateLimiter.stats().replicas === count);
    return replicas;
  }

  test('grant the rate together, and no more', async () => {
    const [one, other] = (await joinAll(2)) as [DistributedReplica, DistributedReplica];
    one.call(7);
    await one.until(() => one.grantedAtMs.length === 7);
    await one.live(25);
    other.call(7);
    await other.until(() => other.grantedAtMs.length === 3);
    await other.live(100);
    await one.live(100);
    expect([one.grantedAtMs.length, other.grantedAtMs.length]).toEqual([7, 3]);
  });

  test('serve their callers in the order in which they came', async () => {
    const one = await join(patient);
    const served: number[] = [];
    for (let each = 0; each < 10; each += 1) void one.rateLimiter.acquire().then(() => served.push(each));
    await one.until(() => served.length === 10);
    expect(served).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('grant a released token to the next caller, here or at another replica', async () => {
    const [one, other] = (await joinAll(2, { ...patient, ratePerSecond: 1 })) as [
      DistributedReplica,
      DistributedReplica,
    ];
    one.hold(2);
    await one.until(() => one.grantedAtMs.length === 1);
    other.hold(1);
    await other.live(300);
    expect(other.grantedAtMs).toEqual([]);
    one.rateLimiter.release();
    await one.liveUntil(() => one.grantedAtMs.length === 2);
    one.rateLimiter.release();
    await one.live(50);
    await other.liveUntil(() => other.grantedAtMs.length === 1);
  });

  test('count a token from the start of its call', async () => {
    const one = await join({ ...patient, ratePerSecond: 1 });
    one.hold(1);
    await one.until(() => one.grantedAtMs.length === 1);
    await one.live(2000);
    const startedAtMs = one.clock.now();
    one.rateLimiter.started();
    one.hold(1);
    await one.liveUntil(() => one.grantedAtMs.length === 2);
    expect(one.grantedAtMs[1]).toBeGreaterThanOrEqual(startedAtMs + windowMs);
  });

  test('count a token for a little less when a fast response proves that its call has arrived', async () => {
    const one = await join({ ...patient, ratePerSecond: 1 });
    one.hold(1);
    await one.until(() => one.grantedAtMs.length === 1);
    const call = one.rateLimiter.started();
    await one.clock.advance(3);
    call.responded();
    expect(one.rateLimiter.estimateMs(1)).toBeLessThanOrEqual(windowMs);
    one.hold(1);
    await one.liveUntil(() => one.grantedAtMs.length === 2);
    expect((one.grantedAtMs[1] ?? 0) - (one.grantedAtMs[0] ?? 0)).toBeGreaterThanOrEqual(1004);
  });

  test('tell each other when a late response shows that a call may have arrived late', async () => {
    const one = await join({ ...patient, ratePerSecond: 1 });
    one.hold(1);
    await one.until(() => one.grantedAtMs.length === 1);
    const call = one.rateLimiter.started();
    await one.live(900);
    call.responded();
    const longestFreesInMs = async () => {
      const texts = Object.values(await redis.client.hgetall(key)).filter((text) => text.includes(' '));
      // A replica writes until when it counts, five seconds from then, and when its tokens free.
      return Math.max(
        ...texts.map((text) => {
          const [expiresAtMs = 0, , , , , freesAtMs = 0] = text.split(' ').map(Number);
          return freesAtMs - (expiresAtMs - 5000);
        }),
      );
    };
    await until(async () => {
      await one.clock.tick();
      return (await longestFreesInMs()) > 1000;
    });
    expect(await longestFreesInMs()).toBeLessThanOrEqual(1003);
  });

  test('grant no more while as many calls wait for their start as may start in a second', async () => {
    const one = await join(patient);
    one.hold(12);
    await one.live(3 * windowMs);
    expect(one.grantedAtMs).toHaveLength(10);
    one.rateLimiter.started();
    await one.live(windowMs - 100);
    expect(one.grantedAtMs).toHaveLength(10);
    await one.liveUntil(() => one.grantedAtMs.length === 11);
  });

  test('estimate how long the next tokens take', async () => {
    const one = await join(patient);
    const estimates = () => [1, 10, 11, 25].map((tokens) => one.rateLimiter.estimateMs(tokens));
    expect(estimates()).toEqual([0, 0, windowMs, 2 * windowMs]);
    one.call(10);
    await one.until(() => one.grantedAtMs.length === 10);
    expect(estimates()).toEqual([windowMs, windowMs, 2 * windowMs, 3 * windowMs]);
  });

  test('know each other, and forget a replica that closes', async () => {
    const [one, other] = (await joinAll(2)) as [DistributedReplica, DistributedReplica];
    expect(one.rateLimiter.stats()).toEqual({
      ...{ mode: 'shared', replicas: 2, localRatePerSecond: 5, redisFailures: expect.any(Number) },
      ...{ waiting: 0, held: 0, inWindow: 0, pausedForMs: 0, spacingMs: 0, acquired: 1, lost: 0 },
    });
    await other.rateLimiter.close();
    await one.liveUntil(() => one.rateLimiter.stats().replicas === 1);
    expect(one.rateLimiter.stats().localRatePerSecond).toBe(10);
  });

  test('believe the operator about their number', async () => {
    const one = await join({ ...patient, replicas: 4 });
    expect(one.rateLimiter.stats()).toMatchObject({ replicas: 4, localRatePerSecond: 2 });
  });

  test('set one timer, however many callers wait', async () => {
    const one = await join({ ...patient, ratePerSecond: 1 });
    one.call(100);
    await one.until(() => one.grantedAtMs.length === 1);
    await one.live(25);
    expect(one.clock.pending).toBe(1);
  });

  test('use the connection that they are given, and leave it open', async () => {
    const connection = redis.client.duplicate();
    const one = new DistributedReplica(connection, { ...patient, key: () => key });
    one.call(1);
    await one.liveUntil(() => one.grantedAtMs.length === 1);
    await one.rateLimiter.close();
    expect(await connection.ping()).toBe('PONG');
    connection.disconnect();
  });

  test.each([
    ['text', (client: Redis) => client.set(key, 'text')],
    ['a list', (client: Redis) => client.del(key).then(() => client.rpush(key, 'text'))],
    [
      'a pause without an end',
      (client: Redis) => client.hset(key, { x: '0 9e15', opensAt: 9e15, at: 'nan' }),
    ],
  ])('grant tokens again soon after the window was replaced by %s', async (_what, write) => {
    const one = await join(patient);
    await write(redis.client);
    one.call(1);
    await one.liveUntil(() => one.grantedAtMs.length === 1);
    expect(one.modes).toEqual([]);
  });

  describe('a pause', () => {
    test('holds at every replica', async () => {
      const [one, other] = (await joinAll(2)) as [DistributedReplica, DistributedReplica];
      one.rateLimiter.pause(60_000);
      await one.live(25);
      for (const each of [one, other]) each.call(1);
      for (const each of [one, other]) await each.live(400);
      expect([one.grantedAtMs, other.grantedAtMs]).toEqual([[], []]);
      expect(other.rateLimiter.estimateMs(1)).toBeGreaterThan(50_000);
    });

    test('is reported again when Redis lost it', async () => {
      const one = await join(patient);
      one.rateLimiter.pause(600_000);
      await one.live(25);
      await redis.client.del(key);
      await one.live(300);
      expect(await redis.client.pttl(key)).toBeGreaterThan(200_000);
    });

    test('keeps back a token that was requested before it, and frees it', async () => {
      const one = await join({ ...patient, ratePerSecond: 1 });
      redis.freeze();
      one.call(1);
      await one.clock.tick();
      one.rateLimiter.pause(5000);
      redis.thaw();
      await one.live(1000);
      expect(one.grantedAtMs).toEqual([]);
      await one.liveUntil(() => one.grantedAtMs.length === 1);
      expect(one.grantedAtMs[0]).toBeGreaterThanOrEqual(5000);
    });

    test('that is over changes nothing', async () => {
      const one = await join(patient);
      one.rateLimiter.pause(-5);
      one.rateLimiter.pause(0);
      one.call(1);
      await one.until(() => one.grantedAtMs.length === 1);
    });
  });

  describe('when Redis stops to answer', () => {
    test('serve waiting callers in order, each with its part of the rate', async () => {
      const [one] = (await joinAll(3, impatient)) as [DistributedReplica];
      redis.freeze();
      const served: number[] = [];
      const acquire = (each: number) =>
        void one.rateLimiter.acquire().then(() => {
          one.rateLimiter.started();
          one.grantedAtMs.push(one.clock.now());
          served.push(each);
        });
      for (let each = 0; each < 9; each += 1) acquire(each);
      await one.clock.advance(fallbackMs);
      expect(one.rateLimiter.stats()).toMatchObject({
        mode: 'local',
        replicas: 3,
        localRatePerSecond: 3,
        waiting: 6,
      });
      await one.clock.advance(2 * windowMs);
      expect(served).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      assertWithinRate(one.grantedAtMs, 3, windowMs);
    });

    test('tell it once with what follows, and once when it answers again', async () => {
      const one = await join(impatient);
      redis.freeze();
      await one.clock.advance(20_000);
      redis.thaw();
      await one.liveUntil(() => one.rateLimiter.stats().mode === 'shared');
      await one.live(1000);
      expect(one.details).toEqual([
        expect.objectContaining({
          ...{ mode: 'local', replicas: 1, localRatePerSecond: 10, wasRedisReached: true },
          reason: expect.stringMatching(/Redis|connection/i),
        }),
        expect.objectContaining({ mode: 'shared', wasRedisReached: true, reason: undefined }),
      ]);
      expect(one.modes).toEqual(['local', 'shared']);
    });

    test('for a moment, stay as they are and lose nothing', async () => {
      const one = await join(impatient);
      redis.freeze();
      one.call(1);
      await one.clock.advance(250);
      redis.thaw();
      await one.liveUntil(() => one.grantedAtMs.length === 1);
      expect(one.modes).toEqual([]);
      expect(one.rateLimiter.stats().redisFailures).toBeGreaterThan(0);
    });

    test('count the calls that they made before', async () => {
      const one = await join(impatient);
      one.call(10);
      await one.until(() => one.grantedAtMs.length === 10);
      redis.freeze();
      one.call(10);
      await one.clock.advance(fallbackMs);
      expect(one.rateLimiter.stats().mode).toBe('local');
      await one.clock.advance(2 * windowMs);
      expect(one.grantedAtMs).toHaveLength(20);
      assertWithinRate(one.grantedAtMs, 10, windowMs);
    });

    test('count the held tokens of both modes', async () => {
      const one = await join({ ...impatient, ratePerSecond: 2 });
      one.hold(1);
      await one.until(() => one.grantedAtMs.length === 1);
      redis.freeze();
      one.hold(2);
      await one.clock.advance(fallbackMs + 3 * windowMs);
      expect(one.grantedAtMs).toHaveLength(2);
      one.rateLimiter.release();
      await one.clock.tick();
      expect(one.grantedAtMs).toHaveLength(3);
      redis.thaw();
      one.hold(1);
      await one.liveUntil(() => one.rateLimiter.stats().mode === 'shared');
      await one.live(2 * windowMs);
      expect(one.grantedAtMs).toHaveLength(3);
      one.rateLimiter.started();
      await one.liveUntil(() => one.grantedAtMs.length === 4);
    });

    test('keep to a pause', async () => {
      const one = await join(impatient);
      one.rateLimiter.pause(10_000);
      const pausedAtMs = one.clock.now();
      redis.freeze();
      one.call(1);
      await one.clock.advance(9999);
      expect(one.grantedAtMs).toEqual([]);
      await one.clock.advance(1);
      expect(one.grantedAtMs).toEqual([pausedAtMs + 10_000]);
    });

    test('tell each other afterwards which calls they made alone', async () => {
      const [one, other] = (await joinAll(2, impatient)) as [DistributedReplica, DistributedReplica];
      redis.freeze();
      one.call(5);
      await one.clock.advance(fallbackMs);
      expect(one.grantedAtMs).toHaveLength(5);
      redis.thaw();
      await one.liveUntil(() => one.rateLimiter.stats().mode === 'shared');
      other.call(10);
      await other.liveUntil(
        () => other.grantedAtMs.length > 0 && other.rateLimiter.stats().mode === 'shared',
      );
      expect(other.grantedAtMs.length).toBeLessThanOrEqual(5);
    });
  });

  test('never exceed the rate nor lose or reorder a caller, however often Redis comes and goes', async () => {
    const act = fc.constantFrom('call', 'freeze', 'thaw', 'empty');
    const step = fc.record({
      act,
      count: fc.integer({ min: 1, max: 12 }),
      thenMs: fc.integer({ min: 0, max: 900 }),
    });
    const holds = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const ownKey = `${key} ${Math.random()}`;
      await using one = new DistributedReplica(redis.url, { ...impatient, key: () => ownKey });
      const served: number[] = [];
      let asked = 0;
      const acts = {
        call: (count: number) => {
          for (let each = 0; each < count; each += 1, asked += 1) {
            const number = asked;
            void one.rateLimiter.acquire().then(() => {
              one.rateLimiter.started();
              one.grantedAtMs.push(one.clock.now());
              served.push(number);
            });
          }
        },
        freeze: () => redis.freeze(),
        thaw: () => redis.thaw(),
        empty: () => void redis.client.flushall().catch(() => undefined),
      };
      for (const { act, count, thenMs } of steps) {
        acts[act](count);
        await one.live(thenMs);
      }
      redis.thaw();
      await one.liveUntil(() => served.length === asked);
      expect(served).toEqual(Array.from({ length: asked }, (_, index) => index));
      assertWithinRate(one.grantedAtMs, 10, windowMs);
      for (const [index, mode] of one.modes.entries())
        expect(mode).toBe(index % 2 === 0 ? 'local' : 'shared');
    });
    await fc.assert(holds, { numRuns: 12 });
  });
});

describeWithRedis('a Redis of its own', () => {
  test('that is killed and restarted empty is used again, without a burst on top of the calls of the last second', async () => {
    await using redis = await TestRedis.start(program ?? '');
    await using one = new DistributedReplica(redis.url, impatient);
    one.call(10);
    await one.liveUntil(() => one.grantedAtMs.length === 10);
    await redis.kill();
    one.call(30);
    await one.liveUntil(() => one.rateLimiter.stats().mode === 'local');
    await redis.start();
    await one.liveUntil(() => one.grantedAtMs.length === 40 && one.rateLimiter.stats().mode === 'shared');
    expect(one.modes).toEqual(['local', 'shared']);
    assertWithinRate(one.grantedAtMs, 10, windowMs);
  });

  test('that refuses the password is not used until it accepts it', async () => {
    await using redis = await TestRedis.start(program ?? '');
    await redis.client.config('SET', 'requirepass', 'right');
    await using one = new DistributedReplica(`${redis.url}?password=other`, impatient);
    one.call(1);
    await one.liveUntil(() => one.grantedAtMs.length === 1);
    expect(one.details).toEqual([
      expect.objectContaining({
        mode: 'local',
        wasRedisReached: false,
        reason: expect.stringContaining('WRONGPASS'),
      }),
    ]);
    await redis.client.config('SET', 'requirepass', 'other');
    await one.liveUntil(() => one.rateLimiter.stats().mode === 'shared');
    expect(one.modes).toEqual(['local', 'shared']);
  });

  test('that is full is not used until there is room', async () => {
    await using redis = await TestRedis.startLimited(program ?? '', '1');
    await using one = new DistributedReplica(redis.url, impatient);
    one.call(3);
    await one.liveUntil(() => one.grantedAtMs.length === 3);
    expect(one.details).toEqual([
      expect.objectContaining({ mode: 'local', reason: expect.stringContaining('OOM') }),
    ]);
    await redis.client.config('SET', 'maxmemory', '0');
    await one.liveUntil(() => one.rateLimiter.stats().mode === 'shared');
  });
});

describe('a replica that never reached Redis', () => {
  test('uses the whole rate, and says that it assumes to be the only one', async () => {
    await using one = new DistributedReplica(nowhere);
    one.call(20);
    await one.live(1500);
    expect(one.details).toEqual([
      expect.objectContaining({
        ...{ mode: 'local', replicas: 1, localRatePerSecond: 10, wasRedisReached: false },
        reason: expect.stringContaining(nowhere),
      }),
    ]);
    await one.clock.advance(windowMs);
    expect(one.grantedAtMs).toHaveLength(20);
    assertWithinRate(one.grantedAtMs, 10, windowMs);
  });

  test.each([
    [4, 2],
    [10, 1],
    [25, 1],
  ])('of %i replicas by the operator uses %i calls a second', async (replicas, perSecond) => {
    await using one = new DistributedReplica(nowhere, { replicas });
    one.call(2 * perSecond);
    await one.clock.advance(1500);
    expect(one.grantedAtMs).toHaveLength(perSecond);
    await one.clock.advance(windowMs);
    expect(one.grantedAtMs).toHaveLength(2 * perSecond);
  });

  test('never starts more calls than its part in any sliding second, and serves every caller', async () => {
    const call = fc.record({
      waitMs: fc.nat(400),
      startMs: fc.oneof(fc.constant(0), fc.nat(3000)),
      isUsed: fc.boolean(),
    });
    const parts = fc.integer({ min: 1, max: 12 });
    const holds = fc.asyncProperty(parts, fc.array(call, { maxLength: 60 }), async (ratePerSecond, calls) => {
      await using one = new DistributedReplica(nowhere, { ratePerSecond });
      const startedAtMs: number[] = [];
      let served = 0;
      for (const { waitMs, startMs, isUsed } of calls) {
        await one.clock.advance(waitMs);
        void one.rateLimiter.acquire().then(() => {
          served += 1;
          one.clock.setTimer(startMs, () => {
            if (!isUsed) return one.rateLimiter.release();
            one.rateLimiter.started();
            startedAtMs.push(one.clock.now());
          });
        });
      }
      await one.clock.advance(5000 * (calls.length + 1));
      expect(served).toBe(calls.length);
      assertWithinRate(startedAtMs, ratePerSecond, windowMs);
    });
    await fc.assert(holds, { numRuns: 50 });
  });
});
