import { PersistedQueries } from '../../src/graphql/documents/persisted-queries.js';

const maxBytes = 4_194_304;
const document = (each: number) => `query Document${each} { record(id: "${each}") { vonageId totalPrice } }`;

/** What a client does: asks by the hash, and registers what is not known. */
async function ask(queries: PersistedQueries, key: string, text: string): Promise<boolean> {
  const isKnown = (await queries.get(key)) !== undefined;
  if (!isKnown) await queries.set(key, text);
  return isKnown;
}

test('a document is found by its key, and no other', async () => {
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

test('a flood of 100,000 documents takes no more than its bytes, and those that are used stay', async () => {
  const queries = new PersistedQueries(maxBytes);
  const good = Array.from({ length: 100 }, (_, each) => `good ${each}`);
  for (const key of [...good, ...good]) await ask(queries, key, document(1));
  let most = 0;
  for (let each = 0; each < 100_000; each += 1) {
    await ask(queries, `flood ${each}`, document(each));
    most = Math.max(most, queries.bytes);
  }
  expect(most).toBeGreaterThan(maxBytes / 8);
  expect(most).toBeLessThanOrEqual(maxBytes);
  const hits = await Promise.all(good.map((key) => queries.get(key)));
  expect(hits.filter((text) => text === undefined)).toEqual([]);
});

test('a flood of documents that are all used again leaves those that are used more often', async () => {
  const queries = new PersistedQueries(maxBytes);
  let missed = 0;
  for (let each = 0; each < 20_000; each += 1) {
    for (let turn = 0; turn < 2; turn += 1) await ask(queries, `flood ${each}`, document(each));
    if (each % 100 === 0 && !(await ask(queries, 'good', document(1)))) missed += 1;
  }
  expect(missed).toBe(1);
  expect(queries.bytes).toBeLessThanOrEqual(maxBytes);
});

test('to look for unknown hashes takes no memory', async () => {
  const queries = new PersistedQueries(maxBytes);
  for (let each = 0; each < 10_000; each += 1) await queries.get(`unknown ${each}`);
  expect(queries.bytes).toBe(0);
});

test('to register a document again takes no more, and makes it no newcomer', async () => {
  const queries = new PersistedQueries(maxBytes);
  await ask(queries, 'a', 'A');
  await ask(queries, 'a', 'A');
  const { bytes } = queries;
  for (let turn = 0; turn < 3; turn += 1) await queries.set('a', 'A');
  expect(queries.bytes).toBe(bytes);
});

test.each([
  [0, 'a'],
  [maxBytes, 'a'.repeat(maxBytes)],
])('of %d bytes there is no room for what is larger', async (bytes, text) => {
  const queries = new PersistedQueries(bytes);
  await queries.set('a', text);
  expect(await queries.get('a')).toBeUndefined();
  expect(queries.bytes).toBe(0);
});
