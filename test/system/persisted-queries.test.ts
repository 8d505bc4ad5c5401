import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { print } from 'graphql';
import { SmsDeliveryDocument } from '../../examples/generated/operations.js';
import { TrustedDocuments, trustedDocumentList } from '../../src/graphql/trusted-documents.js';
import type { ConfigChanges } from '../support/change-config.js';
import { sendParameters } from '../support/send-parameters.js';
import { startTestGateway } from '../support/start-gateway.js';

const { post, get } = sendParameters;
const variables = { id: '15000000E1F8B123' };
const query = print(SmsDeliveryDocument);
const extensions = { persistedQuery: { version: 1, sha256Hash: TrustedDocuments.hashOf(query) } };
const notFound = [
  {
    message: 'PersistedQueryNotFound',
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', requestId: expect.any(String) },
  },
];

/** Apollo Client as its guide has it, and what it sent: the method of each request, and how it named its document. */
function apolloClient(url: string, useGETForHashedQueries = false) {
  const sent: string[] = [];
  const send: typeof fetch = (input, init = {}) => {
    const { searchParams } = new URL(String(input));
    const text = init.method === 'GET' ? JSON.stringify([...searchParams]) : String(init.body);
    const ways = ['query', 'sha256Hash'].filter((name) => new RegExp(`\\W${name}\\W`).test(text));
    sent.push(`${init.method} ${ways.join('+')}`);
    return fetch(input, init);
  };
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new PersistedQueryLink({ sha256: TrustedDocuments.hashOf, useGETForHashedQueries }).concat(
      new HttpLink({ uri: `${url}/graphql`, fetch: send }),
    ),
  });
  const ask = async () => {
    const { data } = await client.query({ query: SmsDeliveryDocument, variables, fetchPolicy: 'no-cache' });
    return data?.record;
  };
  return { ask, sent };
}

const start = (config: ConfigChanges = {}, log?: string[]) =>
  startTestGateway({ config, ...(log && { log }) });
const found = { __typename: 'SmsOutboundRecord', status: 'DELIVERED' };

test.each([
  [false, 'POST sha256Hash'],
  [true, 'GET sha256Hash'],
])('Apollo Client registers a document once and then sends its hash (by GET: %s)', async (useGet, byHash) => {
  const log: string[] = [];
  await using gateway = await start({}, log);
  const { ask, sent } = apolloClient(gateway.url, useGet);
  for (let request = 0; request < 3; request += 1) expect(await ask()).toMatchObject(found);
  expect(sent).toEqual([byHash, 'POST query+sha256Hash', byHash, byHash]);
  const another = apolloClient(gateway.url, useGet);
  await another.ask();
  expect(another.sent).toEqual([byHash]);
  expect(log.filter((line) => JSON.parse(line).level > 30)).toEqual([]);
});

test('Apollo Client sends only texts after the error that documents cannot be registered', async () => {
  const log: string[] = [];
  await using gateway = await start({ graphql: { apqMaxBytes: 0 } }, log);
  const { ask, sent } = apolloClient(gateway.url);
  for (let request = 0; request < 3; request += 1) expect(await ask()).toMatchObject(found);
  expect(sent).toEqual(['POST sha256Hash', 'POST query', 'POST query', 'POST query']);
  expect(log.filter((line) => JSON.parse(line).level > 30)).toEqual([]);
});

test('Apollo Client runs trusted documents by their hashes where no others may run', async () => {
  const body = print(new InMemoryCache().transformDocument(SmsDeliveryDocument));
  const operation = { id: TrustedDocuments.hashOf(body), name: 'SmsDelivery', type: 'query', body };
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: [operation] };
  await using gateway = await start({
    graphql: { trustedDocumentsMode: 'enforce', trustedDocuments: trustedDocumentList.parse(manifest) },
  });
  const { ask, sent } = apolloClient(gateway.url);
  for (let request = 0; request < 2; request += 1) expect(await ask()).toMatchObject(found);
  expect(sent).toEqual(['POST sha256Hash', 'POST sha256Hash']);

  gateway.reload({ graphql: { trustedDocuments: new TrustedDocuments([]) } });
  await expect(ask()).rejects.toThrow(/trusted documents only/);
  expect(sent).toHaveLength(3);
});

test('an unregistered hash is not found, and that response is not cacheable', async () => {
  await using gateway = await start();
  for (const send of [post, get]) {
    const { status, errors, headers } = await send(gateway.url, { extensions, variables });
    expect({ status, errors }).toEqual({ status: 200, errors: notFound });
    expect(headers.get('cache-control')).toMatch(/no-cache|no-store/);
  }
  expect(gateway.simulator.log.calls).toEqual([]);
});

test.each([
  ['a field that there is not', '{ nope }'],
  ['what is no GraphQL', '}'],
])('a document with %s is not registered', async (_what, wrong) => {
  await using gateway = await start();
  const persisted = { persistedQuery: { version: 1, sha256Hash: TrustedDocuments.hashOf(wrong) } };
  const { errors } = await post(gateway.url, { query: wrong, extensions: persisted });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect((await post(gateway.url, { extensions: persisted })).errors).toEqual(notFound);
});

test('a document is registered for the next caller, by POST and by GET', async () => {
  for (const send of [post, get]) {
    await using gateway = await start();
    expect((await send(gateway.url, { query, extensions, variables })).data.record.status).toBe('DELIVERED');
    for (const again of [post, get]) {
      const { data } = await again(gateway.url, { extensions, variables });
      expect(data.record.status).toBe('DELIVERED');
    }
  }
});

test('registered documents are evicted beyond the maximum of bytes', async () => {
  await using gateway = await start({ graphql: { apqMaxBytes: 32_768 } });
  await post(gateway.url, { query, extensions, variables });
  await post(gateway.url, { extensions, variables });
  const others = Array.from({ length: 200 }, (_, each) => `query Other${each} { __typename }`);
  const byHash = (text: string) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash: TrustedDocuments.hashOf(text) } },
  });
  for (const text of others) await post(gateway.url, { query: text, ...byHash(text) });
  expect((await post(gateway.url, byHash(others[0] ?? ''))).errors).toEqual(notFound);
  expect((await post(gateway.url, byHash(others.at(-1) ?? ''))).errors).toEqual([]);
  expect((await post(gateway.url, { extensions, variables })).errors).toEqual([]);
});
