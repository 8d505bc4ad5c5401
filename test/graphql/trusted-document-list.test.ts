import { readFileSync } from 'node:fs';
import { type DocumentNode, Kind, parse, print } from 'graphql';
import * as exampleDocuments from '../../examples/generated/operations.js';
import { readConfig } from '../../src/config/config.js';
import { TrustedDocuments, trustedDocumentList } from '../../src/graphql/trusted-documents.js';
import { readExampleOperations } from '../../src/http/pages.js';
import * as documents from '../support/generated/operations.js';

const text = 'query Name { node(id: "ö") { id } }';
const hash = TrustedDocuments.hashOf(text);
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

test('the example in the appendix of GraphQL over HTTP has the documented id', () => {
  const example = 'query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}';
  expect(TrustedDocuments.hashOf(example)).toBe(
    '7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e',
  );
});

test.each([
  ['with the prefix', { [`sha256:${hash}`]: text }],
  ['without the prefix', { [hash]: text }],
  [
    "in Apollo's format",
    {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: hash, name: 'Name', type: 'query', body: text }],
    },
  ],
])('reads ids %s', (_what, content) => {
  const list = trustedDocumentList.parse(content);
  expect(list.size).toBe(1);
  expect(list.get(hash)).toBe(text);
  expect([list.has(text), list.has(`${text} `)]).toEqual([true, false]);
});

test('an empty list trusts nothing', () => {
  expect(trustedDocumentList.parse({}).size).toBe(0);
});

test.each([
  ['a text in place of an object', 'text'],
  ['a list', [text]],
  ['a document that is no string', { [hash]: 5 }],
  ['an operation without an id', { format: 'apollo-persisted-query-manifest', operations: [{ body: text }] }],
  ["another text's hash", { [TrustedDocuments.hashOf('{ a }')]: text }],
  ['a hash in upper case', { [hash.toUpperCase()]: text }],
  ['another prefix', { [`md5:${hash}`]: text }],
  ['a text that is no GraphQL', { [TrustedDocuments.hashOf('} secret')]: '} secret' }],
])('rejects %s, and quotes no document', (_what, content) => {
  const { success, error } = trustedDocumentList.safeParse(content);
  expect(success).toBe(false);
  expect(error?.message).toMatch(/must be/);
  expect(error?.message).not.toMatch(/Name|secret/);
});

test('the manifest holds every operation of schema/operations, and no other', () => {
  const list = trustedDocumentList.parse(readJson('schema/trusted-documents.json'));
  const operations = readExampleOperations().map(({ document }) => print(parse(document)));
  expect(operations.filter((each) => !list.has(each))).toEqual([]);
  expect(list.size).toBe(operations.length);
});

test.each([
  ['schema/trusted-documents.json', documents],
  ['examples/generated/trusted-documents.json', exampleDocuments],
])('every typed document prints to the text of an id in %s', (path, typed) => {
  const printed = Object.values<DocumentNode>(typed as object as Record<string, DocumentNode>)
    .filter(({ definitions }) => definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
    .map((each) => print(each));
  expect(printed).not.toEqual([]);
  expect(Object.keys(readJson(path)).sort()).toEqual(
    printed.map((each) => `sha256:${TrustedDocuments.hashOf(each)}`).sort(),
  );
});

test('the configuration reads and watches a file of documents, and a wrong file is a configuration error', () => {
  const path = 'schema/trusted-documents.json';
  const { graphql, files } = readConfig({ TRUSTED_DOCUMENTS_FILE: path });
  expect(graphql.trustedDocuments?.size).toBe(readExampleOperations().length);
  expect(files).toEqual([path]);
  const wrong = () => readConfig({ TRUSTED_DOCUMENTS: 'on', TRUSTED_DOCUMENTS_FILE: 'package.json' });
  expect(wrong).toThrow(/TRUSTED_DOCUMENTS must be off, log or enforce/);
  expect(wrong).toThrow(/TRUSTED_DOCUMENTS_FILE: .* must be an object of documents by their ids/);
});

test('the documentation shows a valid list and valid ids', () => {
  const page = readFileSync('docs/trusted-documents.md', 'utf8');
  const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
  const ids = [...page.matchAll(/documentId\W+sha256:(\w+)/g)].map(([, id]) => id ?? '');
  expect(trustedDocumentList.parse(JSON.parse(json)).size).toBe(1);
  const own = trustedDocumentList.parse(readJson('schema/trusted-documents.json'));
  expect(ids.map((id) => own.get(id) !== undefined)).toEqual([true, true]);
});
