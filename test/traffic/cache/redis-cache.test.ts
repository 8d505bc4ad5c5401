import type { Redis } from 'ioredis';
import { MemoryCache, TieredCache } from '../../../src/traffic/cache/cache.js';
import { RedisCache, type RedisCacheOptions } from '../../../src/traffic/cache/redis-cache.js';
import { connectToRedis } from '../../../src/traffic/resilience/redis-connection.js';
import { RedisKeySpace } from '../../../src/traffic/resilience/redis-key-space.js';
import { ManualClock } from '../../support/manual-clock.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';
import { cacheContract, type Thing, thing, thingCodec } from './cache-contract.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const sizeOf = ({ text }: Thing) => text.length;
const longMs = 60_000;

const keySpaceOfSecret = (secret: string) => new RedisKeySpace(() => Buffer.from(secret));
const keySpace = keySpaceOfSecret('secret');
const keySpaceOf = () => keySpace;
const nameOfKey = keySpace.nameOf('records', 'key');

/** A connected cache whose timeouts run on a manual clock. */
async function setUp(redis: TestRedis, options: Partial<RedisCacheOptions<Thing>> = {}) {
  const clock = new ManualClock();
  const cache = new RedisCache<Thing>({
    redis: redis.url,
    keySpaceOf,
    codec: thingCodec,
    clock,
    ...options,
  });
  await untilConnected(cache);
  return { clock, cache, [Symbol.asyncDispose]: () => cache.close() };
}

async function untilConnected(cache: RedisCache<Thing>): Promise<void> {
  while (!cache.stats().redis.isUsable) await sleep(2);
}

