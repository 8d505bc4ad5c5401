import type { Cache } from '../../../src/traffic/cache/cache.js';
import { MemoryCache } from '../../../src/traffic/cache/memory-cache.js';
import { TieredCache } from '../../../src/traffic/cache/tiered-cache.js';
import { Gate } from '../../support/gate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';
import { cacheContract, type Thing, thing } from './cache-contract.js';

const sizeOf = ({ text }: Thing) => text.length;

/** A shared store that answers when the test lets it. */
class Remote implements Cache<Thing> {
  readonly asked: { readonly key: string; readonly gate: Gate<Thing | undefined> }[] = [];
  readonly cached: [key: string, value: Thing, ttlMs: number][] = [];
  isClosed = false;

  get(key: string): Promise<Thing | undefined> {
    const gate = new Gate<Thing | undefined>();
    this.asked.push({ key, gate });
    return gate.opened;
  }

  set(...cached: [key: string, value: Thing, ttlMs: number]): void {
    this.cached.push(cached);
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

describe('as any cache, it', () => {
  cacheContract(async () => {
    const clock = new ManualClock();
    const [memory, shared] = [1, 2].map(() => new MemoryCache<Thing>({ maxBytes: 1_000_000, sizeOf, clock }));
    if (!memory || !shared) throw new Error('Both were made');
    const cache = new TieredCache<Thing>({ memory, shared, copyTtlMs: () => 10 });
    return { cache, pass: (ms) => clock.advance(ms), [Symbol.asyncDispose]: () => cache.close() };
  });
});

test('answers from memory at once, and does not ask the shared store', () => {
  const { cache, remote } = setUp();
  cache.set('key', thing('value'), 1000);
  expect(cache.get('key')).toEqual(thing('value'));
  expect(remote.asked).toEqual([]);
});

test('keeps in both, for the same time', () => {
  const { cache, memory, remote } = setUp();
  cache.set('key', thing('value'), 1234);
  expect(memory.get('key')).toEqual(thing('value'));
  expect(remote.cached).toEqual([['key', thing('value'), 1234]]);
});

test('asks the shared store for what memory has not, and copies it for as long as its kind may be', async () => {
  const { cache, clock, remote } = setUp(({ text }) => (text === 'final' ? 5000 : 100));
  for (const [index, text] of ['final', 'open'].entries()) {
    const found = cache.get(text);
    remote.asked[index]?.gate.open(thing(text));
    expect(await found).toEqual(thing(text));
    expect(cache.get(text)).toEqual(thing(text));
  }
  await clock.advance(100);
  expect(cache.get('final')).toEqual(thing('final'));
  void cache.get('open');
  expect(remote.asked.map(({ key }) => key)).toEqual(['final', 'open', 'open']);
});

test('copies nothing that may not be kept in memory', async () => {
  const { cache, memory, remote } = setUp(() => 0);
  const found = cache.get('key');
  remote.asked[0]?.gate.open(thing('value'));
  expect(await found).toEqual(thing('value'));
  expect(memory.size).toBe(0);
});

test('does not remember that the shared store had nothing', async () => {
  const { cache, remote } = setUp();
  const found = cache.get('key');
  remote.asked[0]?.gate.open(undefined);
  expect(await found).toBeUndefined();
  void cache.get('key');
  expect(remote.asked).toHaveLength(2);
});

test('asks once for all who want the same while it waits', async () => {
  const { cache, remote } = setUp();
  const found = Promise.all([cache.get('key'), cache.get('key'), cache.get('key')]);
  remote.asked[0]?.gate.open(thing('value'));
  expect(await found).toEqual(Array(3).fill(thing('value')));
  expect(remote.asked).toHaveLength(1);
});

test('an answer on its way never covers what was kept since', async () => {
  const { cache, remote } = setUp();
  void cache.get('key');
  cache.set('key', thing('new'), 1000);
  remote.asked[0]?.gate.open(thing('old'));
  await settled();
  expect(cache.get('key')).toEqual(thing('new'));
});

test('an answer on its way does not bring back what was dropped since', async () => {
  const { cache, memory, remote } = setUp();
  void cache.get('key');
  cache.set('key', thing('new'), 0);
  remote.asked[0]?.gate.open(thing('old'));
  await settled();
  expect(memory.size).toBe(0);
});

test('closes both', async () => {
  const { cache, memory, remote } = setUp();
  cache.set('key', thing('value'), 1000);
  await cache.close();
  expect([memory.size, remote.isClosed]).toEqual([0, true]);
});
