import { isDeepStrictEqual as isEqual } from 'node:util';
import {
  DistributedRateLimiter,
  type DistributedRateLimiterOptions,
} from '../../../src/traffic/rate-limit/distributed-rate-limiter.js';
import { ManualClock } from '../../support/manual-clock.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const windowMs = 1015;
/** From the last question to Redis until a replica grants by itself: two timeouts, until it is missed, one window. */
const apartMs = 2 * 50 + 2 * (200 + 50) + windowMs;
const unknown = 99;
/** Milliseconds of the real time after which a test gives up. */
const patienceMs = 4000;
/** Replicas that live on a slow machine: none is missed while the others have their turn. */
const patient = { commandTimeoutMs: 1500 };

/** A replica whose own time is turned by hand; that of Redis passes as it does. */
class Replica {
  readonly clock = new ManualClock(0);
  readonly rateLimiter: DistributedRateLimiter;
  readonly usedAtMs: number[] = [];

  constructor(redis: string, options: Partial<DistributedRateLimiterOptions> = {}) {
    const settings = { redis, key: 'budget', ratePerSecond: 10, clock: this.clock, assumedReplicas: unknown };
    this.rateLimiter = new DistributedRateLimiter({ ...settings, ...options });
  }

  use(count: number): void {
    for (let each = 0; each < count; each += 1) {
      void this.rateLimiter.acquire().then(() => {
        this.rateLimiter.started();
        this.usedAtMs.push(this.clock.now());
      });
    }
  }

  /** Takes tokens whose calls do not begin yet. */
  hold(count: number): void {
    for (let each = 0; each < count; each += 1) {
      void this.rateLimiter.acquire().then(() => this.usedAtMs.push(this.clock.now()));
    }
  }

  /** Lets it do what is due now, and hear what Redis says, until something holds. */
  async until(isFresh: () => boolean): Promise<void> {
    for (const giveUpAtMs = performance.now() + patienceMs; !isFresh(); await this.clock.tick()) {
      if (performance.now() > giveUpAtMs)
        throw new Error(`Not yet, but ${this.rateLimiter.phase}: ${isFresh}`);
    }
  }

  /** Lets the time pass in small steps, with an answer to what is asked in each. */
  async live(forMs: number): Promise<void> {
    for (let each = 0; each < forMs; each += 25) {
      await this.clock.advance(25);
      await this.heard();
    }
  }

  /** Lets so much time pass that something holds: on a slow machine, answers are late by a clock that is turned by hand. */
  async liveUntil(isFresh: () => boolean): Promise<void> {
    for (const giveUpAtMs = performance.now() + patienceMs; !isFresh(); await this.live(25)) {
      if (performance.now() > giveUpAtMs)
        throw new Error(`Not yet, but ${this.rateLimiter.phase}: ${isFresh}`);
    }
  }