describeWithRedis('with a Redis of its own', () => {
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

  describe('like any cache, it', () => {
    cacheContract(async () => {
      const { cache } = await setUp(redis);
      return { cache, pass: sleep, [Symbol.asyncDispose]: () => cache.close() };
    });
  });

  describe('behind memory, like any cache, it', () => {
    cacheContract(async () => {
      const { cache: shared, clock } = await setUp(redis);
      const memory = new MemoryCache<Thing>({ maxBytes: 1_000_000, sizeOf, clock });
      const cache = new TieredCache<Thing>({ memory, shared, copyTtlMs: () => 10 });
      const pass = async (ms: number) => {
        await clock.advance(ms);
        await sleep(ms);
      };
      return { cache, pass, [Symbol.asyncDispose]: () => cache.close() };
    });
  });

  test('returns values that another replica stored', async () => {
    await using one = await setUp(redis);
    await using other = await setUp(redis);
    one.cache.set('key', thing('value'), longMs);
    await one.cache.get('key');
    expect(await other.cache.get('key')).toEqual(thing('value'));
  });

  test('neither finds nor removes what holders of another secret stored', async () => {
    await using one = await setUp(redis);
    await using other = await setUp(redis, { keySpaceOf: () => keySpaceOfSecret('another secret') });
    one.cache.set('key', thing('value'), longMs);
    expect(await other.cache.get('key')).toBeUndefined();
    other.cache.set('key', thing('dropped'), 0);
    await other.cache.get('key');
    expect(await one.cache.get('key')).toEqual(thing('value'));
    expect(await redis.client.keys('*')).toEqual([nameOfKey]);
  });

  test('shows no part of a key in its name', async () => {
    await using subject = await setUp(redis);
    subject.cache.set('key/abcd1234/SMS', thing('value'), longMs);
    await subject.cache.get('key/abcd1234/SMS');
    expect(await redis.client.keys('*')).toEqual([expect.stringMatching(/^records:[\w-]{43}$/)]);
  });

  test('stores nothing for a key without a key space', async () => {
    await using subject = await setUp(redis, { keySpaceOf: () => undefined });
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('key')).toBeUndefined();
    expect(await redis.client.dbsize()).toBe(0);
  });

  test('leaves open a connection that it was given', async () => {
    const connection = connectToRedis(redis.url);
    await connection.connect();
    const { cache } = await setUp(redis, { redis: connection });
    cache.set('key', thing('value'), longMs);
    await cache.get('key');
    await cache.close();
    expect(await connection.exists(nameOfKey)).toBe(1);
    connection.disconnect();
  });

  describe('a value that no holder of the secret wrote', () => {
    const value = '{"text":"value"}';
    const sealed = keySpace.seal(nameOfKey, value);
    const flipped = (at: number) => sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));

    test.each<[string, Buffer | Uint8Array | string]>([
      ['without a seal', value],
      ['of one byte', 'x'],
      [
        'with the seal of another text',
        Buffer.concat([sealed.subarray(0, 32), Buffer.from('{"text":"other"}')]),
      ],
      ['with one bit of its seal changed', flipped(0)],
      ['with one bit of its text changed', flipped(sealed.length - 1)],
      ['sealed with another secret', keySpaceOfSecret('another secret').seal(nameOfKey, value)],
      ['copied from another key', keySpace.seal(keySpace.nameOf('records', 'other'), value)],
    ])('%s counts as absent', async (_kind, forged) => {
      await using subject = await setUp(redis);
      await redis.client.set(nameOfKey, Buffer.from(forged));
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.stats()).toMatchObject({
        poisoned: 1,
        hits: 0,
        misses: 1,
        redis: { failures: 0 },
      });
    });

    test('is reported once, however many there are, and is replaced by the next value', async () => {
      let reports = 0;
      const onForgedValue = () => {
        reports += 1;
      };
      await using subject = await setUp(redis, { onForgedValue });
      subject.cache.set('key', thing('value'), longMs);
      expect(await subject.cache.get('key')).toEqual(thing('value'));
      expect(reports).toBe(0);
      for (let each = 0; each < 3; each += 1) {
        await redis.client.set(nameOfKey, value);
        expect(await subject.cache.get('key')).toBeUndefined();
      }
      expect(reports).toBe(1);
      subject.cache.set('key', thing('value'), longMs);
      expect(await subject.cache.get('key')).toEqual(thing('value'));
    });
  });

  describe('a poisoned key', () => {
    test.each([
      ['invalid JSON', '{"text":'],
      ['JSON of another kind', '{"prose":"value"}'],
      ['a list', '[]'],
      ['null', 'null'],
      ['bytes that are not text', Buffer.from([0xff, 0xfe, 0x00])],
    ])('with %s counts as absent', async (_kind, poison) => {
      await using subject = await setUp(redis);
      await redis.client.set(nameOfKey, keySpace.seal(nameOfKey, String(poison)));
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.stats()).toMatchObject({
        poisoned: 1,
        hits: 0,
        misses: 1,
        redis: { failures: 0 },
      });
    });

    test('with a value that is too long is not transferred as a whole', async () => {
      await using subject = await setUp(redis, { maxValueBytes: 100 });
      await redis.client.set(nameOfKey, `{"text":"${'x'.repeat(5_000_000)}"}`);
      const before = await bytesSent(redis.client);
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.stats().poisoned).toBe(1);
      expect((await bytesSent(redis.client)) - before).toBeLessThan(20_000);
    });

    test('of another type counts as absent, not as a failure of Redis, and is replaced', async () => {
      await using subject = await setUp(redis);
      await redis.client.lpush(nameOfKey, 'value');
      for (let each = 0; each < 20; each += 1) expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.stats()).toMatchObject({ poisoned: 20, redis: { failures: 0, skipped: 0 } });
      subject.cache.set('key', thing('value'), longMs);
      expect(await subject.cache.get('key')).toEqual(thing('value'));
    });

    test('that makes the codec throw counts as absent', async () => {
      const decode = () => {
        throw new Error('unknown format');
      };
      await using subject = await setUp(redis, { codec: { ...thingCodec, decode } });
      subject.cache.set('key', thing('value'), longMs);
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.stats().poisoned).toBe(1);
    });
  });

  test('a value that cannot be written removes the old one, and no error is thrown', async () => {
    const encode = (value: Thing) => {
      if (value.text === 'circular') throw new Error('circular');
      return thingCodec.encode(value);
    };
    await using subject = await setUp(redis, { codec: { ...thingCodec, encode }, maxValueBytes: 100 });
    for (const text of ['circular', 'x'.repeat(100)]) {
      subject.cache.set('key', thing('older'), longMs);
      expect(await subject.cache.get('key')).toEqual(thing('older'));
      subject.cache.set('key', thing(text), longMs);
      expect(await subject.cache.get('key')).toBeUndefined();
    }
    expect(subject.cache.stats().poisoned).toBe(0);
  });

  describe('while Redis hangs', () => {
    afterEach(() => redis.thaw());

    test('a lookup finds nothing after the timeout, and not before', async () => {
      await using subject = await setUp(redis, { commandTimeoutMs: 70 });
      subject.cache.set('key', thing('value'), longMs);
      await subject.cache.get('key');
      redis.freeze();
      let found: unknown = 'pending';
      void subject.cache.get('key').then((value) => {
        found = value;
      });
      await subject.clock.advance(69);
      expect(found).toBe('pending');
      await subject.clock.advance(1);
      expect(found).toBeUndefined();
    });

    test('no commands are sent after five failures, until one trial command succeeds', async () => {
      await using subject = await setUp(redis);
      subject.cache.set('key', thing('value'), longMs);
      await subject.cache.get('key');
      redis.freeze();
      const missed = Promise.all([1, 2, 3, 4, 5].map(() => subject.cache.get('key')));
      await subject.clock.advance(50);
      expect(await missed).toEqual(Array(5).fill(undefined));
      expect(subject.cache.stats().redis).toMatchObject({ failures: 5, skipped: 0, isUsable: false });

      // Not sent: returns at once, without a timer.
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.clock.pending).toBe(0);
      expect(subject.cache.stats().redis.skipped).toBe(1);
      await subject.clock.advance(5000);
      redis.thaw();
      expect(await eventually(() => subject.cache.get('key'))).toEqual(thing('value'));
      expect(await subject.cache.get('key')).toEqual(thing('value'));
    });

    test('a connection without replies is replaced', async () => {
      await using subject = await setUp(redis);
      const before = await clientIds(redis.client);
      redis.freeze();
      for (const laterMs of [50, 50, 50, 50, 50, 5000, 50]) {
        void subject.cache.get('key');
        await subject.clock.advance(laterMs);
      }
      redis.thaw();
      const added = () => clientIds(redis.client).then((ids) => ids.find((id) => !before.includes(id)));
      expect(await eventually(added)).toBeDefined();
    });
  });
});

