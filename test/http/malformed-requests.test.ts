import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { ConnectionError, FastifyInstance } from 'fastify';
import { clientErrorHandler, maxHeaderBytes } from '../../src/http/connections.js';
import { openRawSocket, sendRaw } from '../support/raw-socket.js';
import { errorBody } from '../support/rejection.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const log: string[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ log });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => log.splice(0));

const start = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\n';
const secret = 'authorization: Bearer a-secret-of-the-caller\r\n';

test.each([
  ['is not HTTP', 'hello\r\n\r\n', 400],
  ['has an unknown method', 'LOOK /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['is of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['has a header without a name', `${start}${secret}: nothing\r\n\r\n`, 400],
  ['has a space before a colon', `${start}${secret}content-length : 2\r\n\r\n{}`, 400],
  ['has a content-length that is no number', `${start}${secret}content-length: two\r\n\r\n{}`, 400],
  [
    'has two content-length headers',
    `${start}${secret}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
    400,
  ],
  [
    'has a content-length and chunks, as in request smuggling',
    `${start}${secret}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['has chunks that are none', `${start}${secret}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`, 400],
  ['has an unknown expectation', `${start}${secret}expect: a-miracle\r\ncontent-length: 2\r\n\r\n{}`, 417],
  ['has headers beyond the limit', `${start}${secret}x-large: ${'a'.repeat(maxHeaderBytes)}\r\n\r\n`, 431],
  [
    'has an address beyond the limit',
    `GET /graphql?query=${'a'.repeat(maxHeaderBytes)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    431,
  ],
])('a request that %s gets a GraphQL error, and its connection is closed', async (_what, text, status) => {
  const response = await sendRaw(gateway.url, text);
  expect(response.status).toBe(status);
  expect(response.headers.get('connection')).toBe('close');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(JSON.parse(response.body)).toEqual(errorBody());
  expect(JSON.parse(response.body).errors[0].extensions.requestId).toBe(response.headers.get('x-request-id'));
  expect(gateway.simulator.log.calls).toEqual([]);
});

test('the bytes of a malformed request are not logged, and its log line has the level debug', async () => {
  await sendRaw(gateway.url, `${start}${secret}: nothing\r\n\r\n`);
  expect(log.join()).toContain('HPE_');
  expect(log.join()).not.toContain('a-secret-of-the-caller');
  expect(log.join()).not.toContain(Buffer.from('a-secret').toJSON().data.join());
  expect(Math.max(...log.map((line) => JSON.parse(line).level))).toBe(20);
});

test('headers within the limit are accepted', async () => {
  const body = '{"query":"{ __typename }"}';
  const text = `${start}x-large: ${'a'.repeat(maxHeaderBytes - 1000)}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  expect((await sendRaw(gateway.url, text)).status).toBe(200);
});

test('a client that disconnects during its request causes no log line above debug', async () => {
  const { socket, write, ended } = await openRawSocket(gateway.url);
  write(`${start}content-length: 100\r\n\r\n{`);
  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  socket.resetAndDestroy();
  await ended;
  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  expect(Math.max(0, ...log.map((line) => JSON.parse(line).level))).toBeLessThanOrEqual(20);
});

test('an error after the start of a response writes nothing into it', () => {
  const socket = Object.assign(new PassThrough(), { _httpMessage: { headersSent: true } });
  const error = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_METHOD' });
  const app = { log: { debug() {} } } as unknown as FastifyInstance;
  clientErrorHandler(() => {}).call(app, error as ConnectionError, socket as unknown as Socket);
  expect([socket.destroyed, socket.readableLength]).toEqual([true, 0]);
});

test('malformed bytes after a request get at most one error beside the response to the request', async () => {
  const { write, ended } = await openRawSocket(gateway.url);
  write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nnot HTTP\r\n\r\n');
  const statuses = [...(await ended).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  expect(['200,400', '400']).toContain(statuses.join());
});

test.each(['/%', '/%zz', '/graphql%', '/%c3%28?query=1'])(
  'the malformed path %s is rejected',
  async (path) => {
    const response = await sendRaw(
      gateway.url,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(response.status).toBe(400);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(response.body)).toEqual(errorBody());
  },
);
