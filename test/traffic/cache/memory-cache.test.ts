import { MemoryCache } from '../../../src/traffic/cache/memory-cache.js';
import { ManualClock } from '../../support/manual-clock.js';
import { cacheContract, type Thing, thing } from './cache-contract.js';

function setUp(maxBytes = 1_000_000, sizeOf = ({ text }: Thing) => text.length) {
  const clock = new ManualClock();
  return { clock, cache: new MemoryCache<Thing>({ maxBytes, sizeOf, clock }) };
}

describe('as any cache, it', () => {
  cacheContract(async () => {
    const { clock, cache } = setUp();
    return { cache, pass: (ms) => clock.advance(ms), [Symbol.asyncDispose]: () => cache.close() };
  });
});

test('answers at once, without a promise', () => {
  const { cache } = setUp();
  cache.set('key', thing('value'), 1000);
  expect(cache.get('key')).toEqual(thing('value'));
  expect(cache.get('other')).toBeUndefined();
});

test('keeps a value up to the last moment of its time', async () => {
  const { cache, clock } = setUp();
  cache.set('key', thing('value'), 1000);
  await clock.advance(999);
  expect(cache.get('key')).toBeDefined();
  await clock.advance(1);
  expect(cache.get('key')).toBeUndefined();
  expect(cache.size).toBe(0);
});

describe('bytes', () => {
  test('are never more than allowed; what was used longest ago makes room', () => {
    const { cache } = setUp(100);
    for (const key of ['a', 'b', 'c']) cache.set(key, thing('x'.repeat(30)), 1000);
    cache.get('a');
    cache.set('d', thing('x'.repeat(30)), 1000);
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd']);
    expect([cache.bytes, cache.size]).toEqual([90, 3]);
  });

  test('of one value may be all there are, but not more', () => {
    const { cache } = setUp(100);
    cache.set('fits', thing('x'.repeat(100)), 1000);
    expect(cache.get('fits')).toBeDefined();
    cache.set('too large', thing('x'.repeat(101)), 1000);
    expect(cache.get('too large')).toBeUndefined();
    expect(cache.get('fits')).toBeDefined();
  });

  test('of a value that grew too large take the older one along', () => {
    const { cache } = setUp(100);
    cache.set('key', thing('x'), 1000);
    cache.set('key', thing('x'.repeat(101)), 1000);
    expect(cache.get('key')).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });

  test('stay bounded whatever comes', () => {
    const { cache } = setUp(1000);
    for (let each = 0; each < 10_000; each += 1) {
      cache.set(`key ${each % 700}`, thing('x'.repeat((each * 37) % 200)), 1000);
      expect(cache.bytes).toBeLessThanOrEqual(1000);
    }
  });

  test('even of an empty value count, so that there is no end of them', () => {
    const { cache } = setUp(10);
    for (let each = 0; each < 100; each += 1) cache.set(`${each}`, thing(''), 1000);
    expect(cache.size).toBe(10);
  });

  test('may be none: then nothing is kept', () => {
    const { cache } = setUp(0);
    cache.set('key', thing(''), 1000);
    expect(cache.get('key')).toBeUndefined();
  });

  test.each([Number.NaN, Infinity, -1])('that are said to be %p are not kept', (bytes) => {
    const { cache } = setUp(100, () => bytes);
    cache.set('key', thing('value'), 1000);
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
  });

  test('that cannot be told are not kept, and nobody fails of it', () => {
    const { cache } = setUp(100, () => {
      throw new Error('circular');
    });
    cache.set('key', thing('value'), 1000);
    expect(cache.size).toBe(0);
  });

  test.each([Number.NaN, Infinity, -1])('cannot be limited to %p', (maxBytes) => {
    expect(() => setUp(maxBytes)).toThrow(
      new RangeError(`Expected \`maxBytes\` to be a number from 0 up, got ${maxBytes}`),
    );
  });
});

test('counts what it found and what it did not', async () => {
  const { cache, clock } = setUp();
  cache.set('key', thing('value'), 1000);
  cache.get('key');
  cache.get('key');
  cache.get('other');
  await clock.advance(1000);
  cache.get('key');
  expect([cache.hits, cache.misses]).toEqual([2, 2]);
});
