import type { Cache, Codec } from '../../../src/traffic/cache/cache.js';

/** The values that the caches of these tests store. */
export interface Thing {
  readonly text: string;
}

export const thing = (text: string): Thing => ({ text });

export const thingCodec: Codec<Thing> = {
  encode: (value) => JSON.stringify(value),
  decode(text) {
    const value = JSON.parse(text);
    return typeof value?.text === 'string' ? { text: value.text } : undefined;
  },
};

export interface CacheSubject extends AsyncDisposable {
  readonly cache: Cache<Thing>;
  /** Advances the time of the cache. */
  pass(ms: number): Promise<void>;
}

const hostileKeys = [
  '',
  ' ',
  '*',
  '__proto__',
  'constructor',
  'a\nb',
  'a\0b',
  '\r\n*1\r\n$8\r\nFLUSHALL\r\n',
  '{a}{b}',
  'ключ 🔑',
  '\u00e9',
  'e\u0301',
  '\ud800',
  '\udfff',
  '\ufffd',
  'k'.repeat(10_000),
];

const hostileTexts = ['', '__proto__', '\0', '\r\n', '"}]', 'null', '🔑', '\ud800', 'x'.repeat(50_000)];

/** Promises that hold for every cache, wherever it stores its values. */
export function cacheContract(start: () => Promise<CacheSubject>): void {
  const longMs = 60_000;

  test('returns a stored value', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
  });

  test('returns nothing for a key that was never stored', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('other')).toBeUndefined();
  });

  test('replaces the value under the same key', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('old'), longMs);
    subject.cache.set('key', thing('new'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('new'));
  });

  test('drops a value when its time to live has passed', async () => {
    await using subject = await start();
    subject.cache.set('short', thing('value'), 30);
    subject.cache.set('long', thing('value'), longMs);
    await subject.pass(60);
    expect(await subject.cache.get('short')).toBeUndefined();
    expect(await subject.cache.get('long')).toEqual(thing('value'));
  });

  test('applies the time to live of the new value when it replaces one', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), 30);
    subject.cache.set('key', thing('value'), longMs);
    await subject.pass(60);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
  });

  test.each([0, -1, -Infinity, Number.NaN])(
    'does not store a value for %p ms, and drops the old one',
    async (ms) => {
      await using subject = await start();
      subject.cache.set('key', thing('old'), longMs);
      subject.cache.set('key', thing('new'), ms);
      expect(await subject.cache.get('key')).toBeUndefined();
    },
  );

  test.each([Infinity, Number.MAX_VALUE, 12_345.678])('stores a value for %p ms', async (ms) => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), ms);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
  });

  test('never confuses keys, whatever characters they have', async () => {
    await using subject = await start();
    for (const key of hostileKeys) subject.cache.set(key, thing(`of ${JSON.stringify(key)}`), longMs);
    for (const key of hostileKeys) {
      const cached = await subject.cache.get(key);
      if (isWellFormed(key) || cached) expect(cached).toEqual(thing(`of ${JSON.stringify(key)}`));
    }
  });

  test('returns every value unchanged, whatever characters it has', async () => {
    await using subject = await start();
    for (const text of hostileTexts) {
      subject.cache.set('key', thing(text), longMs);
      expect(await subject.cache.get('key')).toEqual(thing(text));
    }
  });

  test('counts hits and misses', async () => {
    await using subject = await start();
    const { hits, misses } = subject.cache.stats();
    subject.cache.set('key', thing('value'), longMs);
    await subject.cache.get('key');
    await subject.cache.get('other');
    expect(subject.cache.stats()).toMatchObject({ hits: hits + 1, misses: misses + 1 });
  });

  test('can be closed twice, and is empty from then on', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), longMs);
    await subject.cache.close();
    await subject.cache.close();
    expect(await subject.cache.get('key')).toBeUndefined();
  });
}

/** A lone surrogate has no UTF-8 encoding, and need not work as a key. */
function isWellFormed(key: string): boolean {
  return !/\p{Surrogate}/u.test(key);
}
