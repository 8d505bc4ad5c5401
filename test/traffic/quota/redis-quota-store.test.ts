import fc from 'fast-check';
import { type Clock, monotonicClock } from '../../../src/clock.js';
import type { Reservation } from '../../../src/traffic/quota/quota-store.js';
import {
  RedisQuotaStore,
  type RedisQuotaStoreOptions,
} from '../../../src/traffic/quota/redis-quota-store.js';
import { connectToRedis } from '../../../src/traffic/resilience/redis-connection.js';
import { RedisKeySpace } from '../../../src/traffic/resilience/redis-key-space.js';
import { ManualClock } from '../../support/manual-clock.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';
import { dayMs, errorOf, quotaStoreContract, reserveEach } from './quota-store-contract.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const keySpaceOfSecret = (secret: string) => new RedisKeySpace(() => Buffer.from(secret));
const keySpace = keySpaceOfSecret('secret');

/** The real time, plus an offset that a test sets. */
class OffsetClock implements Clock {
  offsetMs = 0;

  now(): number {
    return monotonicClock.now() + this.offsetMs;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    return monotonicClock.setTimer(delayMs, callback);
  }
}

/** The quota store of one replica. */
class Replica {
  readonly clock = new OffsetClock();
  readonly quotaStore: RedisQuotaStore;

  constructor(redis: RedisQuotaStoreOptions['redis'], options: Partial<RedisQuotaStoreOptions> = {}) {
    // On a busy machine replies are late, and only the tests of timeouts are about that.
    const patient = { commandTimeoutMs: 2000, burst: 100 };
    this.quotaStore = new RedisQuotaStore({
      redis,
      keySpace: () => keySpace,
      clock: this.clock,
      ...patient,
      ...options,
    });
  }

  /** Resolves when Redis is usable. */
  async connected(): Promise<this> {
    while (!this.quotaStore.stats().redis.isUsable) await sleep(2);
    return this;
  }

