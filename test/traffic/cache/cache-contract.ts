import type { Cache, Codec } from '../../../src/traffic/cache/cache.js';

/** What the caches of these tests keep. */
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
  /** Lets the cache's time pass. */
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

/** Promises that hold for every cache, wherever it keeps what. */
export function cacheContract(start: () => Promise<CacheSubject>): void {
  const longMs = 60_000;

  test('gives back what was kept', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
  });

  test('has nothing under a key under which nothing was kept', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), longMs);
    expect(await subject.cache.get('other')).toBeUndefined();
  });

  test('replaces what was kept under the same key', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('old'), longMs);
    subject.cache.set('key', thing('new'), longMs);
    expect(await subject.cache.get('key')).toEqual(thing('new'));
  });

  test('forgets a value when its time is over', async () => {
    await using subject = await start();
    subject.cache.set('short', thing('value'), 30);
    subject.cache.set('long', thing('value'), longMs);
    await subject.pass(60);
    expect(await subject.cache.get('short')).toBeUndefined();
    expect(await subject.cache.get('long')).toEqual(thing('value'));
  });

  test('gives a replaced value the time of the new one', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), 30);
    subject.cache.set('key', thing('value'), longMs);
    await subject.pass(60);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
  });

  test.each([0, -1, -Infinity, Number.NaN])(
    'does not keep a value for %p ms, nor the one before',
    async (ms) => {
      await using subject = await start();
      subject.cache.set('key', thing('old'), longMs);
      subject.cache.set('key', thing('new'), ms);
      expect(await subject.cache.get('key')).toBeUndefined();
    },
  );

  test.each([Infinity, Number.MAX_VALUE, 12_345.678])('keeps a value for %p ms', async (ms) => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), ms);
    expect(await subject.cache.get('key')).toEqual(thing('value'));
  });

  test('never mixes up keys, whatever they are made of', async () => {
    await using subject = await start();
    for (const key of hostileKeys) subject.cache.set(key, thing(`of ${JSON.stringify(key)}`), longMs);
    for (const key of hostileKeys) {
      const cached = await subject.cache.get(key);
      if (isWellFormed(key) || cached) expect(cached).toEqual(thing(`of ${JSON.stringify(key)}`));
    }
  });

  test('gives back every value as it was, whatever it is made of', async () => {
    await using subject = await start();
    for (const text of hostileTexts) {
      subject.cache.set('key', thing(text), longMs);
      expect(await subject.cache.get('key')).toEqual(thing(text));
    }
  });

  test('can be closed, also twice, and answers as if it had nothing from then on', async () => {
    await using subject = await start();
    subject.cache.set('key', thing('value'), longMs);
    await subject.cache.close();
    await subject.cache.close();
    expect(await subject.cache.get('key')).toBeUndefined();
  });
}

/** Half a surrogate pair is no text, and need not be kept under. */
function isWellFormed(key: string): boolean {
  return !/\p{Surrogate}/u.test(key);
}
