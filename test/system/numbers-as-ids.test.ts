import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const routerSecret = 'a secret of the router and of this gateway';
const cure = expect.stringContaining('end ids as text');

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { graphql: { routerSecret } } });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => gateway.simulator.log.clear());

/** Posts variables as text: a number of JavaScript is rounded before it is sent. */
async function post(query: string, variables = '{}') {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-router-secret': routerSecret },
    body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  });
  const { data, errors = [] } = (await response.json()) as any;
  return { data, errors, asked: gateway.simulator.log.calls.flatMap(({ ids }) => ids) };
}

const fields = [
  ['record(id:)', 'query ($x: ID!) { record(id: $x, product: ASR) { id } }'],
  ['record(accountId:)', 'query ($x: ID!) { record(id: "a", product: ASR, accountId: $x) { id } }'],
  ['a family field', 'query ($x: ID!) { voiceRecord(id: $x) { __typename } }'],
  ['node(id:)', 'query ($x: ID!) { node(id: $x) { id } }'],
  ['nodes(ids:)', 'query ($x: ID!) { nodes(ids: [$x]) { id } }'],
  ['records(ids:) in nodes', 'query ($x: [ID!]!) { records(ids: $x, product: ASR) { nodes { id } } }'],
  [
    '_entities by a natural key',
    'query ($x: ID!) { _entities(representations: [{ __typename: "VoiceCallRecord", callId: $x }]) { __typename } }',
  ],
] as const;
const numbers = [
  '9007199254740993',
  '9007199254740992',
  '-9007199254740993',
  '1e21',
  '123456789012345678901234567890',
];

describe.each(numbers)('the number %s, which JSON rounds,', (number) => {
  test.each(fields)('is refused as the id of %s, and nothing is sent', async (_name, query) => {
    const { errors, asked } = await post(query, `{"x":${number}}`);
    expect(errors).toEqual([expect.objectContaining({ message: cure })]);
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(asked).toEqual([]);
  });

  test('is refused in a representation', async () => {
    const query = 'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }';
    const all = ['id', 'callId'].map((key) => `{"__typename":"VoiceCallRecord","${key}":${number}}`);
    const { errors, asked } = await post(query, `{"all":[${all}]}`);
    expect(errors).toEqual(all.map(() => expect.objectContaining({ message: cure })));
    expect(asked).toEqual([]);
  });

  test('fails alone in a list', async () => {
    const query = `query ($ids: [ID!]!) { records(ids: $ids, product: ASR) { results { outcome error { code message } } } }`;
    const { data, asked } = await post(query, `{"ids":["known", ${number}, 7]}`);
    expect(data.records.results).toEqual([
      { outcome: 'NOT_FOUND', error: null },
      { outcome: 'FAILED', error: { code: 'BAD_USER_INPUT', message: cure } },
      { outcome: 'NOT_FOUND', error: null },
    ]);
    expect(asked).toEqual(['known', '7']);
  });
});

test.each([
  '{ record(id: 9007199254740993, product: ASR) { id } }',
  'query ($x: ID = 9007199254740993) { record(id: $x, product: ASR) { id } }',
  '{ records(ids: ["a", 9007199254740993], product: ASR) { idsNotFound } }',
  '{ _entities(representations: [{ __typename: "VoiceCallRecord", callId: 9007199254740993 }]) { __typename } }',
])('a number beyond 2^53 is refused in a document: %s', async (query) => {
  const { errors, asked } = await post(query);
  expect(errors[0]).toMatchObject({ message: cure, extensions: { code: 'BAD_USER_INPUT' } });
  expect(asked).toEqual([]);
});

test.each(['7', '0', '447700900123', '9007199254740991'])(
  'the number %s is an id like its text',
  async (number) => {
    const query = 'query ($x: ID!) { record(id: $x, product: ASR) { id } }';
    expect(await post(query, `{"x":${number}}`)).toEqual({
      data: { record: null },
      errors: [],
      asked: [number],
    });
    gateway.simulator.log.clear();
    expect((await post(`{ record(id: ${number}, product: ASR) { id } }`)).asked).toEqual([number]);
  },
);

test('a text of as many digits is an id', async () => {
  const { errors, asked } = await post(fields[0][1], '{"x":"9007199254740993"}');
  expect([errors, asked]).toEqual([[], ['9007199254740993']]);
});