  /** Resolves when settlements and charges have been written to Redis. */
  async synced(): Promise<void> {
    await sleep(1);
    await this.quotaStore.take('synced', 0, 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.quotaStore.close();
  }
}

describeWithRedis('with a Redis that works', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await TestRedis.start(program ?? '');
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await redis.client.flushall();
  });

  const join = (options: Partial<RedisQuotaStoreOptions> = {}) => new Replica(redis.url, options).connected();

  describe('like any quota store, it', () => {
    quotaStoreContract(async () => {
      const { quotaStore, clock } = await join();
      const nextDay = async () => {
        clock.offsetMs += dayMs;
      };
      return { quotaStore, pass: sleep, nextDay, [Symbol.asyncDispose]: () => quotaStore.close() };
    });
  });

  describe('replicas', () => {
    test('share the ids of a caller', async () => {
      await using one = await join();
      await using other = await join();
      await one.quotaStore.take('ann', 60, 0.01);
      expect((await errorOf(() => other.quotaStore.take('ann', 41, 0.01)))?.code).toBe('RATE_LIMITED');
      await other.quotaStore.take('ann', 40, 0.01);
      expect(await errorOf(() => one.quotaStore.take('ann', 1, 0.01))).toBeDefined();
    });

    test('share the charges of a caller', async () => {
      await using one = await join();
      await using other = await join();
      for (let each = 0; each < 50; each += 1) one.quotaStore.charge('ann', 1, 0.01);
      await one.synced();
      expect(await errorOf(() => other.quotaStore.take('ann', 51, 0.01))).toBeDefined();
      await other.quotaStore.take('ann', 50, 0.01);
    });

    test('never grant more records together than the quota of a day', async () => {
      await using one = await join();
      await using other = await join();
      const requests = [one, other].map(({ quotaStore }) => reserveEach(quotaStore, 120, 100));
      expect((await Promise.all(requests)).flat()).toHaveLength(100);
    });

    test('grant records that another replica was not billed', async () => {
      await using one = await join();
      await using other = await join();
      const [billed, ...unbilled] = await reserveEach(one.quotaStore, 10, 10);
      expect(await reserveEach(other.quotaStore, 1, 10)).toEqual([]);
      billed?.settle(1);
      for (const each of unbilled) each.settle(0);
      await one.synced();
      expect(await reserveEach(other.quotaStore, 20, 10)).toHaveLength(9);
    });

    test('count records that were billed beyond a reservation', async () => {
      await using one = await join();
      await using other = await join();
      const [reservation] = await reserveEach(one.quotaStore, 1, 10);
      reservation?.settle(7);
      await one.synced();
      expect(await reserveEach(other.quotaStore, 20, 10)).toHaveLength(3);
    });

    test('keep days apart when their clocks differ', async () => {
      await using one = await join();
      await using early = await join();
      early.clock.offsetMs = dayMs;
      expect(await reserveEach(one.quotaStore, 20, 10)).toHaveLength(10);
      expect(await reserveEach(early.quotaStore, 20, 10)).toHaveLength(10);
      one.clock.offsetMs = dayMs;
      expect(await reserveEach(one.quotaStore, 1, 10)).toEqual([]);
    });

    test('count the used and reserved records of a replica that has stopped', async () => {
      await using other = await join();
      const stopped = await join();
      const [billed] = await reserveEach(stopped.quotaStore, 3, 10);
      billed?.settle(1);
      await stopped.quotaStore.close();
      expect(await reserveEach(other.quotaStore, 20, 10)).toHaveLength(7);
    });

    test('count the records of a replica that dropped the caller from memory', async () => {
      await using one = await join({ maxCallers: 1 });
      await using other = await join();
      for (let each = 0; each < 4; each += 1) {
        for (const reservation of await reserveEach(one.quotaStore, 1, 10)) reservation.settle(1);
        const ofAnother = await one.quotaStore.reserve('bob', 0, 10);
        ofAnother.settle(0);
      }
      expect(await reserveEach(other.quotaStore, 20, 10)).toHaveLength(6);
    });

    interface Step {
      readonly replica: number;
      readonly act: 'reserve' | 'settle' | 'wait' | 'next day';
      readonly records: number;
      readonly which: number;
    }

    interface Held {
      readonly reservation: Reservation;
      readonly records: number;
      readonly day: number;
    }

    const step = fc.record<Step>({
      replica: fc.nat(1),
      act: fc.oneof(
        { weight: 6, arbitrary: fc.constant('reserve' as const) },
        { weight: 4, arbitrary: fc.constant('settle' as const) },
        { weight: 2, arbitrary: fc.constant('wait' as const) },
        { weight: 1, arbitrary: fc.constant('next day' as const) },
      ),
      records: fc.nat(3),
      which: fc.nat(),
    });

    /** Runs requests on two replicas, and checks that the quota of no day is exceeded. */
    class Simulation {
      readonly held: Held[] = [];
      readonly usedOrReserved = new Map<number, number>();
      readonly requests: Promise<void>[] = [];

      constructor(
        readonly replicas: readonly Replica[],
        readonly name: string,
        readonly perDay: number,
      ) {}

      async run({ replica, act, records, which }: Step): Promise<void> {
        const acts = {
          reserve: () => void this.requests.push(this.#reserve(this.replicas[replica] as Replica, records)),
          settle: () => this.#settle(which, records),
          wait: () => Promise.all(this.requests.splice(0)),
          'next day': () => this.#nextDay(),
        };
        await acts[act]();
      }

      /** Settles all open reservations with 0 records. */
      async end(): Promise<void> {
        await Promise.all(this.requests);
        while (this.held.length > 0) this.#settle(0, 0);
        for (const replica of this.replicas) await replica.synced();
      }

      #nextDay(): void {
        for (const { clock } of this.replicas) clock.offsetMs += dayMs;
      }

      async #reserve({ quotaStore, clock }: Replica, records: number): Promise<void> {
        const day = Math.floor(clock.now() / dayMs);
        try {
          const reservation = await quotaStore.reserve(this.name, records, this.perDay);
          this.held.push({ reservation, records, day });
          this.#add(day, records);
        } catch (error) {
          expect(error).toMatchObject({ code: 'RATE_LIMITED' });
        }
      }

      /** Never more than was reserved, because further records are known only when they arrive. */
      #settle(which: number, records: number): void {
        const [held] = this.held.splice(which % Math.max(1, this.held.length), 1);
        if (!held) return;
        const billed = Math.min(records, held.records);
        held.reservation.settle(billed);
        this.#add(held.day, billed - held.records);
      }

      #add(day: number, records: number): void {
        this.usedOrReserved.set(day, (this.usedOrReserved.get(day) ?? 0) + records);
        expect(this.usedOrReserved.get(day)).toBeLessThanOrEqual(this.perDay);
      }
    }

    test('grant exactly the quota of each day, for any order of reservations and settlements', async () => {
      await using one = await join();
      await using other = await join();
      let runs = 0;
      const events = fc.array(step, { maxLength: 40 });
      const property = fc.asyncProperty(fc.nat(12), events, async (perDay, steps) => {
        runs += 1;
        const simulation = new Simulation([one, other], `caller ${runs}`, perDay);
        for (const each of steps) await simulation.run(each);
        await simulation.end();
        const today = Math.floor(one.clock.now() / dayMs);
        const left = perDay - (simulation.usedOrReserved.get(today) ?? 0);
        const { quotaStore } = other;
        expect(await errorOf(() => quotaStore.reserve(simulation.name, left + 1, perDay))).toBeDefined();
        expect(await errorOf(() => quotaStore.reserve(simulation.name, left, perDay))).toBeUndefined();
      });
      await fc.assert(property, { numRuns: 60 });
    });

    test('never let a caller take more ids together than the burst and the refilled ids', async () => {
      await using one = await join();
      await using other = await join();
      const startedAtMs = performance.now();
      let taken = 0;
      for (let round = 0; round < 10 || performance.now() - startedAtMs < 300; round += 1) {
        const requests = [one, other, one, other].map(async ({ quotaStore }, index) => {
          if (!(await errorOf(() => quotaStore.take('ann', index * 7, 200)))) taken += index * 7;
        });
        await Promise.all(requests);
      }
      expect(taken).toBeGreaterThanOrEqual(200);
      expect(taken).toBeLessThanOrEqual(200 + ((performance.now() - startedAtMs) / 1000) * 200 + 1);
    });
  });

  test('sends one command for the reservations of a tick, and none to settle them as reserved', async () => {
    await using one = await join();
    const calls = async () =>
      Number(/cmdstat_eval:calls=(\d+)/.exec(await redis.client.info('commandstats'))?.[1]);
    const before = await calls();
    for (const each of await reserveEach(one.quotaStore, 500, 1000)) each.settle(1);
    await sleep(20);
    expect((await calls()) - before).toBe(1);
  });

  test('keeps what was used today when the secret changes, in every replica that saw it', async () => {
    let current = keySpace;
    await using one = await join({ keySpace: () => current });
    await using other = await join({ keySpace: () => current });
    for (const each of await reserveEach(one.quotaStore, 6, 10)) each.settle(1);
    await one.synced();
    for (const each of await reserveEach(other.quotaStore, 2, 10)) each.settle(1);
    await other.synced();
    current = keySpaceOfSecret('another secret');
    expect(await reserveEach(other.quotaStore, 10, 10)).toHaveLength(2);
    expect(await reserveEach(one.quotaStore, 10, 10)).toHaveLength(0);
  });

  test('stores no name, and no key without expiry', async () => {
    await using one = await join();
    const name = '+491700000001';
    await one.quotaStore.take(name, 10, 0.001);
    one.quotaStore.charge(name, 10, 0.001);
    await one.quotaStore.reserve(name, 1, 10);
    await one.synced();
    await sleep(5);
    const keys = await redis.client.keys('*');
    expect(keys.map((key) => key.replace(/\{[\w-]{16}\}:[\w-]{43}$/, '{tag}:hash')).sort()).toEqual([
      'quota:ids:{tag}:hash',
      'quota:records:{tag}:hash',
    ]);
    const ttlsMs = await Promise.all(keys.map((key) => redis.client.pttl(key)));
    expect(Math.min(...ttlsMs)).toBeGreaterThan(0);
    expect(Math.max(...ttlsMs)).toBeLessThanOrEqual(2 * dayMs);
  });

  test('lets a bucket expire when it is full again, however many ids were charged', async () => {
    await using one = await join();
    one.quotaStore.charge('ann', 1_000_000, 100);
    await one.synced();
    await sleep(5);
    const [key = ''] = await redis.client.keys('quota:ids:*');
    const leftMs = await redis.client.pttl(key);
    expect(leftMs).toBeGreaterThan(1500);
    expect(leftMs).toBeLessThanOrEqual(2000);
  });

  test('leaves open a connection that it was given', async () => {
    const connection = connectToRedis(redis.url);
    await connection.connect();
    const replica = await new Replica(connection).connected();
    await replica.quotaStore.take('ann', 1, 1);
    await replica.quotaStore.close();
    expect(await connection.ping()).toBe('PONG');
    expect(replica.quotaStore.take('ann', 1, 1)).toBeUndefined();
    connection.disconnect();
  });

  describe('a poisoned key', () => {
    const poisonAll = async (poison: (key: string) => Promise<unknown>) => {
      for (const key of await redis.client.keys('quota:*')) await poison(key);
    };

    const leastLifeMs = async () => {
      await sleep(5);
      const keys = await redis.client.keys('quota:*');
      return Math.min(...(await Promise.all(keys.map((key) => redis.client.pttl(key)))));
    };

    async function poisoned(poison: (key: string) => Promise<unknown>): Promise<Replica> {
      const one = await join();
      await one.quotaStore.take('ann', 1, 0.001);
      for (const each of await reserveEach(one.quotaStore, 3, 10)) each.settle(1);
      await poisonAll(poison);
      return one;
    }

    test('of another type is replaced, and the usage of this replica is written again', async () => {
      await using one = await poisoned(async (key) => {
        await redis.client.del(key);
        await redis.client.set(key, 'poison');
      });
      await one.quotaStore.take('ann', 100, 0.001);
      expect(await reserveEach(one.quotaStore, 20, 10)).toHaveLength(7);
      await using other = await join();
      expect(await reserveEach(other.quotaStore, 20, 10)).toEqual([]);
      expect(await leastLifeMs()).toBeGreaterThan(0);
      expect(one.quotaStore.stats().redis.failures).toBe(0);
    });

    test.each(['poison', '', 'nan', '-nan', '-inf', '-1e300', '{}'])(
      'with %p instead of a number counts as 0',
      async (text) => {
        await using one = await poisoned((key) =>
          redis.client.hset(key, { missing: text, at: text, 'another replica': text }),
        );
        await one.quotaStore.take('ann', 99, 0.001);
        expect(await reserveEach(one.quotaStore, 20, 10)).toHaveLength(7);
        expect(one.quotaStore.stats().redis.failures).toBe(0);
      },
    );

    test.each(['inf', '1e300'])('with a debt of %p ids owes no more than a bucket can', async (text) => {
      await using one = await poisoned((key) => redis.client.hset(key, { missing: text, at: 0 }));
      await redis.client.hset((await redis.client.keys('quota:ids:*'))[0] ?? '', { at: Date.now() });
      const error = await errorOf(() => one.quotaStore.take('ann', 100, 100));
      expect(error?.retryAfterMs ?? 0).toBeLessThanOrEqual(2000);
      expect(await leastLifeMs()).toBeGreaterThan(0);
    });

    test('with a time of tomorrow does not stop a bucket from refilling', async () => {
      const tomorrow = { missing: 4100, at: Date.now() + dayMs };
      await using one = await poisoned((key) => redis.client.hset(key, tomorrow));
      expect(await errorOf(() => one.quotaStore.take('ann', 1, 4000))).toBeDefined();
      await sleep(100);
      await one.quotaStore.take('ann', 1, 4000);
    });
  });
});

