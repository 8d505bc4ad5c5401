import { MemoryCache } from '../../../src/traffic/cache/cache.js';
import { ManualClock } from '../../support/manual-clock.js';
import { cacheContract, type Thing, thing } from './cache-contract.js';

function setUp(maxBytes = 1_000_000, sizeOf = ({ text }: Thing) => text.length) {
  const clock = new ManualClock();
  return { clock, cache: new MemoryCache<Thing>({ maxBytes, sizeOf, clock }) };
}

describe('like any cache, it', () => {
  cacheContract(async () => {
    const { clock, cache } = setUp();
    return { cache, pass: (ms) => clock.advance(ms), [Symbol.asyncDispose]: () => cache.close() };
  });
});

test('returns at once, without a promise', () => {
  const { cache } = setUp();
  cache.set('key', thing('value'), 1000);
  expect(cache.get('key')).toEqual(thing('value'));
  expect(cache.get('other')).toBeUndefined();
});

test('stores a value until the last moment of its time to live', async () => {
  const { cache, clock } = setUp();
  cache.set('key', thing('value'), 1000);
  await clock.advance(999);
  expect(cache.get('key')).toBeDefined();
  await clock.advance(1);
  expect(cache.get('key')).toBeUndefined();
  expect(cache.stats().entries).toBe(0);
});

describe('bytes', () => {
  test('never exceed the maximum, and the least recently used value makes room', () => {
    const { cache } = setUp(100);
    for (const key of ['a', 'b', 'c']) cache.set(key, thing('x'.repeat(30)), 1000);
    cache.get('a');
    cache.set('d', thing('x'.repeat(30)), 1000);
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd']);
    expect(cache.stats()).toMatchObject({ bytes: 90, entries: 3 });
  });

  test('of one value may be the maximum, but not more', () => {
    const { cache } = setUp(100);
    cache.set('fits', thing('x'.repeat(100)), 1000);
    expect(cache.get('fits')).toBeDefined();
    cache.set('too large', thing('x'.repeat(101)), 1000);
    expect(cache.get('too large')).toBeUndefined();
    expect(cache.get('fits')).toBeDefined();
  });

  test('of a value that is too large remove the old one', () => {
    const { cache } = setUp(100);
    cache.set('key', thing('x'), 1000);
    cache.set('key', thing('x'.repeat(101)), 1000);
    expect(cache.get('key')).toBeUndefined();
    expect(cache.stats().bytes).toBe(0);
  });

  test('stay bounded whatever is stored', () => {
    const { cache } = setUp(1000);
    for (let each = 0; each < 10_000; each += 1) {
      cache.set(`key ${each % 700}`, thing('x'.repeat((each * 37) % 200)), 1000);
      expect(cache.stats().bytes).toBeLessThanOrEqual(1000);
    }
  });

  test('of an empty value are counted as one, so that their number is bounded', () => {
    const { cache } = setUp(10);
    for (let each = 0; each < 100; each += 1) cache.set(`${each}`, thing(''), 1000);
    expect(cache.stats().entries).toBe(10);
  });

  test('may be limited to 0, which stores nothing', () => {
    const { cache } = setUp(0);
    cache.set('key', thing(''), 1000);
    expect(cache.get('key')).toBeUndefined();
  });

  test.each([Number.NaN, Infinity, -1])('of %p are not stored', (bytes) => {
    const { cache } = setUp(100, () => bytes);
    cache.set('key', thing('value'), 1000);
    expect(cache.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  test('that cannot be computed are not stored, and no error is thrown', () => {
    const { cache } = setUp(100, () => {
      throw new Error('circular');
    });
    cache.set('key', thing('value'), 1000);
    expect(cache.stats().entries).toBe(0);
  });

  test.each([Number.NaN, Infinity, -1])('cannot be limited to %p', (maxBytes) => {
    expect(() => setUp(maxBytes)).toThrow(
      new RangeError(`Expected \`maxBytes\` to be a finite number from 0 up, got ${maxBytes}`),
    );
  });
});

test('counts an expired value as a miss', async () => {
  const { cache, clock } = setUp();
  cache.set('key', thing('value'), 1000);
  cache.get('key');
  cache.get('key');
  cache.get('other');
  await clock.advance(1000);
  cache.get('key');
  expect(cache.stats()).toEqual({ hits: 2, misses: 2, entries: 0, bytes: 0 });
});
