import { refusal } from '../support/rejection.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const query = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }';
const search = `?${new URLSearchParams({ query })}`;
const preflighted = { 'apollo-require-preflight': '1' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => gateway.simulator.log.clear());

async function send(path: string, init: RequestInit) {
  const response = await fetch(`${gateway.url}/graphql${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const json = JSON.stringify({ query });
const multipart = `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json}\r\n--b--\r\n`;

test.each([
  ['text', 'text/plain', json],
  ['text in another case', 'Text/Plain;charset=UTF-8', json],
  ['a form', 'application/x-www-form-urlencoded', new URLSearchParams({ query }).toString()],
  ['a form with files', 'multipart/form-data; boundary=b', multipart],
  ['a type that does not parse', 'application', json],
  ['no type at all', '', json],
])(
  '%s that a page of another site can post is refused, and nothing is looked up',
  async (_what, type, body) => {
    for (const headers of [{}, preflighted]) {
      const answer = await send('', { method: 'POST', headers: { ...headers, 'content-type': type }, body });
      expect(answer).toMatchObject({ status: 415, body: refusal() });
    }
    expect(gateway.simulator.log.calls).toEqual([]);
  },
);

test.each([
  ['without a word that makes a browser ask first', {}, 400],
  ['with an empty one', { 'apollo-require-preflight': '' }, 400],
  ['with a type that needs none', { 'content-type': 'text/plain' }, 400],
  [
    'with such a type, and a word that the browser let through',
    { ...preflighted, 'content-type': 'text/plain' },
    415,
  ],
  [
    'with a form, and such a word',
    { ...preflighted, 'content-type': 'multipart/form-data; boundary=b' },
    415,
  ],
])('a query in the address is refused %s, and nothing is looked up', async (_how, headers, status) => {
  const answer = await send(search, { headers: headers as Record<string, string> });
  expect(answer).toMatchObject({ status, body: refusal() });
  expect(gateway.simulator.log.calls).toEqual([]);
});

test.each([
  ['the word for any client', preflighted],
  ["Apollo's name of the operation", { 'x-apollo-operation-name': 'Look' }],
  ['the type of JSON', { 'content-type': 'application/json' }],
])('a query in the address is answered with %s', async (_what, headers) => {
  const { status, body } = await send(search, { headers });
  expect([status, body]).toMatchObject([200, { data: { record: { vonageId: '15000000E1F8B123' } } }]);
});

test('a change asked for in an address is refused', async () => {
  const answer = await send(`?${new URLSearchParams({ query: 'mutation { __typename }' })}`, {
    headers: preflighted,
  });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  expect(answer.body).toMatchObject(refusal());
});

test('an answer is never a script that another site could run', async () => {
  const { headers } = await send(search, { headers: preflighted });
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
});