describeWithRedis('when Redis', () => {
  test('hangs, this replica decides requests, and Redis decides them again when it continues', async () => {
    await using redis = await TestRedis.start(program ?? '');
    const impatient = { commandTimeoutMs: 40, coolDownMs: 100 };
    await using one = await new Replica(redis.url, impatient).connected();
    redis.freeze();
    const reserved = await reserveEach(one.quotaStore, 120, 100);
    await one.quotaStore.take('ann', 100, 0.001);
    expect(await errorOf(() => one.quotaStore.take('ann', 1, 0.001))).toBeDefined();
    expect(reserved).toHaveLength(100);
    // After some failures no commands are sent, and requests are decided at once.
    while (one.quotaStore.take('bob', 1, 0.001) instanceof Promise) await sleep(5);
    expect(one.quotaStore.reserve('bob', 1, 1)).not.toBeInstanceOf(Promise);
    redis.thaw();
    await one.connected();
    for (const each of reserved) each.settle(1);
    await one.synced();
    await using other = await new Replica(redis.url).connected();
    expect(await reserveEach(other.quotaStore, 20, 110)).toHaveLength(10);
  });

  test('hangs, no request waits longer than two timeouts, and no timer is left', async () => {
    await using redis = await TestRedis.start(program ?? '');
    await using one = await new Replica(redis.url).connected();
    const clock = new ManualClock();
    const manual = new RedisQuotaStore({ redis: redis.url, keySpace: () => keySpace, clock });
    while (!manual.stats().redis.isUsable) await sleep(2);
    await one.synced();
    redis.freeze();
    let reserved = 0;
    const reserve = async () => {
      await manual.reserve('ann', 1, 10);
      reserved += 1;
    };
    const first = reserve();
    await clock.advance(50);
    const second = reserve();
    await clock.advance(49);
    expect(reserved).toBe(0);
    await clock.advance(1);
    expect(reserved).toBe(2);
    await Promise.all([first, second]);
    redis.thaw();
    const closed = manual.close();
    await clock.advance(50);
    await closed;
    expect(clock.pending).toBe(0);
  });

  test('replies while this process is too busy to read, the reply counts', async () => {
    await using redis = await TestRedis.start(program ?? '');
    await using one = await new Replica(redis.url, { commandTimeoutMs: 60 }).connected();
    await using other = await new Replica(redis.url).connected();
    await reserveEach(other.quotaStore, 100, 100);
    const requests = errorOf(() => one.quotaStore.reserve('ann', 1, 100));
    for (let each = 0; each < 2; each += 1) await new Promise(setImmediate);
    for (const untilMs = performance.now() + 200; performance.now() < untilMs; );
    expect(await requests).toBeDefined();
  });

  test('is killed, each replica decides by the usage it knows, and writes it to the Redis that comes back', async () => {
    await using redis = await TestRedis.start(program ?? '');
    await using one = await new Replica(redis.url).connected();
    await using other = await new Replica(redis.url).connected();
    for (const each of await reserveEach(one.quotaStore, 60, 100)) each.settle(1);
    for (const each of await reserveEach(other.quotaStore, 10, 100)) each.settle(1);
    await one.quotaStore.take('ann', 100, 0.001);
    redis.freeze();
    const inFlight = reserveEach(other.quotaStore, 20, 100);
    await sleep(20);
    await redis.kill();
    expect(await inFlight).toHaveLength(20);
    // It knew of the 60 records of the other replica.
    expect(await reserveEach(other.quotaStore, 20, 100)).toHaveLength(10);
    expect(await errorOf(() => one.quotaStore.take('ann', 1, 0.001))).toBeDefined();
    await redis.start();
    await one.connected();
    await other.connected();
    expect(await reserveEach(other.quotaStore, 1, 95)).toHaveLength(1);
    expect(await reserveEach(one.quotaStore, 1, 100)).toEqual([]);
  });

  test('is full, no request fails because of it', async () => {
    await using redis = await TestRedis.startLimited(program ?? '', '1kb');
    await using one = new Replica(redis.url, { coolDownMs: 50 });
    while (one.quotaStore.stats().redis.failures === 0) {
      await one.quotaStore.take('bob', 1, 0.001);
      await sleep(2);
    }
    await one.quotaStore.take('ann', 100, 0.001);
    expect(await errorOf(() => one.quotaStore.take('ann', 1, 0.001))).toBeDefined();
    expect(await reserveEach(one.quotaStore, 120, 100)).toHaveLength(100);
  });

  test('is not there, requests are decided at once without a promise, and the process can end', async () => {
    await using one = new Replica('/nowhere/redis.sock');
    const { quotaStore } = one;
    expect(quotaStore.take('ann', 100, 0.001)).toBeUndefined();
    expect(() => quotaStore.take('ann', 1, 0.001)).toThrow('ids per second');
    quotaStore.charge('ann', 5, 1);
    expect(quotaStore.reserve('ann', 1, 1)).not.toBeInstanceOf(Promise);
    expect(() => quotaStore.reserve('ann', 1, 1)).toThrow('used up');
  });
});

test.each(['commandTimeoutMs', 'failuresToOpen'])('refuses a `%s` below 1', (option) => {
  for (const value of [0, -1, Number.NaN, Infinity]) {
    expect(() => new Replica('/nowhere/redis.sock', { [option]: value })).toThrow(
      new RegExp(`^Expected \`${option}\` to be an? .* from 1 up, got ${value}$`),
    );
  }
});
