import { errorBody } from '../support/rejection.js';
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
  ['text with the type in another case', 'Text/Plain;charset=UTF-8', json],
  ['a form', 'application/x-www-form-urlencoded', new URLSearchParams({ query }).toString()],
  ['a multipart form', 'multipart/form-data; boundary=b', multipart],
  ['a type that does not parse', 'application', json],
  ['no type at all', '', json],
])('%s, which a page of another site can post, is rejected before any lookup', async (_what, type, body) => {
  for (const headers of [{}, preflighted]) {
    const response = await send('', { method: 'POST', headers: { ...headers, 'content-type': type }, body });
    expect(response).toMatchObject({ status: 415, body: errorBody() });
  }
  expect(gateway.simulator.log.calls).toEqual([]);
});

test.each([
  ['without a header that causes a preflight', {}, 400],
  ['with an empty such header', { 'apollo-require-preflight': '' }, 400],
  ['with a content type that causes no preflight', { 'content-type': 'text/plain' }, 400],
  ['with such a content type and a preflight header', { ...preflighted, 'content-type': 'text/plain' }, 415],
  [
    'with a multipart form and a preflight header',
    { ...preflighted, 'content-type': 'multipart/form-data; boundary=b' },
    415,
  ],
])('a query in the URL is rejected %s, before any lookup', async (_how, headers, status) => {
  const response = await send(search, { headers: headers as Record<string, string> });
  expect(response).toMatchObject({ status, body: errorBody() });
  expect(gateway.simulator.log.calls).toEqual([]);
});

test.each([
  ['the preflight header', preflighted],
  ["Apollo's operation name header", { 'x-apollo-operation-name': 'Lookup' }],
  ['the content type of JSON', { 'content-type': 'application/json' }],
])('a query in the URL runs with %s', async (_what, headers) => {
  const { status, body } = await send(search, { headers });
  expect([status, body]).toMatchObject([200, { data: { record: { vonageId: '15000000E1F8B123' } } }]);
});

test('a client that sends queries by GET, such as urql by default, is told in one sentence how to change that', async () => {
  const { body } = await send(search, {});
  const [{ message }] = (body as { errors: { message: string }[] }).errors as [{ message: string }];
  expect(message).toMatch(/^[^.]+preferGetMethod: false[^.]+apollo-require-preflight: 1[^.]+\.$/);
  expect(message.length).toBeLessThan(220);
});

test('a mutation in the URL is rejected', async () => {
  const response = await send(`?${new URLSearchParams({ query: 'mutation { __typename }' })}`, {
    headers: preflighted,
  });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  expect(response.body).toMatchObject(errorBody());
});

test('no response can run as a script on another site', async () => {
  const { headers } = await send(search, { headers: preflighted });
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
});
