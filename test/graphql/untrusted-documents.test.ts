import {
  type UntrustedDocument,
  untrustedDocumentsHooks,
} from '../../src/graphql/plugins/untrusted-documents-hooks.js';
import { TrustedDocuments } from '../../src/graphql/trusted-documents.js';

/** Passes documents to the hooks by their hashes, and collects its reports. */
function reportUntrusted(documents: () => TrustedDocuments = () => none) {
  const reported: UntrustedDocument[] = [];
  const start = untrustedDocumentsHooks({
    documents,
    isExempt: () => false,
    onUntrusted: (document) => reported.push(document),
  });
  const run = async (queryHash: string, operationName: string | null = null) => {
    const hooks = start({} as any);
    hooks?.didResolveOperation?.({ request: {}, queryHash, operationName } as any);
  };
  return { reported, run };
}

const none = new TrustedDocuments([]);

test('the gateway reports a thousand documents at most, and marks the last report', async () => {
  const { reported, run } = reportUntrusted();
  for (let each = 0; each < 3000; each += 1) await run(`${each}`);
  expect(reported).toHaveLength(1000);
  expect(reported.findIndex(({ isLast }) => isLast)).toBe(999);
});

test('a reloaded list starts new reports', async () => {
  let documents = none;
  const { reported, run } = reportUntrusted(() => documents);
  for (let each = 0; each < 1001; each += 1) await run(`${each}`);
  documents = new TrustedDocuments(['{ a }']);
  await run('0');
  await run(TrustedDocuments.hashOf('{ a }'));
  expect(reported.slice(1000)).toEqual([{ hash: '0', operationName: undefined, isLast: false }]);
});

test('a report cuts the operation name after a hundred characters', async () => {
  const { reported, run } = reportUntrusted();
  await run('0', 'a'.repeat(100_000));
  expect(reported[0]?.operationName).toHaveLength(100);
});
