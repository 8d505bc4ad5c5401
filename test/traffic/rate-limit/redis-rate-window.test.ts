import fc from 'fast-check';
import { monotonicClock } from '../../../src/clock.js';
import {
  RedisRateWindow,
  type RedisRateWindowOptions,
  type WindowState,
} from '../../../src/traffic/rate-limit/redis-rate-window.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

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
    await warmUp();
  });

  afterEach(() => {
    for (const window of windows.splice(0)) window.close();
  });

  /** As if a replica had been here a moment ago, so that it is not new. */
  async function warmUp(): Promise<void> {
    await redis.client.hset('window', 'at', Date.now() - 1);
  }

  async function join(options: Partial<RedisRateWindowOptions> = {}): Promise<RedisRateWindow> {
    const window = new RedisRateWindow({
      ...{ redis: redis.url, key: 'window', ratePerSecond: 10, clock: monotonicClock, commandTimeoutMs: 500 },
      ...{ windowMs: 1010, missingAfterMs: 5000, forgetAfterMs: 10_000, warmUpMs: 2000, ...options },
    });
    windows.push(window);
    await new Promise<void>((resolve) => window.onConnected(resolve));
    return window;
  }

  /** Asks again when told that the question came too late: the first one does not know the server's time. */
  async function ask(window: RedisRateWindow, isWanted: boolean, share = 0): Promise<WindowState> {
    return (await window.ask(isWanted, share)) ?? (await ask(window, isWanted, share));
  }

  async function granted(window: RedisRateWindow, times: number): Promise<number> {
    let count = 0;
    for (let each = 0; each < times; each += 1) {
      if ((await ask(window, true)).grant !== undefined) count += 1;
    }
    return count;
  }

  /** A window that nobody uses is forgotten as a whole. */
  async function stay(window: RedisRateWindow, ms: number): Promise<void> {
    for (const untilMs = Date.now() + ms; Date.now() < untilMs; await sleep(10)) await ask(window, false);
  }

  const promised = async () => {
    const fields = Object.entries(await redis.client.hgetall('window'));
    return fields.reduce((sum, [name, value]) => sum + (name.startsWith('share:') ? Number(value) : 0), 0);
  };

  test('grants the rate to all together, and no more', async () => {
    const [one, other] = [await join(), await join()];
    expect(await granted(one, 7)).toBe(7);
    expect(await granted(other, 7)).toBe(3);
    expect(await granted(one, 7)).toBe(0);
  });

  test('tells when the next token frees, and grants it then', async () => {
    const window = await join({ ratePerSecond: 1, windowMs: 100 });
    const { grant } = await ask(window, true);
    window.heard(grant ?? '');
    const { waitMs, freesInMs, free } = await ask(window, true);
    expect([waitMs > 50 && waitMs <= 101, freesInMs === waitMs, free]).toEqual([true, true, 0]);
    await sleep(waitMs + 1);
    expect((await ask(window, true)).grant).toBeDefined();
  });

  test('takes a call to begin at the last moment at which it may, until it is told more', async () => {
    const window = await join({ ratePerSecond: 1, commandTimeoutMs: 700 });
    const { grant, freesInMs } = await ask(window, true);
    expect(freesInMs).toBe(1 + 700 + 1010);
    window.heard(grant ?? '');
    expect((await ask(window, false)).freesInMs).toBeLessThanOrEqual(1011);
  });

  test('grants what is given back at once', async () => {
    const [one, other] = [await join({ ratePerSecond: 1 }), await join({ ratePerSecond: 1 })];
    const { grant } = await ask(one, true);
    expect(await granted(other, 1)).toBe(0);
    one.release(grant ?? '');
    await ask(one, false);
    expect(await granted(other, 1)).toBe(1);
  });

  test('frees a token one window after its call began, if that was later', async () => {
    const window = await join({ ratePerSecond: 1, windowMs: 100 });
    const { grant } = await ask(window, true);
    window.heard(grant ?? '');
    await sleep(50);
    window.started(grant ?? '');
    expect((await ask(window, false)).freesInMs).toBeGreaterThan(60);
    // Even if somebody else has got the token meanwhile.
    await sleep(110);
    expect(await granted(window, 1)).toBe(1);
    window.started(grant ?? '');
    await sleep(60);
    expect((await ask(window, false)).free).toBe(0);
  });

  test('does not count a token as used that was given back before it was heard of', async () => {
    const window = await join({ ratePerSecond: 1 });
    const { grant } = await ask(window, true);
    window.release(grant ?? '');
    window.heard(grant ?? '');
    expect(await granted(window, 1)).toBe(1);
  });

  test('books a token once, however often its question had to be asked', async () => {
    const window = await join({ ratePerSecond: 2 });
    await ask(window, false);
    redis.freeze();
    const unanswered = expect(window.ask(true, 0)).rejects.toThrow('did not answer');
    await unanswered;
    redis.thaw();
    expect(await granted(window, 3)).toBe(2);
  });

  test('does not count as present whose question came later than it was meant', async () => {
    const window = await join({ commandTimeoutMs: 30 });
    await ask(window, false);
    const before = await redis.client.hgetall('window');
    redis.freeze();
    await expect(window.ask(true, 0)).rejects.toThrow('did not answer');
    await sleep(50);
    redis.thaw();
    let setTimer = before;
    while (setTimer.at === before.at) setTimer = await redis.client.hgetall('window');
    expect({ ...setTimer, at: before.at }).toEqual(before);
  });

  test('is paused for everybody, for the longest of all pauses', async () => {
    const [one, other] = [await join(), await join()];
    one.pause(60_000);
    one.pause(100);
    await ask(one, false);
    const { grant, waitMs } = await ask(other, true);
    expect(grant).toBeUndefined();
    expect(waitMs).toBeGreaterThan(59_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  test('grants again when a pause is over', async () => {
    const window = await join();
    window.pause(50);
    expect(await granted(window, 1)).toBe(0);
    await sleep(60);
    expect(await granted(window, 1)).toBe(1);
  });

  describe('shares', () => {
    test('are what one replica alone, or each of several, may use', async () => {
      const [one, other] = [await join(), await join()];
      expect((await ask(one, false)).share).toBe(10);
      expect(await ask(other, false)).toMatchObject({ share: 0, replicas: 2 });
      expect((await ask(one, false, 10)).share).toBe(5);
      // Only now is it certain that the first one knows of the second.
      expect((await ask(other, false)).share).toBe(0);
      expect((await ask(one, false, 5)).share).toBe(5);
      expect((await ask(other, false)).share).toBe(5);
    });

    test('go to as many replicas as there are calls, and the others have none', async () => {
      const replicas = [await join({ ratePerSecond: 2 }), await join({ ratePerSecond: 2 })];
      replicas.push(await join({ ratePerSecond: 2 }), await join({ ratePerSecond: 2 }));
      let shares = [0, 0, 0, 0];
      for (let round = 0; round < 4; round += 1) {
        for (const [index, each] of replicas.entries()) {
          shares = shares.with(index, (await ask(each, false, shares[index])).share);
        }
      }
      expect(shares.toSorted()).toEqual([0, 0, 1, 1]);
    });

    test('of a replica that leaves are free at once', async () => {
      const [one, other] = [await join(), await join()];
      await ask(one, false);
      await one.leave();
      expect(await ask(other, false)).toMatchObject({ share: 10, replicas: 1 });
    });

    test('of a replica that vanished are kept free, until it is believed to have ended', async () => {
      const options = { missingAfterMs: 40, forgetAfterMs: 400 };
      const [one, other] = [await join(options), await join(options)];
      await ask(one, false);
      await ask(other, false);
      await ask(one, false, 10);
      await ask(one, false, 5);
      await sleep(60);
      expect(await granted(other, 10)).toBe(5);
      await stay(other, 450);
      expect(await granted(other, 10)).toBe(5);
      expect(await ask(other, false)).toMatchObject({ share: 10, replicas: 1 });
    });

    test('of a replica that was forgotten are its own no more', async () => {
      const options = { missingAfterMs: 30, forgetAfterMs: 100 };
      const [one, other] = [await join(options), await join(options)];
      expect((await ask(one, false)).share).toBe(10);
      await stay(other, 150);
      expect((await ask(other, false)).share).toBe(10);
      expect(await one.peek(10)).toBe(0);
      expect((await ask(one, false, 10)).share).toBe(0);
      expect(await promised()).toBe(10);
    });

    /** Each replica goes by the share that it was told last. */
    async function play(steps: readonly [number, string][], ratePerSecond: number): Promise<void> {
      let shares = [0, 0, 0, 0];
      for (const [index, how] of steps) {
        const told = await shareToldTo(windows[index] as RedisRateWindow, how, shares[index] ?? 0);
        if (how !== 'ask in vain') shares = shares.with(index, told);
        expect(await promised()).toBeLessThanOrEqual(ratePerSecond);
        expect(shares.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(ratePerSecond);
      }
    }

    async function shareToldTo(window: RedisRateWindow, how: string, share: number): Promise<number> {
      if (how !== 'leave')
        return how === 'peek' ? window.peek(share) : (await ask(window, false, share)).share;
      await window.leave();
      return 0;
    }

    test('of all replicas never make more than the rate, whoever comes, goes or misses an answer', async () => {
      const replica = fc.integer({ min: 0, max: 3 });
      const act = fc.constantFrom('ask', 'ask in vain', 'leave', 'peek');
      const steps = fc.array(fc.tuple(replica, act), { minLength: 5, maxLength: 40 });
      const rates = fc.integer({ min: 1, max: 12 });
      const isFresh = fc.asyncProperty(rates, steps, async (ratePerSecond, played) => {
        for (const window of windows.splice(0)) window.close();
        await redis.client.del('window');
        await warmUp();
        for (let each = 0; each < 4; each += 1) await join({ ratePerSecond });
        await play(played, ratePerSecond);
      });
      await fc.assert(isFresh, { numRuns: 40 });
    });
  });

  describe('that is new', () => {
    beforeEach(() => redis.client.flushall());

    test('grants nothing until it is certain that nobody uses tokens it does not know of', async () => {
      const window = await join({ warmUpMs: 100 });
      const { grant, waitMs } = await ask(window, true);
      expect([grant, waitMs]).toEqual([undefined, expect.any(Number)]);
      await sleep(waitMs + 1);
      expect(await granted(window, 11)).toBe(10);
    });

    test('takes the shares over from those who come back, and lets none grow before it opens', async () => {
      const replicas = [
        await join({ warmUpMs: 200 }),
        await join({ warmUpMs: 200 }),
        await join({ warmUpMs: 200 }),
      ];
      const [one, other, third] = replicas as [RedisRateWindow, RedisRateWindow, RedisRateWindow];
      expect(await one.peek(3)).toBe(3);
      expect((await ask(other, false, 4)).share).toBe(4);
      expect((await ask(third, false, 5)).share).toBe(3);
      await sleep(200);
      // The first one has not been here since.
      expect(await granted(third, 10)).toBe(7);
    });

    test('is what is left when its time went back, or somebody wrote over it', async () => {
      const window = await join();
      for (const at of [Date.now() + 60_000, 'yesterday']) {
        await redis.client.hset('window', { at, 'grant:x:1': 'soon', 'share:x': 10, 'seen:x': Date.now() });
        const answer = await ask(window, true);
        expect([answer.grant, answer.replicas, answer.waitMs > 1900]).toEqual([undefined, 1, true]);
        expect(await redis.client.hexists('window', 'grant:x:1')).toBe(0);
      }
    });

    test('does not outlive those who use it', async () => {
      const window = await join({ forgetAfterMs: 3000 });
      await ask(window, false);
      expect(await redis.client.pttl('window')).toBeGreaterThan(2000);
      expect(await redis.client.pttl('window')).toBeLessThanOrEqual(3000);
    });
  });

  test('outlives a pause', async () => {
    const window = await join({ forgetAfterMs: 1000 });
    window.pause(60_000);
    await ask(window, false);
    expect(await redis.client.pttl('window')).toBeGreaterThan(59_000);
  });

  test.each<[string, Record<string, string | number>]>([
    ['a pause without an end', { pausedUntil: 9e15 }],
    ['a pause that is no number', { pausedUntil: 'nan' }],
    ['an opening without a day', { opensAt: 'inf' }],
    [
      'tokens that never free',
      Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`grant:x:${n}`, 9e15])),
    ],
    [
      'tokens that free at no time',
      Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`grant:x:${n}`, 'nan'])),
    ],
    ['a replica that is never missed', { 'seen:x': 9e15, 'share:x': 10 }],
  ])('in which somebody wrote %s grants as before, and keeps nothing of it', async (_what, written) => {
    const window = await join();
    await redis.client.hset('window', written);
    const { grant, waitMs, share } = await ask(window, true);
    expect([grant, waitMs, share]).toEqual([expect.any(String), 0, 10]);
    await ask(window, true);
    const cached = Object.keys(await redis.client.hgetall('window'));
    expect(
      Object.keys(written).filter((field) => !field.startsWith('share:') && cached.includes(field)),
    ).toEqual([]);
  });

  test('that is of another type is no window', async () => {
    await redis.client.set('window', 'text');
    const window = await join();
    await expect(window.ask(true, 0)).rejects.toThrow('WRONGTYPE');
    await expect(window.peek(0)).rejects.toThrow('WRONGTYPE');
    window.pause(1000);
    window.started('none');
    window.release('none');
    await window.leave();
  });
});
