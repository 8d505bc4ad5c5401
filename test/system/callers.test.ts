import { Direction, Product } from '../../src/catalogue/product.js';
import { encodeGlobalId } from '../../src/records/global-id.js';
import { sendRaw } from '../support/raw-socket.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';

const routerSecret = 'a secret of the router and of this gateway';
const own = 'abcd1234';
const foreign = 'efgh5678';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: {
      graphql: { routerSecret },
      ...tokensFor({
        everything: { accounts: 'any' },
        onlySms: { products: [Product.SMS] },
        onlyVoiceCalls: { products: [Product.VOICE_CALL] },
        reader: {},
        explainer: { scopes: ['explain', 'introspect'] },
      }),
    },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => gateway.simulator.log.clear());

const calls = () => gateway.simulator.log.calls;
const sms = '15000000E1F8B123';
const voice = () => gateway.simulator.dataset.ids(Product.VOICE_CALL)[0] ?? '';
const globalId = (product: Product, vonageId: string, accountId = own) =>
  encodeGlobalId({
    accountId,
    product,
    direction: product === Product.SMS ? Direction.OUTBOUND : null,
    vonageId,
    rowKey: null,
  });

/** Sends an operation as a caller, through the router where only the router may send it. */
function askAs(caller: string, operation: string, variables: object = {}) {
  const router = operation.includes('_entities') ? { 'x-router-secret': routerSecret } : {};
  return gateway.ask(operation, variables, { ...authorizationOf(caller), ...router });
}

describe('a request without valid credentials', () => {
  const credentials: [string, Record<string, string>][] = [
    ['no credentials', {}],
    ['an unknown token', { authorization: 'Bearer unknown-token-0123456789abcdef' }],
    ['a token as Basic', { authorization: 'Basic cmVhZGVyOnRva2Vu' }],
    ['a token in the wrong header', { 'x-api-key': authorizationOf('reader').authorization ?? '' }],
    ['an empty header', { authorization: '' }],
    ['the hash of a token', { authorization: `Bearer ${tokensFor({ reader: {} }).auth.tokens[0]?.sha256}` }],
  ];
  test.each(credentials)('with %s gets 401 and a challenge, and nothing is sent', async (_how, headers) => {
    const operation = `{ record(id: "${sms}", product: SMS) { vonageId } }`;
    const { status, headers: responded, data, errors } = await gateway.ask(operation, {}, headers);
    expect([status, data]).toEqual([401, undefined]);
    expect(responded.get('www-authenticate')).toBe('Bearer');
    expect(errors).toEqual([
      expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) } }),
    ]);
    expect(calls()).toEqual([]);
  });

  test.each([
    ['a good one first', ['reader', 'unknown']],
    ['a good one last', ['unknown', 'reader']],
    ['two good ones', ['reader', 'everything']],
    ['one twice', ['reader', 'reader']],
  ])('with two Authorization headers, %s, gets 401, and nothing is sent', async (_order, names) => {
    const body = JSON.stringify({ query: `{ record(id: "${sms}", product: SMS) { vonageId } }` });
    const headers = names.map((name) => `authorization: ${authorizationOf(name).authorization}\r\n`).join('');
    const { status, body: text } = await sendRaw(
      gateway.url,
      `POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`,
    );
    expect([status, calls()]).toEqual([401, []]);
    expect(JSON.parse(text).errors[0].message).toMatch(/exactly one Authorization header; this one has 2/);
  });

  test('is rejected before its body is read', async () => {
    const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', body: 'not JSON at all' });
    expect(response.status).toBe(401);
  });

  test('from an authenticated router gets the subgraph, but no record, and the error names the likely cause', async () => {
    const headers = { 'x-router-secret': routerSecret };
    const { data } = await gateway.ask('{ _service { sdl } }', {}, headers);
    expect(data._service.sdl).toContain('type SmsOutboundRecord');
    const lookup = await gateway.ask(`{ record(id: "${sms}") { vonageId } }`, {}, headers);
    expect([lookup.status, lookup.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(lookup.errors).toEqual([
      {
        message:
          'No Authorization header arrived, and the field record needs the credentials of a caller. A router must forward the header.',
        extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
      },
    ]);
    expect(calls()).toEqual([]);
  });

  test('may still read the health probes', async () => {
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  });
});

