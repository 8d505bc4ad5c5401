import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GraphQLError, parse } from 'graphql';
import { documentShapes } from '../../fuzz/document-shapes.js';
import { ParsedDocuments } from '../../src/graphql/document-caches.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const mebibyte = 1_048_576;

/** Bytes of the heap that are in use after what is not needed any more is gone. */
function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Texts as they come out of a request body: a string of its own, not a part of another one. */
const asReceived = (text: string): string => JSON.parse(JSON.stringify(text));

/** Stores different documents of one shape until a store is full, and returns what was counted and what it takes. */
async function fillWith(shape: string, characters: number) {
  const write = documentShapes[shape] ?? (() => '');
  const maxBytes = 6 * mebibyte;
  const before = heapBytes();
  const store = new ParsedDocuments(maxBytes);
  for (let index = 0, counted = -1; index < 4000 && store.bytes !== counted; index += 1) {
    counted = store.bytes;
    await store.set(`hash-${index}`, parse(asReceived(write(`d${index}`, characters))));
  }
  const taken = heapBytes() - before;
  return { taken, counted: store.bytes };
}

test.each([
  'empty comments',
  'blanks',
  'two-byte characters',
  'escape sequences',
  'unicode escapes',
  'many numbers',
  'aliased fields',
  'nested fields',
  'variable definitions',
])('documents take no more memory than is counted: %s', async (shape) => {
  const { taken, counted } = await fillWith(shape, 4000);
  expect(counted).toBeGreaterThan(0);
  // The heap of a test also holds what Jest itself keeps.
  expect(taken).toBeLessThan(counted + mebibyte);
});

test('never counts more bytes than it may hold', async () => {
  const store = new ParsedDocuments(mebibyte);
  for (let index = 0; index < 500; index += 1) {
    await store.set(`hash-${index}`, parse(`{ a${index}: __typename ${' '.repeat(10_000)} }`));
    expect(store.bytes).toBeLessThanOrEqual(mebibyte);
  }
  expect(store.bytes).toBeGreaterThan(0);
});

test('returns the document under its hash, and keeps none with 0 bytes', async () => {
  const document = parse('{ __typename }');
  const store = new ParsedDocuments(mebibyte);
  const empty = new ParsedDocuments(0);
  await store.set('hash', document);
  await empty.set('hash', document);
  expect(await store.get('hash')).toBe(document);
  expect(await store.get('other')).toBeUndefined();
  expect(await empty.get('hash')).toBeUndefined();
});

test('a flood of new documents does not displace a document that was requested again', async () => {
  const store = new ParsedDocuments(mebibyte);
  await store.set('used', parse('{ used: __typename }'));
  await store.get('used');
  for (let index = 0; index < 1000; index += 1)
    await store.set(`hash-${index}`, parse(`{ a${index}: __typename ${' '.repeat(1000)} }`));
  expect(await store.get('used')).toBeDefined();
  expect(await store.get('hash-0')).toBeUndefined();
});

test('an error in a stored document still has its line and column', async () => {
  const document = parse('{\n  # a comment\n  record(id: "x") { id }\n}');
  await new ParsedDocuments(mebibyte).set('hash', document);
  const [operation] = document.definitions;
  const field = operation?.kind === 'OperationDefinition' ? operation.selectionSet.selections[0] : undefined;
  expect(new GraphQLError('failed', { nodes: field ?? null }).locations).toEqual([{ line: 3, column: 3 }]);
});
