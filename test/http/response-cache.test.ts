import { ResponseCache } from '../../src/http/endpoint/response-cache.js';

const response = (body: string, isFresh = () => true) => ({
  headers: {},
  body,
  ids: 1,
  operation: 'other',
  savedRecords: new Map(),
  lookups: 1,
  isFresh,
});

/** Records a request as often as it takes for its response to be cached. */
function fill(cache: ResponseCache, key: string, cached = response(key)) {
  cache.record(key, () => cached);
  cache.record(key, () => cached);
}

test('only an equal request gets a cached response', () => {
  const cache = new ResponseCache(100_000);
  fill(cache, 'one');
  expect(cache.get('one')?.body).toBe('one');
  expect(cache.get('other')).toBeUndefined();
});

test('a response is cached from the second equal request on', () => {
  const cache = new ResponseCache(100_000);
  cache.record('one', () => {
    throw new Error('The cache asked for the first response');
  });
  expect(cache.get('one')).toBeUndefined();
  cache.record('one', () => response('1'));
  expect(cache.get('one')?.body).toBe('1');
});

test('an uncacheable response is never cached, however often its request comes', () => {
  const cache = new ResponseCache(100_000);
  for (let time = 0; time < 3; time += 1) cache.record('one', () => undefined);
  expect(cache.get('one')).toBeUndefined();
});

test('a response whose rows changed is dropped, and the next response is cached', () => {
  const cache = new ResponseCache(100_000);
  let isFresh = true;
  fill(
    cache,
    'one',
    response('1'.repeat(10_000), () => isFresh),
  );
  isFresh = false;
  expect(cache.get('one')).toBeUndefined();
  expect(cache.bytes).toBeLessThan(10_000);
  cache.record('one', () => response('2'));
  expect(cache.get('one')?.body).toBe('2');
});

test('the least recently used responses make room', () => {
  const cache = new ResponseCache(100_000);
  for (let each = 0; each < 1000; each += 1) {
    fill(cache, `key ${each}`);
    cache.get('key 0');
  }
  expect(cache.bytes).toBeLessThanOrEqual(100_000);
  expect(cache.get('key 0')).toBeDefined();
  expect(cache.get('key 1')).toBeUndefined();
  expect(cache.get('key 999')).toBeDefined();
});

test.each([0, 4000])('a response that does not fit into %d bytes is not cached', (maxBytes) => {
  const cache = new ResponseCache(maxBytes);
  fill(cache, 'one');
  expect(cache.get('one')).toBeUndefined();
});