/** Every query through which a caller can request a record. */
const queries: [string, (product: Product, id: string, accountId?: string) => readonly [string, object]][] = [
  [
    'record',
    (product, id) => [
      `query ($id: ID!) { found: record(id: $id, product: ${nameOf(product)}) { vonageId } }`,
      { id },
    ],
  ],
  [
    'record by global id',
    (product, id, accountId) => [
      'query ($id: ID!) { found: record(id: $id) { vonageId } }',
      { id: globalId(product, id, accountId) },
    ],
  ],
  [
    'records',
    (product, id) => [
      `query ($id: ID!) { found: records(ids: [$id], product: ${nameOf(product)}) { nodes { vonageId } } }`,
      { id },
    ],
  ],
  [
    'records by global id',
    (product, id, accountId) => [
      'query ($id: ID!) { found: records(ids: [$id]) { nodes { vonageId } } }',
      { id: globalId(product, id, accountId) },
    ],
  ],
  [
    'its family',
    (product, id) => [
      `query ($id: ID!) { found: ${product === Product.SMS ? 'smsRecord' : 'voiceRecord'}(id: $id) { __typename } }`,
      { id },
    ],
  ],
  [
    'node',
    (product, id, accountId) => [
      'query ($id: ID!) { found: node(id: $id) { id } }',
      { id: globalId(product, id, accountId) },
    ],
  ],
  [
    'nodes',
    (product, id, accountId) => [
      'query ($id: ID!) { found: nodes(ids: [$id]) { id } }',
      { id: globalId(product, id, accountId) },
    ],
  ],
  [
    '_entities',
    (product, id, accountId) => [
      'query ($representations: [_Any!]!) { found: _entities(representations: $representations) { ... on VonageRecord { vonageId } } }',
      { representations: [{ __typename: 'VonageRecord', id: globalId(product, id, accountId) }] },
    ],
  ],
];
const nameOf = (product: Product) => (product === Product.SMS ? 'SMS' : 'VOICE_CALL');

describe.each(queries)('with the query %s', (_name, operationFor) => {
  test('a caller finds what it may read', async () => {
    const { data, errors } = await askAs('onlySms', ...operationFor(Product.SMS, sms));
    expect(errors).toEqual([]);
    expect(JSON.stringify(data.found)).toMatch(/15000000E1F8B123|SmsOutboundRecord|vr1_/);
  });

  test('a caller is refused a product that is not its own, and nothing is sent', async () => {
    const { errors } = await askAs('onlySms', ...operationFor(Product.VOICE_CALL, voice()));
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/^This caller may not read records of .*VOICE_CALL/),
        extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
      }),
    ]);
    expect(calls()).toEqual([]);
  });

  test('a caller without the scope of reading is refused, and nothing is sent', async () => {
    const { errors } = await askAs('explainer', ...operationFor(Product.SMS, sms));
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(calls()).toEqual([]);
  });
});

describe.each(queries.filter(([name]) => /global|node|_entities/.test(name)))(
  'by %s',
  (_name, operationFor) => {
    test('a caller is refused an account that is not its own, and nothing is sent', async () => {
      const { errors } = await askAs('reader', ...operationFor(Product.SMS, sms, foreign));
      expect(errors).toEqual([
        expect.objectContaining({
          message: `This caller may not read records of account ${foreign}.`,
          extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
        }),
      ]);
      expect(calls()).toEqual([]);
    });
  },
);

