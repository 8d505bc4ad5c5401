import fc from 'fast-check';
import { monotonicClock } from '../../../src/clock.js';
import {
  RedisRateWindow,
  type RedisRateWindowOptions,
  type ReplicaState,
} from '../../../src/traffic/rate-limit/redis-rate-window.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const windowMs = 1015;
const nothing: ReplicaState = { held: 0, freesInMs: [], pauseMs: 0, spacingMs: 0 };
const started = (...freesInMs: number[]): ReplicaState => ({ ...nothing, freesInMs });
const held = (count: number): ReplicaState => ({ ...nothing, held: count });

describeWithRedis('the window that replicas share', () => {
  let redis: TestRedis;
  const windows: RedisRateWindow[] = [];

  beforeAll(async () => {
    redis = await TestRedis.start(program ?? '');
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await redis.client.flushall();
  });

  afterEach(async () => {
    redis.thaw();
    for (const window of windows.splice(0)) await window.close([]);
  });

  /** A replica of its own. */
  async function join(options: Partial<RedisRateWindowOptions> = {}): Promise<RedisRateWindow> {
    const settings = { redis: redis.url, key: () => 'window', ratePerSecond: 10, clock: monotonicClock };
    const window = new RedisRateWindow({ ...settings, windowMs, commandTimeoutMs: 10_000, ...options });
    windows.push(window);
    while (!(await window.exchange(nothing, 0).catch(() => undefined))) await sleep(1);
    return window;
  }

  /** As if a replica was here a moment ago, so that the window is not new. */
  async function open(): Promise<void> {
    await redis.client.hset('window', { at: Date.now(), opensAt: 0 });
  }

  async function joinOpen(options: Partial<RedisRateWindowOptions> = {}): Promise<RedisRateWindow> {
    const window = await join(options);
    while ((await window.exchange(nothing, 0)).waitMs > 0) await open();
    return window;
  }

  async function grantedTo(window: RedisRateWindow, state: ReplicaState, wanted: number): Promise<number> {
    return (await window.exchange(state, wanted)).granted;
  }

  test('grants the rate to all replicas together, and no more', async () => {
    const [one, other] = [await joinOpen(), await joinOpen()];
    expect(await grantedTo(one, nothing, 7)).toBe(7);
    expect(await grantedTo(other, nothing, 7)).toBe(3);
    expect(await grantedTo(one, held(7), 7)).toBe(0);
  });

  test('holds a granted token until its call starts, and frees it one window later', async () => {
    const [one, other] = [await joinOpen({ ratePerSecond: 1 }), await joinOpen({ ratePerSecond: 1 })];
    await one.exchange(nothing, 1);
    expect(await other.exchange(nothing, 1)).toMatchObject({ granted: 0, waitMs: windowMs });
    await one.exchange(started(40), 0);
    const { granted, waitMs } = await other.exchange(nothing, 1);
    expect(granted).toBe(0);
    expect(waitMs).toBeLessThanOrEqual(41);
    await sleep(50);
    expect(await grantedTo(other, nothing, 1)).toBe(1);
  });

  test('frees a token that its replica does not tell again, because it was released or its grant was lost', async () => {
    const [one, other] = [await joinOpen(), await joinOpen()];
    await one.exchange(nothing, 10);
    await one.exchange(held(6), 0);
    expect(await grantedTo(other, nothing, 10)).toBe(4);
  });

  test('does not grant twice when a replica repeats a request whose reply was lost', async () => {
    const [one, other] = [await joinOpen(), await joinOpen()];
    await one.exchange(nothing, 6);
    expect(await grantedTo(one, nothing, 6)).toBe(6);
    expect(await grantedTo(other, nothing, 10)).toBe(4);
  });

  test('gives every replica its part while the callers of all of them wait', async () => {
    const replicas = [await joinOpen(), await joinOpen(), await joinOpen()] as const;
    for (const each of replicas) await each.exchange({ ...nothing, pauseMs: 0, held: 10 }, 5);
    const granted: number[] = [];
    for (const each of replicas) granted.push(await grantedTo(each, nothing, 5));
    expect(granted).toEqual([0, 0, 4]);
    expect(await grantedTo(replicas[0], nothing, 5)).toBe(4);
    expect(await grantedTo(replicas[1], nothing, 5)).toBe(2);
  });

  test('lets a replica expect what the others do not use, or its part', async () => {
    const [one, other] = [await joinOpen(), await joinOpen()];
    expect((await one.exchange(held(3), 0)).perWindow).toBe(10);
    expect((await other.exchange(nothing, 0)).perWindow).toBe(7);
    await one.exchange(held(10), 5);
    expect((await other.exchange(nothing, 0)).perWindow).toBe(5);
  });

  test('counts the replicas that run', async () => {
    const [one, other] = [await join(), await join()];
    expect((await one.exchange(nothing, 0)).replicas).toBe(2);
    await other.close([]);
    expect((await one.exchange(nothing, 0)).replicas).toBe(1);
  });

  test('keeps the tokens of started calls when their replica leaves, and frees the others', async () => {
    const [one, other] = [await joinOpen(), await joinOpen()];
    await one.exchange({ ...started(900, 900), held: 5 }, 0);
    await one.close([900, 900]);
    expect(await grantedTo(other, nothing, 10)).toBe(8);
  });

  test('frees the held tokens of a replica that ended without notice', async () => {
    const window = await joinOpen();
    const ended = `${Date.now() - 1} 0 5 7 0 ${Date.now() + 900}`;
    await redis.client.hset('window', 'ended', ended);
    expect(await window.exchange(nothing, 10)).toMatchObject({ granted: 9, replicas: 1 });
    expect(await redis.client.hget('window', 'ended')).toBe(ended);
  });

  test('keeps the tokens of a killed replica for one window after its last call could start, and no longer', async () => {
    const window = await joinOpen();
    const killed = (silentForMs: number) => `${Date.now() - silentForMs + 5000} 0 3 10`;
    await redis.client.hset('window', 'killed', killed(100));
    expect(await grantedTo(window, nothing, 10)).toBe(0);
    await redis.client.hset('window', 'killed', killed(1520));
    expect(await window.exchange(nothing, 10)).toMatchObject({ granted: 10, replicas: 2 });
  });

  describe('spacing', () => {
    test('grants one token at a time to all replicas, as far apart as the most careful one asks', async () => {
      const [one, other] = [await joinOpen(), await joinOpen()];
      await one.exchange({ ...nothing, spacingMs: 900 }, 0);
      expect(await grantedTo(other, nothing, 10)).toBe(1);
      // A millisecond has to pass first, which two exchanges with Redis need not take.
      let next = await one.exchange({ ...nothing, spacingMs: 1 }, 10);
      while (next.granted === 0) next = await one.exchange({ ...nothing, spacingMs: 1 }, 10);
      expect(next.granted).toBe(1);
      expect(next.waitMs).toBeGreaterThan(0);
    });

    test('counts from the last token, whichever replica it was for', async () => {
      const [one, other] = [await joinOpen(), await joinOpen()];
      await one.exchange({ ...nothing, spacingMs: 1000 }, 1);
      const { granted, waitMs } = await other.exchange(nothing, 5);
      expect(granted).toBe(0);
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(1000);
    });

    test('ends with the replica that asked for it', async () => {
      const [one, other] = [await joinOpen(), await joinOpen()];
      await one.exchange({ ...nothing, spacingMs: 1000 }, 1);
      await one.close([]);
      expect(await grantedTo(other, nothing, 9)).toBe(9);
    });
  });

  describe('a pause', () => {
    test('holds at every replica until the longest one is over', async () => {
      const [one, other, third] = [await joinOpen(), await joinOpen(), await joinOpen()];
      await one.exchange({ ...nothing, pauseMs: 60_000 }, 0);
      await other.exchange({ ...nothing, pauseMs: 1 }, 0);
      const { granted, waitMs } = await third.exchange(nothing, 1);
      expect(granted).toBe(0);
      expect(waitMs).toBeGreaterThan(55_000);
      expect(waitMs).toBeLessThanOrEqual(60_000);
      await one.exchange(nothing, 0);
      await sleep(5);
      expect(await grantedTo(third, nothing, 1)).toBe(1);
    });

    test('outlives the replica that requested it, and the expiry of the window', async () => {
      const [one, other] = [await joinOpen(), await joinOpen()];
      await one.exchange({ ...nothing, pauseMs: 60_000 }, 0);
      expect(await redis.client.pttl('window')).toBeGreaterThan(55_000);
      const fields = Object.entries(await redis.client.hgetall('window'));
      const [name = '', text = ''] =
        fields.find(([, each]) => each.split(' ')[1] !== each.split(' ')[0]) ?? [];
      expect(text).not.toBe('');
      await redis.client.hset('window', name, text.replace(/^\d+/, '0'));
      expect((await other.exchange(nothing, 1)).granted).toBe(0);
    });
  });

  describe('that is new', () => {
    test('grants nothing until every replica has reported its calls', async () => {
      const [one, other] = [await join(), await join()];
      await redis.client.flushall();
      const { granted, waitMs } = await one.exchange(started(900, 900, 900), 10);
      expect(granted).toBe(0);
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(500);
      await other.exchange(started(2000, 2000), 0);
      while ((await one.exchange(started(2000, 2000, 2000), 0)).waitMs > 0) await sleep(5);
      expect(await grantedTo(one, started(2000, 2000, 2000), 10)).toBe(5);
    });

    test.each([
      [
        'no replica was here for more than a second, and one may be cut off',
        () => ({ at: Date.now() - 1500, other: `${Date.now() + 3500} 0 0 0` }),
      ],
      ["the server's time went back", () => ({ at: Date.now() + 60_000 })],
    ])('is what it becomes when %s', async (_what, fields) => {
      const window = await joinOpen();
      await redis.client.hset('window', fields());
      expect((await window.exchange(nothing, 10)).granted).toBe(0);
    });

    test('grants at once where all others have left, but for the tokens of their last calls', async () => {
      const window = await join();
      await redis.client.hset('window', {
        ...{ at: Date.now() - 1500, opensAt: 0 },
        left: `0 0 0 0 0 ${Date.now() + 600} ${Date.now() + 600}`,
      });
      expect((await window.exchange(nothing, 10)).granted).toBe(8);
    });

    test('grants within half a second after another replica was killed, and never above the rate', async () => {
      const killedAtMs = Date.now() - 1600;
      await redis.client.hset('window', {
        ...{ at: killedAtMs, opensAt: 0 },
        killed: `${killedAtMs + 5000} 0 20 6 0 ${killedAtMs + 900}`,
      });
      const window = await join();
      const { granted, waitMs } = await window.exchange(nothing, 10);
      expect(granted).toBe(0);
      expect(waitMs).toBeLessThanOrEqual(500);
      while ((await window.exchange(nothing, 0)).waitMs > 0) await sleep(5);
      expect(await grantedTo(window, nothing, 20)).toBe(10);
    });

    test('does not outlive its replicas for long', async () => {
      await join();
      expect(await redis.client.pttl('window')).toBeGreaterThan(0);
      expect(await redis.client.pttl('window')).toBeLessThanOrEqual(5000);
    });
  });

  describe('with foreign data', () => {
    const soon = () => Date.now() + 2000;

    test.each<[string, () => Record<string, string | number>]>([
      ['a pause without an end', () => ({ x: '0 9000000000000000' })],
      ['a pause that is no number', () => ({ x: '0 nan' })],
      ['a replica that never expires', () => ({ x: '9000000000000000 0 5 10' })],
      ['a replica that is no number', () => ({ x: 'nan inf -inf nan nan' })],
      ['tokens that never free', () => ({ x: `0 0 0 0 0${' 9000000000000000'.repeat(20)}` })],
      ['tokens that free at no time', () => ({ x: `0 0 0 0 0${' nan'.repeat(20)}${' inf'.repeat(20)}` })],
      ['a pace that is too slow', () => ({ x: `${Date.now() - 1} 0 0 0 9000000000000000` })],
      ['text', () => ({ x: 'text', '': 'more text', y: '' })],
    ])('removes %s and grants as before', async (_what, written) => {
      const window = await joinOpen();
      await redis.client.hset('window', written());
      expect(await window.exchange(nothing, 10)).toMatchObject({ granted: 10, replicas: 1 });
      const fields = await redis.client.hkeys('window');
      expect(fields.filter((name) => name in written())).toEqual([]);
    });

    test.each<[string, () => Record<string, string | number>]>([
      ['holds more tokens than there are', () => ({ x: `${soon()} 0 0 1e300` })],
      ['holds an infinite number of tokens', () => ({ x: `${soon()} 0 0 inf` })],
      ['holds no number of tokens', () => ({ x: `${soon()} 0 nan nan` })],
      ['holds fewer tokens than none', () => ({ x: `${soon()} 0 -5 -5` })],
    ])('in which a replica %s never grants more than the rate', async (_what, written) => {
      const [one, other] = [await joinOpen(), await joinOpen()];
      await redis.client.hset('window', written());
      expect(await grantedTo(one, nothing, 20)).toBeLessThanOrEqual(10);
      await redis.client.hdel('window', 'x');
      await one.exchange(nothing, 0);
      expect(await grantedTo(other, nothing, 20)).toBe(10);
    });

    test.each([
      ['an opening of the far future', { opensAt: 9e15 }],
      ['an opening that is no number', { opensAt: 'nan' }],
      ['a last message that is no number', { at: 'inf' }],
    ])('starts anew after %s', async (_what, written) => {
      const window = await joinOpen();
      await redis.client.hset('window', written);
      const { granted, waitMs } = await window.exchange(nothing, 10);
      expect(granted).toBe(0);
      expect(waitMs).toBeLessThanOrEqual(500);
      while ((await window.exchange(nothing, 0)).waitMs > 0) await sleep(5);
      expect(await grantedTo(window, nothing, 10)).toBe(10);
    });

    test('starts anew in place of data of another type', async () => {
      const window = await joinOpen();
      await redis.client.set('window', 'text');
      expect((await window.exchange(started(900), 10)).granted).toBe(0);
      expect(await redis.client.type('window')).toBe('hash');
    });
  });

  describe('without Redis', () => {
    test('an exchange fails with the reason', async () => {
      const window = new RedisRateWindow({
        ...{ redis: '/nowhere/redis.sock', key: () => 'window', ratePerSecond: 10, windowMs },
        ...{ commandTimeoutMs: 50, clock: monotonicClock },
      });
      const failure = () => window.exchange(nothing, 0).catch(({ message }: Error) => message);
      while ((await failure()) === 'Redis is not connected') await sleep(1);
      expect(await failure()).toContain('/nowhere/redis.sock');
      await window.close([]);
    });

    test('an exchange without a reply in time fails', async () => {
      const window = await join({ commandTimeoutMs: 100 });
      redis.freeze();
      await expect(window.exchange(nothing, 0)).rejects.toThrow('Redis did not reply within 100 ms');
    });
  });

  describe('never grants more than the rate', () => {
    type Act = 'acquire' | 'lose the reply' | 'start' | 'release';
    interface Step {
      readonly replica: number;
      readonly act: Act;
      readonly count: number;
    }

    class Replica {
      held = 0;
      started = 0;

      constructor(readonly window: RedisRateWindow) {}

      async play(act: Act, count: number): Promise<void> {
        const state = { ...nothing, held: this.held, freesInMs: Array<number>(this.started).fill(2000) };
        if (act === 'acquire') this.held += await grantedTo(this.window, state, count);
        else if (act === 'lose the reply') await this.window.exchange(state, count);
        else if (act === 'release') this.held = Math.max(0, this.held - count);
        else this.#start(Math.min(this.held, count));
      }

      #start(count: number): void {
        this.held -= count;
        this.started += count;
      }
    }

    async function play(ratePerSecond: number, steps: readonly Step[]): Promise<void> {
      await redis.client.flushall();
      const replicas: Replica[] = [];
      for (let each = 0; each < 3; each += 1) replicas.push(new Replica(await joinOpen({ ratePerSecond })));
      for (const { replica, act, count } of steps) {
        await replicas[replica]?.play(act, count);
        const inUse = replicas.reduce((sum, { held, started }) => sum + held + started, 0);
        expect(inUse).toBeLessThanOrEqual(ratePerSecond);
      }
      for (const window of windows.splice(0)) await window.close([]);
    }

    test('whatever replicas do and whichever replies are lost', async () => {
      const act = fc.constantFrom<Act[]>('acquire', 'lose the reply', 'start', 'release');
      const step = fc.record({ replica: fc.nat(2), act, count: fc.integer({ min: 1, max: 6 }) });
      const rates = fc.integer({ min: 1, max: 12 });
      await fc.assert(fc.asyncProperty(rates, fc.array(step, { maxLength: 30 }), play), { numRuns: 30 });
    });
  });
});
