import { print } from 'graphql';
import { SmsDeliveryDocument } from '../../examples/generated/operations.js';
import type { Config } from '../../src/config/config.js';
import { TrustedDocuments } from '../../src/graphql/trusted-documents.js';
import type { ConfigChanges } from '../support/change-config.js';
import { sendParameters } from '../support/send-parameters.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const { post, get } = sendParameters;
const query = print(SmsDeliveryDocument);
const hash = TrustedDocuments.hashOf(query);
const other = 'query Other($id: ID!) { record(id: $id, product: SMS) { vonageId } }';
const otherHash = TrustedDocuments.hashOf(other);
const variables = { id: '15000000E1F8B123' };
const persistedQuery = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const routerSecret = 'a secret of sixteen or more';
const trustedDocuments = new TrustedDocuments([query]);
const modes = ['off', 'log', 'enforce'] as const;

const start = (mode: Config['graphql']['trustedDocumentsMode'], config: ConfigChanges = {}, log?: string[]) =>
  startTestGateway({
    config: { ...config, graphql: { trustedDocumentsMode: mode, trustedDocuments, ...config.graphql } },
    ...(log && { log }),
  });

const found = { record: { status: 'DELIVERED', to: '447700123456' } };
const requestId = expect.any(String);
const notInList = [
  { message: expect.any(String), extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST', requestId } },
];

describe.each(modes)('with TRUSTED_DOCUMENTS=%s', (mode) => {
  const gateway = shared(() => start(mode));

  test.each([
    ['its documentId', { documentId: `sha256:${hash}` }],
    ['its bare hash as documentId', { documentId: hash }],
    ['the hash of automatic persisted queries', { extensions: persistedQuery(hash) }],
    ['both', { documentId: hash, extensions: persistedQuery(hash) }],
    ['its text', { query }],
    ['its text and documentId', { query, documentId: hash }],
    ['its text and hash', { query, extensions: persistedQuery(hash) }],
  ])('a trusted document runs by %s, in a body or in a URL', async (_what, parameters) => {
    for (const send of [post, get]) {
      const { status, data, errors } = await send(gateway().url, { ...parameters, variables });
      expect({ status, errors }).toEqual({ status: 200, errors: [] });
      expect(data).toMatchObject(found);
    }
    expect(calls(gateway())).toHaveLength(2);
  });

  test('a trusted document runs by its hash even when clients cannot register documents', async () => {
    await using gateway = await start(mode, { graphql: { apqMaxBytes: 0 } });
    const { data } = await post(gateway.url, { extensions: persistedQuery(hash), variables });
    expect(data).toMatchObject(found);
  });

  test.each([
    ['of another document', `sha256:${otherHash}`],
    ['of another kind', 'md5:abc'],
    ['in upper case', `sha256:${hash.toUpperCase()}`],
    ['that is empty', ''],
  ])('a documentId %s is not in the list', async (_what, documentId) => {
    for (const send of [post, get]) {
      const { status, errors } = await send(gateway().url, { documentId, variables });
      expect({ status, errors }).toEqual({ status: 400, errors: notInList });
    }
    expect(calls(gateway())).toEqual([]);
  });

  test.each([
    ['a documentId that is no string', { documentId: 5 }],
    ["another document's id", { query: other, documentId: hash }],
    ["another document's hash", { query, extensions: persistedQuery(otherHash) }],
    ['an id and another hash', { documentId: hash, extensions: persistedQuery(otherHash) }],
    ['another version', { query, extensions: { persistedQuery: { version: 2, sha256Hash: hash } } }],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['a malformed hash', { extensions: persistedQuery('5') }],
  ])('%s is rejected', async (_what, parameters) => {
    const { status, errors } = await post(gateway().url, { ...parameters, variables });
    expect(status).toBe(400);
    expect(errors).toEqual([
      { message: expect.stringMatching(/\.$/), extensions: { code: 'BAD_USER_INPUT', requestId } },
    ]);
    expect(calls(gateway())).toEqual([]);
  });

  test('the other parameters of a request by documentId are checked as usual', async () => {
    const documentId = `sha256:${hash}`;
    const bad = [
      { documentId, variables: { id: 'no id!' } },
      { documentId, variables: {} },
      { documentId, variables, operationName: 'Nope' },
      { documentId, variables: 'text' },
      { documentId, variables, extensions: 'text' },
      { documentId, variables, extensions: [] },
    ];
    for (const parameters of bad) {
      for (const send of [post, get]) {
        const { errors } = await send(gateway().url, parameters);
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      }
    }
    expect(calls(gateway())).toEqual([]);
  });

  test('a page of another site cannot forge a request by documentId', async () => {
    const response = await fetch(`${gateway().url}/graphql?documentId=sha256:${hash}&variables={"id":"1"}`);
    expect(response.status).toBe(400);
    expect(calls(gateway())).toEqual([]);
  });

  test('a repeated documentId is rejected', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    const search = `documentId=${otherHash}&documentId=${hash}`;
    expect((await fetch(`${gateway().url}/graphql?${search}`, { headers })).status).toBe(400);
  });
});