test.each(['record', 'smsRecord', 'voiceRecord'])(
  'a caller is refused the account that it names in %s, and nothing is sent',
  async (field) => {
    const { errors } = await askAs(
      'reader',
      `{ ${field}(id: "${sms}", accountId: "${foreign}") { __typename } }`,
    );
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(calls()).toEqual([]);
  },
);

describe('a search', () => {
  test('goes through the products that the caller may read only, and misses what is in others', async () => {
    const { data, errors } = await askAs('onlySms', `{ record(id: "${voice()}") { vonageId } }`);
    expect([data.record, errors]).toEqual([null, []]);
    expect(new Set(calls().map(({ product }) => product))).toEqual(new Set([Product.SMS]));
  });

  test('of a family goes through those of its products that the caller may read', async () => {
    const { data } = await askAs('onlyVoiceCalls', `{ voiceRecord(id: "${voice()}") { __typename } }`);
    expect(data.voiceRecord).toEqual({ __typename: 'VoiceCallRecord' });
    expect(calls().map(({ product }) => product)).toEqual([Product.VOICE_CALL]);
  });
});

test('an edge to products of other callers fails, and the other fields have values', async () => {
  const { data, errors } = await askAs(
    'onlyVoiceCalls',
    `{ one: record(id: "${voice()}", product: VOICE_CALL) { vonageId ... on VoiceCallRecord { events { __typename } } }
       two: record(id: "${voice()}", product: VOICE_CALL) { vonageId } }`,
  );
  expect(data).toEqual({ one: { vonageId: voice(), events: null }, two: { vonageId: voice() } });
  expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['one', 'events'], 'FORBIDDEN'],
  ]);
  expect(new Set(calls().map(({ product }) => product))).toEqual(new Set([Product.VOICE_CALL]));
});

test('one forbidden id does not affect the other ids', async () => {
  const ids = [globalId(Product.VOICE_CALL, voice()), sms];
  const { data, errors } = await askAs(
    'onlySms',
    'query ($ids: [ID!]!) { records(ids: $ids, product: null) { nodes { vonageId } results { outcome error { code } } } }',
    { ids },
  );
  expect(data.records).toEqual({
    nodes: [null, { vonageId: sms }],
    results: [
      { outcome: 'FAILED', error: { code: 'FORBIDDEN' } },
      { outcome: 'FOUND', error: null },
    ],
  });
  expect(errors.map(({ path }) => path)).toEqual([['records', 'nodes', 0]]);
});

describe('what an operation cost', () => {
  const operation = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { vonageId } }`;

  test('is visible only to callers with the scope', async () => {
    await using observed = await startTestGateway({
      config: tokensFor({ reader: {}, explainer: { scopes: ['records:read', 'explain'] } }),
    });
    const explain = { 'x-explain': '1' };
    const explained = await observed.ask(operation, {}, { ...authorizationOf('explainer'), ...explain });
    expect(explained.extensions.vonage).toMatchObject({ calls: 1 });
    const silent = await observed.ask(operation, {}, { ...authorizationOf('reader'), ...explain });
    expect([silent.extensions, silent.data.record]).toEqual([{}, { vonageId: sms }]);
  });

  test('is planned for callers with the scope, and refused without a call for others', async () => {
    await using observed = await startTestGateway({
      config: tokensFor({ reader: {}, explainer: { scopes: ['records:read', 'explain'] } }),
    });
    const dryRun = { 'x-dry-run': '1' };
    const planned = await observed.ask(operation, {}, { ...authorizationOf('explainer'), ...dryRun });
    expect(planned.extensions.vonage.plan).toMatchObject({ calls: 1 });
    const refused = await observed.ask(operation, {}, { ...authorizationOf('reader'), ...dryRun });
    expect([refused.status, refused.errors[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
    expect(refused.errors[0]?.message).toContain('explain');
    expect(observed.simulator.log.calls).toEqual([]);
  });
});
