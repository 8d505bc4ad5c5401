import { type Cache, type CacheStats, MemoryCache, TieredCache } from '../../../src/traffic/cache/cache.js';
import { Gate } from '../../support/gate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';
import { cacheContract, type Thing, thing } from './cache-contract.js';

const sizeOf = ({ text }: Thing) => text.length;

/** A shared store that replies when the test opens a gate. */
class Remote implements Cache<Thing> {
  readonly reads: { readonly key: string; readonly gate: Gate<Thing | undefined> }[] = [];
  readonly cached: [key: string, value: Thing, ttlMs: number][] = [];
  isClosed = false;

  get(key: string): Promise<Thing | undefined> {
    const gate = new Gate<Thing | undefined>();
    this.reads.push({ key, gate });
    return gate.opened;
  }

  set(...cached: [key: string, value: Thing, ttlMs: number]): void {
    this.cached.push(cached);
  }

  stats(): CacheStats {
    return { hits: 0, misses: this.reads.length };
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function setUp(copyTtlMs: (value: Thing) => number = () => 1000) {
  const clock = new ManualClock();
  const memory = new MemoryCache<Thing>({ maxBytes: 1000, sizeOf, clock });
  const remote = new Remote();
  return { clock, memory, remote, cache: new TieredCache<Thing>({ memory, shared: remote, copyTtlMs }) };
}

describe('like any cache, it', () => {
  cacheContract(async () => {
    const clock = new ManualClock();
    const [memory, shared] = [1, 2].map(() => new MemoryCache<Thing>({ maxBytes: 1_000_000, sizeOf, clock }));
    if (!memory || !shared) throw new Error('Both caches exist');
    const cache = new TieredCache<Thing>({ memory, shared, copyTtlMs: () => 10 });
    return { cache, pass: (ms) => clock.advance(ms), [Symbol.asyncDispose]: () => cache.close() };
  });
});

test('returns values in memory at once, and does not read the shared store', () => {
  const { cache, remote } = setUp();
  cache.set('key', thing('value'), 1000);
  expect(cache.get('key')).toEqual(thing('value'));
  expect(remote.reads).toEqual([]);
});

test('stores values in both, for the same time', () => {
  const { cache, memory, remote } = setUp();
  cache.set('key', thing('value'), 1234);
  expect(memory.get('key')).toEqual(thing('value'));
  expect(remote.cached).toEqual([['key', thing('value'), 1234]]);
});

test('reads the shared store for keys that are not in memory, and copies each value for its own time', async () => {
  const { cache, clock, remote } = setUp(({ text }) => (text === 'final' ? 5000 : 100));
  for (const [index, text] of ['final', 'open'].entries()) {
    const found = cache.get(text);
    remote.reads[index]?.gate.open(thing(text));
    expect(await found).toEqual(thing(text));
    expect(cache.get(text)).toEqual(thing(text));
  }
  await clock.advance(100);
  expect(cache.get('final')).toEqual(thing('final'));
  void cache.get('open');
  expect(remote.reads.map(({ key }) => key)).toEqual(['final', 'open', 'open']);
});

test('copies nothing that must not be stored in memory', async () => {
  const { cache, memory, remote } = setUp(() => 0);
  const found = cache.get('key');
  remote.reads[0]?.gate.open(thing('value'));
  expect(await found).toEqual(thing('value'));
  expect(memory.stats().entries).toBe(0);
});

test('does not remember that the shared store had no value', async () => {
  const { cache, remote } = setUp();
  const found = cache.get('key');
  remote.reads[0]?.gate.open(undefined);
  expect(await found).toBeUndefined();
  void cache.get('key');
  expect(remote.reads).toHaveLength(2);
});

test('reads a key once for concurrent lookups', async () => {
  const { cache, remote } = setUp();
  const found = Promise.all([cache.get('key'), cache.get('key'), cache.get('key')]);
  remote.reads[0]?.gate.open(thing('value'));
  expect(await found).toEqual(Array(3).fill(thing('value')));
  expect(remote.reads).toHaveLength(1);
});

test('a read in flight never replaces a value that was stored since', async () => {
  const { cache, remote } = setUp();
  void cache.get('key');
  cache.set('key', thing('new'), 1000);
  remote.reads[0]?.gate.open(thing('old'));
  await settled();
  expect(cache.get('key')).toEqual(thing('new'));
});

test('a read in flight does not bring back a value that was dropped since', async () => {
  const { cache, memory, remote } = setUp();
  void cache.get('key');
  cache.set('key', thing('new'), 0);
  remote.reads[0]?.gate.open(thing('old'));
  await settled();
  expect(memory.stats().entries).toBe(0);
});

test('closes both', async () => {
  const { cache, memory, remote } = setUp();
  cache.set('key', thing('value'), 1000);
  await cache.close();
  expect([memory.stats().entries, remote.isClosed]).toEqual([0, true]);
});

test('the stats add up both tiers, and show each', async () => {
  const clock = new ManualClock();
  const [memory, shared] = [1, 2].map(() => new MemoryCache<Thing>({ maxBytes: 1000, sizeOf, clock }));
  if (!memory || !shared) throw new Error('Both caches exist');
  const cache = new TieredCache<Thing>({ memory, shared, copyTtlMs: () => 1000 });
  shared.set('key', thing('value'), 1000);
  for (const key of ['key', 'key', 'other']) cache.get(key);
  expect(cache.stats()).toEqual({
    hits: 2,
    misses: 1,
    memory: { hits: 1, misses: 2, entries: 1, bytes: 5 },
    shared: { hits: 1, misses: 1, entries: 1, bytes: 5 },
  });
});