describeWithRedis('when Redis is', () => {
  test('full, stored values stay readable, and new ones are dropped without an error', async () => {
    await using redis = await TestRedis.startLimited(program ?? '', '3mb');
    await using subject = await setUp(redis);
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
    const before = subject.cache.stats().redis.failures;
    for (let each = 0; each < 40; each += 1) {
      subject.cache.set(`large ${each}`, thing('x'.repeat(200_000)), longMs);
      expect(await subject.cache.get('key')).toEqual(thing('value'));
    }
    expect(subject.cache.stats().redis.failures).toBeGreaterThan(before);
    await redis.client.flushall();
    subject.cache.set('key', thing('new'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('new'));
  });

  test('killed, every lookup in flight ends, and Redis is used again when it is back', async () => {
    await using redis = await TestRedis.start(program ?? '');
    await using subject = await setUp(redis);
    redis.freeze();
    const inFlight = [1, 2, 3].map((each) => subject.cache.get(`key ${each}`));
    await redis.kill();
    expect(await Promise.all(inFlight)).toEqual([undefined, undefined, undefined]);
    subject.cache.set('key', thing('lost'), longMs);
    expect(await subject.cache.get('key')).toBeUndefined();
    expect(subject.clock.pending).toBe(0);
    await redis.start();
    await untilConnected(subject.cache);
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
  });

  test('not there, lookups find nothing at once, and the process can end', async () => {
    const clock = new ManualClock();
    const nowhere = { redis: '/nowhere/redis.sock', keySpaceOf, codec: thingCodec, clock };
    const cache = new RedisCache<Thing>(nowhere);
    for (let each = 0; each < 20; each += 1) {
      cache.set('key', thing('value'), longMs);
      expect(await cache.get('key')).toBeUndefined();
      await sleep(2);
    }
    expect(clock.pending).toBe(0);
    await cache.close();
    expect(await cache.get('key')).toBeUndefined();
  });
});

test.each([
  ['commandTimeoutMs', 'a finite number'],
  ['maxValueBytes', 'an integer'],
  ['failuresToOpen', 'an integer'],
])('refuses a `%s` below 1', (option, kind) => {
  const options = { redis: '/nowhere/redis.sock', keySpaceOf, codec: thingCodec, clock: new ManualClock() };
  for (const value of [0, -1, Number.NaN, Infinity]) {
    expect(() => new RedisCache<Thing>({ ...options, [option]: value })).toThrow(
      new RangeError(`Expected \`${option}\` to be ${kind} from 1 up, got ${value}`),
    );
  }
});

/** Repeats a search until it finds something; the timeout of the test ends a search without success. */
async function eventually<Found>(find: () => Promise<Found | undefined>): Promise<Found> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(5);
  }
}

async function clientIds(client: Redis): Promise<string[]> {
  const list = String(await client.client('LIST'));
  return [...list.matchAll(/^id=(\d+)/gm)].map(([, id]) => id ?? '');
}

async function bytesSent(client: Redis): Promise<number> {
  const [, bytes] = /total_net_output_bytes:(\d+)/.exec(await client.info('stats')) ?? [];
  return Number(bytes);
}