  /** As long as Redis takes to answer, which no clock of ours can tell. */
  async heard(): Promise<void> {
    for (let each = 0; each < 3; each += 1) {
      await sleep(1);
      await this.clock.tick();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rateLimiter.close();
  }
}

describeWithRedis('a budget of several replicas', () => {
  let redis: TestRedis;
  const replicas: Replica[] = [];
  let tests = 0;
  let key: string;

  beforeAll(async () => {
    redis = await TestRedis.start(program ?? '');
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    // Each test has its own: what was asked of a Redis that hung is answered when it goes on, maybe in the next test.
    tests += 1;
    key = `budget of test ${tests}`;
    // As if a replica had been here a moment ago: a new window would grant nothing at first.
    await redis.client.hset(key, 'at', Date.now() - 1);
  });

  afterEach(async () => {
    redis.thaw();
    for (const replica of replicas.splice(0)) await replica[Symbol.asyncDispose]();
  });

  async function join(options: Partial<DistributedRateLimiterOptions> = {}): Promise<Replica> {
    const replica = new Replica(redis.url, { key, ...options });
    replicas.push(replica);
    await replica.until(() => replica.rateLimiter.replicas !== unknown);
    return replica;
  }

  /** Replicas that have heard of each other and divided the rate. */
  async function joinAll(
    count: number,
    options: Partial<DistributedRateLimiterOptions> = {},
  ): Promise<Replica[]> {
    const { ratePerSecond = 10 } = options;
    const fair = Math.max(1, Math.floor(ratePerSecond / count));
    const shares = replicas.map(() => 0);
    while (shares.length < count) {
      await join(options);
      shares.push(shares.length * fair < ratePerSecond ? fair : 0);
    }
    const areDivided = () =>
      isEqual(replicas.map(({ rateLimiter }) => rateLimiter.share).sort(), [...shares].sort());
    for (const replica of replicas) await replica.live(200);
    while (!areDivided()) {
      for (const replica of replicas) await replica.live(200);
    }
    return replicas;
  }

  test('grants the rate to all together, and no more', async () => {
    const [one, other] = (await joinAll(2, patient)) as [Replica, Replica];
    one.use(7);
    await one.until(() => one.usedAtMs.length === 7);
    other.use(7);
    await other.until(() => other.usedAtMs.length === 3);
    await other.live(200);
    await one.live(200);
    expect([one.usedAtMs.length, other.usedAtMs.length]).toEqual([7, 3]);
  });

  test('serves those who wait at a replica in the order in which they came', async () => {
    const one = await join();
    const served: number[] = [];
    for (let each = 0; each < 10; each += 1) void one.rateLimiter.acquire().then(() => served.push(each));
    await one.until(() => served.length === 10);
    expect(served).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('grants a token that was given back to whoever waits, here or elsewhere', async () => {
    const [one, other] = (await joinAll(2, { ...patient, ratePerSecond: 1 })) as [Replica, Replica];
    one.hold(1);
    await one.until(() => one.usedAtMs.length === 1);
    other.hold(1);
    await other.live(50);
    expect(other.usedAtMs).toEqual([]);
    one.rateLimiter.release();
    await other.live(200);
    expect(other.usedAtMs).toHaveLength(1);
    one.hold(1);
    await one.live(50);
    other.rateLimiter.release();
    await one.live(200);
    expect(one.usedAtMs).toHaveLength(2);
  });

  test('counts a token from the beginning of its call, where that is told', async () => {
    const one = await join({ ratePerSecond: 1 });
    one.hold(1);
    await one.until(() => one.usedAtMs.length === 1);
    await sleep(300);
    one.rateLimiter.started();
    await one.live(200);
    one.hold(1);
    await one.live(25);
    expect(one.rateLimiter.waitMs).toBeGreaterThan(windowMs - 250);
    // There is no other call that could begin.
    one.rateLimiter.started();
    one.rateLimiter.release();
    await one.live(200);
    expect(one.usedAtMs).toHaveLength(1);
  });

  test('grants a replica no more while as many of its calls wait to begin as may in a second', async () => {
    const one = await join(patient);
    one.hold(12);
    await one.until(() => one.usedAtMs.length === 10);
    await sleep(windowMs);
    await one.live(200);
    expect(one.usedAtMs).toHaveLength(10);
    one.rateLimiter.started();
    await one.live(200);
    expect(one.usedAtMs).toHaveLength(11);
  });

  test('tells how long the next tokens will take', async () => {
    const one = await join();
    expect([one.rateLimiter.waitMs, one.rateLimiter.estimateMs(10)]).toEqual([0, 0]);
    expect(one.rateLimiter.estimateMs(11)).toBe(windowMs);
    expect(one.rateLimiter.estimateMs(25)).toBe(2 * windowMs);
    one.use(11);
    await one.until(() => one.usedAtMs.length === 10 && one.rateLimiter.waitMs > 0);
    expect(one.rateLimiter.waitMs).toBeGreaterThan(500);
    expect(one.rateLimiter.waitMs).toBeLessThanOrEqual(windowMs + 51);
  });

  describe('a pause', () => {
    test('holds at every replica', async () => {
      const [one, other] = (await joinAll(2)) as [Replica, Replica];
      one.rateLimiter.pause(60_000);
      await one.live(25);
      for (const each of [one, other]) each.use(1);
      for (const each of [one, other]) await each.live(400);
      expect([one.usedAtMs, other.usedAtMs]).toEqual([[], []]);
      expect(other.rateLimiter.waitMs).toBeGreaterThan(55_000);
    });

    test('that Redis did not hear of is told again', async () => {
      const one = await join();
      one.rateLimiter.pause(60_000);
      await one.live(25);
      await redis.client.hdel(key, 'pausedUntil');
      await one.live(200);
      expect(await redis.client.hexists(key, 'pausedUntil')).toBe(1);
    });

    test('holds back a token that was asked for before it', async () => {
      const one = await join({ ratePerSecond: 1 });
      redis.freeze();
      one.use(1);
      await one.clock.tick();
      one.rateLimiter.pause(5000);
      redis.thaw();
      await one.live(400);
      expect(one.usedAtMs).toEqual([]);
      const fields = await redis.client.hkeys(key);
      expect(fields.filter((name) => name.startsWith('grant:'))).toEqual([]);
    });
  });

  describe('when Redis hangs', () => {
    test('a replica grants nothing until its share is kept free for it, and then no more than that', async () => {
      const [one] = (await joinAll(3)) as [Replica];
      expect([one.rateLimiter.share, one.rateLimiter.replicas]).toEqual([3, 3]);
      redis.freeze();
      const askedAtMs = one.clock.now();
      one.use(10);
      await one.clock.advance(50);
      expect(one.rateLimiter.phase).toBe('cut off');
      await one.clock.advance(apartMs - 51);
      expect(one.usedAtMs).toEqual([]);
      await one.clock.advance(1 + 2 * windowMs);
      const fromMs = askedAtMs + apartMs;
      expect(one.usedAtMs).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2].map((windows) => fromMs + windows * windowMs));
    });

    test('a replica comes back when its last call is a window old, and is not seen before', async () => {
      const one = await join();
      redis.freeze();
      one.use(30);
      await one.clock.advance(50 + apartMs + 300);
      expect(one.usedAtMs).toHaveLength(10);
      // The connection was silent for a second of our time, and is being replaced.
      await sleep(200);
      redis.thaw();
      await one.liveUntil(() => one.rateLimiter.phase === 'rejoining');
      const seen = await seenAt();
      await one.live((one.usedAtMs[9] ?? 0) + windowMs - one.clock.now() - 25);
      expect([one.rateLimiter.phase, await seenAt(), one.usedAtMs.length]).toEqual(['rejoining', seen, 10]);
      await one.clock.advance(25);
      await one.until(() => one.usedAtMs.length === 20);
      expect(one.rateLimiter.phase).toBe('shared');
      expect(await seenAt()).not.toEqual(seen);
    });

    test('for a moment only, nothing is lost', async () => {
      const one = await join();
      redis.freeze();
      one.use(1);
      await one.clock.advance(60);
      expect(one.rateLimiter.phase).toBe('cut off');
      redis.thaw();
      await one.liveUntil(() => one.usedAtMs.length === 1);
      expect(one.rateLimiter.phase).toBe('shared');
    });

    test('a pause holds as well', async () => {
      const one = await join();
      redis.freeze();
      one.use(1);
      await one.clock.advance(50 + apartMs - 200);
      one.rateLimiter.pause(10_000);
      await one.clock.advance(9999);
      expect(one.usedAtMs).toEqual([]);
      await one.clock.advance(200);
      expect(one.usedAtMs).toHaveLength(1);
    });

    test('a token counts from the beginning of its call as well', async () => {
      const one = await join({ ratePerSecond: 1 });
      redis.freeze();
      one.hold(1);
      one.use(1);
      await one.clock.advance(50 + apartMs);
      await one.clock.advance(300);
      const startedAtMs = one.clock.now();
      one.rateLimiter.started();
      await one.clock.advance(2 * windowMs);
      expect(one.usedAtMs[1]).toBe(startedAtMs + windowMs);
    });

    test('a replica does not come back while a call is still to begin that it was granted alone', async () => {
      const one = await join({ ratePerSecond: 1 });
      redis.freeze();
      one.hold(1);
      await one.clock.advance(50 + apartMs);
      expect([one.rateLimiter.phase, one.usedAtMs.length]).toEqual(['alone', 1]);
      redis.thaw();
      await one.until(() => one.rateLimiter.phase === 'rejoining');
      await one.live(2 * windowMs);
      expect(one.rateLimiter.phase).toBe('rejoining');
      one.rateLimiter.started();
      await one.live(windowMs + 200);
      expect(one.rateLimiter.phase).toBe('shared');
    });

    test('a token given back is granted again', async () => {
      const [one] = (await joinAll(3)) as [Replica];
      redis.freeze();
      one.use(2);
      one.hold(2);
      await one.clock.advance(50 + apartMs);
      expect(one.usedAtMs).toHaveLength(3);
      one.rateLimiter.release();
      await one.clock.tick();
      expect(one.usedAtMs).toHaveLength(4);
    });

    test('replicas without a share wait, and say for how long at least', async () => {
      const all = await joinAll(3, { ratePerSecond: 2 });
      redis.freeze();
      for (const each of all) {
        each.use(1);
        await each.clock.advance(50 + apartMs + 5 * windowMs);
      }
      expect(all.map(({ usedAtMs }) => usedAtMs.length).toSorted()).toEqual([0, 1, 1]);
      const without = all.find(({ usedAtMs }) => usedAtMs.length === 0);
      expect(without?.rateLimiter.waitMs).toBeGreaterThan(windowMs);
      expect(without?.rateLimiter.waitMs).toBeLessThan(Infinity);
    });

    async function seenAt(): Promise<Record<string, string>> {
      const fields = Object.entries(await redis.client.hgetall(key));
      return Object.fromEntries(fields.filter(([name]) => name.startsWith('seen:')));
    }
  });

  test('keeps the share of a replica free that is not heard of', async () => {
    const [, other] = (await joinAll(2)) as [Replica, Replica];
    // The time of the first one stands still while that of Redis goes on.
    await sleep(600);
    other.use(10);
    await other.until(() => other.usedAtMs.length === 5);
    await other.live(200);
    expect(other.usedAtMs).toHaveLength(5);
  });

  test('gives the share of a replica that is closed to the others', async () => {
    const [one, other] = (await joinAll(2)) as [Replica, Replica];
    expect([other.rateLimiter.share, other.rateLimiter.replicas]).toEqual([5, 2]);
    await one.rateLimiter.close();
    await other.live(200);
    expect([other.rateLimiter.share, other.rateLimiter.replicas]).toEqual([10, 1]);
  });

  test('uses the connection it is given, and leaves it open', async () => {
    const connection = redis.client.duplicate();
    const one = await join({ redis: connection });
    one.use(1);
    await one.until(() => one.usedAtMs.length === 1);
    await one.rateLimiter.close();
    expect(await connection.ping()).toBe('PONG');
    connection.disconnect();
  });

  test('sets one timer, however many wait', async () => {
    const one = await join({ ratePerSecond: 1 });
    one.use(100);
    await one.until(() => one.usedAtMs.length === 1);
    await one.heard();
    expect(one.clock.pending).toBe(1);
  });
});

describeWithRedis('without a useful Redis, a replica', () => {
  test('that never found one grants by itself what is left of the rate for as many as it was told to assume', async () => {
    await using one = new Replica('/nowhere/redis.sock', { assumedReplicas: 4 });
    one.use(4);
    await one.clock.advance(apartMs - 1);
    expect(one.usedAtMs).toEqual([]);
    await one.clock.advance(1 + windowMs);
    expect(one.usedAtMs).toEqual([apartMs, apartMs, apartMs + windowMs, apartMs + windowMs]);
  });

  test('assumes as many as could be, where it was told nothing', async () => {
    await using one = new Replica('/nowhere/redis.sock', { assumedReplicas: 10 });
    expect(one.rateLimiter.share).toBe(1);
  });

  test.each([
    ['somebody keeps something else under its key', [], 'set'],
    ['Redis is full', ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'], 'ping'],
  ])('grants its share when %s, and comes back when that is mended', async (_why, settings, spoil) => {
    await using redis = await TestRedis.start(program ?? '', ...settings);
    if (spoil === 'set') await redis.client.set('budget', 'text');
    await using one = new Replica(redis.url, { assumedReplicas: 10, noticeMs: 500 });
    one.use(3);
    await one.liveUntil(() => one.rateLimiter.phase === 'alone');
    expect(one.usedAtMs).toHaveLength(1);
    await redis.client.config('SET', 'maxmemory', '0');
    await redis.client.del('budget');
    await one.liveUntil(() => one.rateLimiter.phase === 'shared');
  });
});
