import type { Redis } from 'ioredis';
import { MemoryCache } from '../../../src/traffic/cache/memory-cache.js';
import { RedisCache, type RedisCacheOptions } from '../../../src/traffic/cache/redis-cache.js';
import { TieredCache } from '../../../src/traffic/cache/tiered-cache.js';
import { connectToRedis } from '../../../src/traffic/resilience/redis-connection.js';
import { ManualClock } from '../../support/manual-clock.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';
import { cacheContract, type Thing, thing, thingCodec } from './cache-contract.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const sizeOf = ({ text }: Thing) => text.length;
const longMs = 60_000;

/** A cache whose patience is turned by hand, once it is connected. */
async function setUp(redis: TestRedis, options: Partial<RedisCacheOptions<Thing>> = {}) {
  const clock = new ManualClock();
  const cache = new RedisCache<Thing>({
    redis: redis.url,
    prefix: 'cache:',
    codec: thingCodec,
    clock,
    ...options,
  });
  await untilConnected(cache);
  return { clock, cache, [Symbol.asyncDispose]: () => cache.close() };
}

async function untilConnected(cache: RedisCache<Thing>): Promise<void> {
  for (let failures = -1; failures !== cache.failures; ) {
    failures = cache.failures;
    await sleep(2);
    await cache.get('is it there?');
  }
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

  describe('as any cache, it', () => {
    cacheContract(async () => {
      const { cache } = await setUp(redis);
      return { cache, pass: sleep, [Symbol.asyncDispose]: () => cache.close() };
    });
  });

  describe('behind memory, as any cache, it', () => {
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

  test('gives another replica what one has kept', async () => {
    await using one = await setUp(redis);
    await using other = await setUp(redis);
    one.cache.set('key', thing('value'), longMs);
    await one.cache.get('key');
    expect(await other.cache.get('key')).toEqual(thing('value'));
  });

  test('leaves the keys of others alone', async () => {
    await using one = await setUp(redis);
    await using other = await setUp(redis, { prefix: 'other:' });
    one.cache.set('key', thing('value'), longMs);
    other.cache.set('key', thing('dropped'), 0);
    await other.cache.get('key');
    expect(await one.cache.get('key')).toEqual(thing('value'));
    expect(await redis.client.keys('*')).toEqual(['cache:key']);
  });

  test('leaves a connection open that it was given', async () => {
    const connection = connectToRedis(redis.url);
    await connection.connect();
    const { cache } = await setUp(redis, { redis: connection });
    cache.set('key', thing('value'), longMs);
    await cache.get('key');
    await cache.close();
    expect(await connection.get('cache:key')).toBe('{"text":"value"}');
    connection.disconnect();
  });

  test('counts what it found and what it did not', async () => {
    await using subject = await setUp(redis);
    const { misses } = subject.cache;
    subject.cache.set('key', thing('value'), longMs);
    await subject.cache.get('key');
    await subject.cache.get('other');
    expect([subject.cache.hits, subject.cache.misses - misses]).toEqual([1, 1]);
  });

  describe('poison', () => {
    test.each([
      ['no JSON', '{"text":'],
      ['JSON of another kind', '{"prose":"value"}'],
      ['a list', '[]'],
      ['null', 'null'],
      ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ])('that is %s counts as nothing', async (_kind, poison) => {
      await using subject = await setUp(redis);
      await redis.client.set('cache:key', poison);
      expect(await subject.cache.get('key')).toBeUndefined();
      expect([subject.cache.poisoned, subject.cache.failures, subject.cache.hits]).toEqual([
        1,
        expect.any(Number),
        0,
      ]);
    });

    test('that is too long is neither read nor fetched as a whole', async () => {
      await using subject = await setUp(redis, { maxValueBytes: 100 });
      await redis.client.set('cache:key', `{"text":"${'x'.repeat(5_000_000)}"}`);
      const before = await bytesSent(redis.client);
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.poisoned).toBe(1);
      expect((await bytesSent(redis.client)) - before).toBeLessThan(20_000);
    });

    test('of another type counts as nothing, does not open the breaker, and is replaced', async () => {
      await using subject = await setUp(redis);
      await redis.client.lpush('cache:key', 'value');
      for (let each = 0; each < 20; each += 1) expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.poisoned).toBe(20);
      subject.cache.set('key', thing('value'), longMs);
      expect(await subject.cache.get('key')).toEqual(thing('value'));
    });

    test('that makes the codec fail counts as nothing', async () => {
      const decode = () => {
        throw new Error('never heard of it');
      };
      await using subject = await setUp(redis, { codec: { ...thingCodec, decode } });
      subject.cache.set('key', thing('value'), longMs);
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.cache.poisoned).toBe(1);
    });
  });

  test('a value that cannot be written takes the older one along, and nobody fails of it', async () => {
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
    expect(subject.cache.poisoned).toBe(0);
  });

  describe('while Redis hangs', () => {
    afterEach(() => redis.thaw());

    test('a look-up has nothing after the timeout, and not before', async () => {
      await using subject = await setUp(redis, { commandTimeoutMs: 70 });
      subject.cache.set('key', thing('value'), longMs);
      await subject.cache.get('key');
      redis.freeze();
      let found: unknown = 'not answered';
      void subject.cache.get('key').then((value) => {
        found = value;
      });
      await subject.clock.advance(69);
      expect(found).toBe('not answered');
      await subject.clock.advance(1);
      expect(found).toBeUndefined();
    });

    test('it is left alone after a few failures, tried again by one, and used again when it answers', async () => {
      await using subject = await setUp(redis);
      subject.cache.set('key', thing('value'), longMs);
      await subject.cache.get('key');
      redis.freeze();
      const { failures } = subject.cache;
      const missed = Promise.all([1, 2, 3, 4, 5].map(() => subject.cache.get('key')));
      await subject.clock.advance(50);
      expect(await missed).toEqual(Array(5).fill(undefined));
      expect(subject.cache.failures - failures).toBe(5);

      // Left alone: answered at once, without a timer.
      expect(await subject.cache.get('key')).toBeUndefined();
      expect(subject.clock.pending).toBe(0);
      await subject.clock.advance(5000);
      redis.thaw();
      expect(await eventually(() => subject.cache.get('key'))).toEqual(thing('value'));
      expect(await subject.cache.get('key')).toEqual(thing('value'));
    });

    test('a connection that stays silent is replaced', async () => {
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
  test('full, what is kept stays readable, and nobody fails of what is not', async () => {
    await using redis = await TestRedis.start(
      program ?? '',
      '--maxmemory',
      '3mb',
      '--maxmemory-policy',
      'noeviction',
    );
    await using subject = await setUp(redis);
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
    const before = subject.cache.failures;
    for (let each = 0; each < 40; each += 1) {
      subject.cache.set(`large ${each}`, thing('x'.repeat(200_000)), longMs);
      expect(await subject.cache.get('key')).toEqual(thing('value'));
    }
    expect(subject.cache.failures).toBeGreaterThan(before);
    await redis.client.flushall();
    subject.cache.set('key', thing('new'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('new'));
  });

  test('killed under way, every look-up ends; when it is back, it is used again', async () => {
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

  test('not there at all, look-ups have nothing at once, and the process can end', async () => {
    const clock = new ManualClock();
    const nowhere = { redis: '/nowhere/redis.sock', prefix: 'cache:', codec: thingCodec, clock };
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

test.each(['commandTimeoutMs', 'maxValueBytes', 'failuresToOpen'])('refuses a `%s` of nothing', (option) => {
  const options = { redis: '/nowhere/redis.sock', prefix: '', codec: thingCodec, clock: new ManualClock() };
  for (const value of [0, -1, Number.NaN]) {
    expect(() => new RedisCache<Thing>({ ...options, [option]: value })).toThrow(
      new RangeError(`Expected \`${option}\` to be a number from 1 up, got ${value}`),
    );
  }
});

/** What it resolves with in the end; Jest's own limit ends a wait for what never comes. */
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
