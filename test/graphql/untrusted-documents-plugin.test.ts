import { TrustedDocuments } from '../../src/graphql/documents/trusted-documents.js';
import {
  type UntrustedDocument,
  untrustedDocumentsPlugin,
} from '../../src/graphql/plugins/untrusted-documents-plugin.js';

/** Runs documents by their hashes past the plugin and collects what it tells. */
function tellUntrusted(documents: () => TrustedDocuments = () => none) {
  const told: UntrustedDocument[] = [];
  const plugin = untrustedDocumentsPlugin({
    documents,
    isExempt: () => false,
    onUntrusted: (document) => told.push(document),
  });
  const run = async (queryHash: string, operationName: string | null = null) => {
    const listener: any = await plugin.requestDidStart?.({} as any);
    await listener.didResolveOperation({ request: {}, queryHash, operationName });
  };
  return { told, run };
}

const none = new TrustedDocuments([]);

test('after a thousand documents no more are told, and the last one says so', async () => {
  const { told, run } = tellUntrusted();
  for (let each = 0; each < 3000; each += 1) await run(`${each}`);
  expect(told).toHaveLength(1000);
  expect(told.findIndex(({ isLast }) => isLast)).toBe(999);
});

test('a new list is told anew', async () => {
  let documents = none;
  const { told, run } = tellUntrusted(() => documents);
  for (let each = 0; each < 1001; each += 1) await run(`${each}`);
  documents = new TrustedDocuments(['{ a }']);
  await run('0');
  await run(TrustedDocuments.hashOf('{ a }'));
  expect(told.slice(1000)).toEqual([{ hash: '0', operationName: undefined, isLast: false }]);
});

test('a name of any length is told in a hundred letters', async () => {
  const { told, run } = tellUntrusted();
  await run('0', 'a'.repeat(100_000));
  expect(told[0]?.operationName).toHaveLength(100);
});
