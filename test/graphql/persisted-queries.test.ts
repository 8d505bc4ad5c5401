import { PersistedQueries } from '../../src/graphql/document-caches.js';

const maxBytes = 4_194_304;
const document = (each: number) => `query Document${each} { record(id: "${each}") { vonageId totalPrice } }`;

/** Behaves like a client: requests a document by its hash, and registers it when it is unknown. */
async function ask(queries: PersistedQueries, key: string, text: string): Promise<boolean> {
  const isKnown = (await queries.get(key)) !== undefined;
  if (!isKnown) await queries.set(key, text);
  return isKnown;
}

test('a document is found by its own key only', async () => {
  const queries = new PersistedQueries(maxBytes);
  await queries.set('a', 'A');
  expect([await queries.get('a'), await queries.get('a'), await queries.get('b')]).toEqual([
    'A',
    'A',
    undefined,
  ]);
  await queries.delete('a');
  expect(await queries.get('a')).toBeUndefined();
  expect(queries.bytes).toBe(0);
});

test('a flood of 20,000 documents stays within the bytes, and requested documents stay cached', async () => {
  const queries = new PersistedQueries(maxBytes);
  const good = Array.from({ length: 100 }, (_, each) => `good ${each}`);
  for (const key of [...good, ...good]) await ask(queries, key, document(1));
  let most = 0;
  for (let each = 0; each < 20_000; each += 1) {
    await ask(queries, `flood ${each}`, document(each));
    most = Math.max(most, queries.bytes);
  }
  expect(most).toBeGreaterThan(maxBytes / 8);
  expect(most).toBeLessThanOrEqual(maxBytes);
  const hits = await Promise.all(good.map((key) => queries.get(key)));
  expect(hits.filter((text) => text === undefined)).toEqual([]);
});

test('a flood of documents that are all requested again does not displace one that is requested more often', async () => {
  const queries = new PersistedQueries(maxBytes);
  let missed = 0;
  for (let each = 0; each < 5000; each += 1) {
    for (let time = 0; time < 2; time += 1) await ask(queries, `flood ${each}`, document(each));
    if (each % 100 === 0 && !(await ask(queries, 'good', document(1)))) missed += 1;
  }
  expect(missed).toBe(1);
  expect(queries.bytes).toBeLessThanOrEqual(maxBytes);
});

test('requests for unknown hashes take no memory', async () => {
  const queries = new PersistedQueries(maxBytes);
  for (let each = 0; each < 10_000; each += 1) await queries.get(`unknown ${each}`);
  expect(queries.bytes).toBe(0);
});

test('a repeated registration takes no memory and does not demote the document', async () => {
  const queries = new PersistedQueries(maxBytes);
  await ask(queries, 'a', 'A');
  await ask(queries, 'a', 'A');
  const { bytes } = queries;
  for (let time = 0; time < 3; time += 1) await queries.set('a', 'A');
  expect(queries.bytes).toBe(bytes);
});

test.each([
  [0, 'a'],
  [maxBytes, 'a'.repeat(maxBytes)],
])('a cache of %d bytes stores no larger document', async (bytes, text) => {
  const queries = new PersistedQueries(bytes);
  await queries.set('a', text);
  expect(await queries.get('a')).toBeUndefined();
  expect(queries.bytes).toBe(0);
});