describe('without an enforced list', () => {
  test.each(['off', 'log'] as const)('every document runs with TRUSTED_DOCUMENTS=%s', async (mode) => {
    await using gateway = await start(mode);
    const { data } = await post(gateway.url, { query: other, variables });
    expect(data.record.vonageId).toBe('15000000E1F8B123');
  });

  test('a document that is not in the list is logged once, by its hash and name only', async () => {
    const log: string[] = [];
    await using gateway = await start('log', { graphql: { routerSecret } }, log);
    const anonymous = '{ record(id: "15000000E1F8B123", product: SMS) { vonageId } }';
    for (let time = 0; time < 3; time += 1) {
      for (const each of [query, other, anonymous, '{ nope }'])
        await post(gateway.url, { query: each, variables });
      await get(gateway.url, { query: other, variables });
    }
    expect(untrustedIn(log)).toMatchObject([
      { level: 40, hash: otherHash, operationName: 'Other', isLast: false },
      { hash: TrustedDocuments.hashOf(anonymous) },
    ]);
    expect(log.join('')).not.toContain('15000000E1F8B123", product');

    gateway.reload({ graphql: { trustedDocuments: new TrustedDocuments([other]) } });
    await post(gateway.url, { query: other, variables });
    await post(gateway.url, { query, variables });
    expect(untrustedIn(log).at(-1)).toMatchObject({ operationName: 'SmsDelivery' });
    expect(untrustedIn(log)).toHaveLength(3);
  });

  test("a router's own documents are not logged", async () => {
    const log: string[] = [];
    await using gateway = await start('log', { graphql: { routerSecret } }, log);
    await post(gateway.url, { query: other, variables }, { 'x-router-secret': routerSecret });
    expect(untrustedIn(log)).toEqual([]);
  });
});

