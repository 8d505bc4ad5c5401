import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { ConnectionError, FastifyInstance } from 'fastify';
import { clientErrorHandler } from '../../src/http/connections/client-error-handler.js';
import { maxHeaderBytes } from '../../src/http/connections/connection-timeouts.js';
import { openRawSocket, sendRaw } from '../support/raw-socket.js';
import { refusal } from '../support/rejection.js';
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
  ['has a length that is no number', `${start}${secret}content-length: two\r\n\r\n{}`, 400],
  ['has two lengths', `${start}${secret}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
  [
    'has a length and chunks, as smugglers have',
    `${start}${secret}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['has chunks that are none', `${start}${secret}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`, 400],
  ['expects what nobody knows', `${start}${secret}expect: a-miracle\r\ncontent-length: 2\r\n\r\n{}`, 417],
  ['has headers beyond the limit', `${start}${secret}x-large: ${'a'.repeat(maxHeaderBytes)}\r\n\r\n`, 431],
  [
    'has an address beyond the limit',
    `GET /graphql?query=${'a'.repeat(maxHeaderBytes)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    431,
  ],
])("what %s is refused in GraphQL's error shape, and the connection ended", async (_what, text, status) => {
  const answer = await sendRaw(gateway.url, text);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('connection')).toBe('close');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(JSON.parse(answer.body)).toEqual(refusal());
  expect(JSON.parse(answer.body).errors[0].extensions.requestId).toBe(answer.headers.get('x-request-id'));
  expect(gateway.simulator.log.calls).toEqual([]);
});

test('what was sent is not logged, and nothing above the level for debugging', async () => {
  await sendRaw(gateway.url, `${start}${secret}: nothing\r\n\r\n`);
  expect(log.join()).toContain('HPE_');
  expect(log.join()).not.toContain('a-secret-of-the-caller');
  expect(log.join()).not.toContain(Buffer.from('a-secret').toJSON().data.join());
  expect(Math.max(...log.map((line) => JSON.parse(line).level))).toBe(20);
});

test('headers within the limit are taken', async () => {
  const body = '{"query":"{ __typename }"}';
  const text = `${start}x-large: ${'a'.repeat(maxHeaderBytes - 1000)}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  expect((await sendRaw(gateway.url, text)).status).toBe(200);
});

test('a client that leaves in the middle of a request is not logged', async () => {
  const { socket, write, ended } = await openRawSocket(gateway.url);
  write(`${start}content-length: 100\r\n\r\n{`);
  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  socket.resetAndDestroy();
  await ended;
  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  expect(Math.max(0, ...log.map((line) => JSON.parse(line).level))).toBeLessThanOrEqual(20);
});

test('nothing is written into an answer that has begun', () => {
  const socket = Object.assign(new PassThrough(), { _httpMessage: { headersSent: true } });
  const error = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_METHOD' });
  const app = { log: { debug() {} } } as unknown as FastifyInstance;
  clientErrorHandler.call(app, error as ConnectionError, socket as unknown as Socket);
  expect([socket.destroyed, socket.readableLength]).toEqual([true, 0]);
});

test('two requests in a row, of which the second is none, are one answer and one refusal at most', async () => {
  const { write, ended } = await openRawSocket(gateway.url);
  write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nnot HTTP\r\n\r\n');
  const statuses = [...(await ended).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  expect(['200,400', '400']).toContain(statuses.join());
});

test.each(['/%', '/%zz', '/graphql%', '/%c3%28?query=1'])(
  'the path %s, which cannot be decoded, is refused',
  async (path) => {
    const answer = await sendRaw(
      gateway.url,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(answer.body)).toEqual(refusal());
  },
);