describe('with an enforced list', () => {
  const log: string[] = [];
  const gateway = shared(() => start('enforce', { graphql: { routerSecret } }, log));

  test.each([
    ['another document', { query: other }],
    ['a document that differs by a space', { query: `${query} ` }],
    ['a document that differs by a field', { query: query.replace('totalPrice', 'currency') }],
    ['a trusted document with another one after it', { query: `${query}\n${other}`, operationName: 'Other' }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['the subgraph', { query: '{ _service { sdl } }' }],
    ['a text that is no GraphQL', { query: '}' }],
    ['the hash of another document', { extensions: persistedQuery(otherHash) }],
    ['another document with its hash', { query: other, extensions: persistedQuery(otherHash) }],
    ['another document with its documentId', { query: other, documentId: `sha256:${otherHash}` }],
  ])('%s is rejected before it is parsed', async (_what, parameters) => {
    for (const send of [post, get]) {
      const { status, errors } = await send(gateway().url, { ...parameters, variables });
      expect({ status, errors }).toEqual({ status: 400, errors: notInList });
    }
    expect(calls(gateway())).toEqual([]);
    expect(log.filter((line) => JSON.parse(line).level > 30)).toEqual([]);
  });

  test('an error has the media type that the client accepts', async () => {
    for (const type of ['application/json', 'application/graphql-response+json']) {
      const { headers } = await post(gateway().url, { query: other }, { accept: type });
      expect(headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    }
  });

  test('a request that names two documents is rejected', async () => {
    await using gateway = await start('enforce');
    const headers = { 'apollo-require-preflight': '1' };
    const search = new URLSearchParams([
      ['query', query],
      ['query', other],
      ['variables', JSON.stringify(variables)],
    ]);
    const twice = await fetch(`${gateway.url}/graphql?${search}`, { headers });
    expect(twice.status).toBe(400);
    const batch = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: other, variables }]),
    });
    expect(batch.status).toBe(400);
    const beside = await fetch(`${gateway.url}/graphql?${new URLSearchParams({ query: other })}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: hash, variables }),
    });
    expect(await beside.json()).toMatchObject({ data: found });
    expect(gateway.simulator.log.calls).toHaveLength(1);
  });

  test('no document can be registered, not even by the router', async () => {
    await using gateway = await start('enforce', { graphql: { routerSecret } });
    const router = { 'x-router-secret': routerSecret };
    const registration = { query: other, extensions: persistedQuery(otherHash), variables };
    expect((await post(gateway.url, registration)).status).toBe(400);
    const { data } = await post(gateway.url, registration, router);
    expect(data.record.vonageId).toBe('15000000E1F8B123');

    const byHash = { extensions: persistedQuery(otherHash), variables };
    expect((await post(gateway.url, byHash)).errors).toEqual(notInList);
    const { status, errors } = await post(gateway.url, byHash, router);
    expect({ status, errors }).toMatchObject({
      status: 200,
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
  });

  test('an authenticated router may run any document', async () => {
    await using gateway = await start('enforce', { graphql: { routerSecret } });
    const send = (secret: string) =>
      post(gateway.url, { query: '{ _service { sdl } }' }, { 'x-router-secret': secret });
    expect((await send(routerSecret)).data._service.sdl).toContain('type Query');
    expect((await send('another secret of sixteen')).errors).toEqual(notInList);
  });

  test('without a configured secret no request counts as an authenticated router, not even in development', async () => {
    await using gateway = await start('enforce');
    const router = { 'x-router-secret': routerSecret };
    expect((await post(gateway.url, { query: '{ _service { sdl } }' }, router)).errors).toEqual(notInList);
  });

  test('a reloaded list also applies to cached responses', async () => {
    await using gateway = await start('enforce', { cache: { maxBytes: 1_000_000 } });
    const byId = { documentId: `sha256:${hash}`, variables };
    const byText = { query, variables };
    for (let time = 0; time < 3; time += 1) {
      expect((await post(gateway.url, byId)).data).toMatchObject(found);
      expect((await post(gateway.url, byText)).data).toMatchObject(found);
    }
    gateway.reload({ graphql: { trustedDocuments: new TrustedDocuments([other]) } });
    expect((await post(gateway.url, byId)).errors).toEqual(notInList);
    expect((await post(gateway.url, byText)).errors).toEqual(notInList);
    expect((await post(gateway.url, { documentId: otherHash, variables })).errors).toEqual([]);
  });

  test('the documented operations are the default list', async () => {
    await using gateway = await startTestGateway({
      config: { graphql: { trustedDocumentsMode: 'enforce' } },
    });
    const { SmsByIdDocument } = await import('../support/generated/operations.js');
    const { data, errors } = await gateway.ask(SmsByIdDocument);
    expect({ data, errors }).toMatchObject({ data: found, errors: [] });
    expect((await gateway.ask(other, variables)).errors).toEqual(notInList);
  });
});

test('a repeated request by documentId gets the same bytes again', async () => {
  await using gateway = await start('off', { cache: { maxBytes: 1_000_000 } });
  const ask = async () => {
    const { headers, ...response } = await post(gateway.url, { documentId: hash, variables });
    return { ...response, type: headers.get('content-type') };
  };
  const [, second, third] = [await ask(), await ask(), await ask()];
  expect(third).toEqual(second);
  expect(gateway.simulator.log.calls).toHaveLength(1);
});

/** A gateway for several tests; each test sees only its own calls. */
function shared(starting: () => Promise<TestGateway>): () => TestGateway {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await starting();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  afterEach(() => void calls(gateway));
  return () => gateway;
}

/** The calls since the last use of this function. */
function calls({ simulator }: TestGateway) {
  return simulator.log.calls.splice(0);
}

function untrustedIn(log: readonly string[]) {
  return log.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes('not in the list'));
}
