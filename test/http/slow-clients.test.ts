import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { Socket } from 'node:net';
import { pino } from 'pino';
import { readConfig } from '../../src/config/config.js';
import { connectionTimeouts, IdleConnections, limitConnections } from '../../src/http/connections.js';
import { ManualClock } from '../support/manual-clock.js';
import { openRawSocket, type RawSocket, readAnswer } from '../support/raw-socket.js';
import { errorBody } from '../support/rejection.js';
import { ServerSockets } from '../support/server-sockets.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\n';

/** Sends a byte at a time until the gateway closes the connection. */
async function drip(raw: RawSocket): Promise<string> {
  const timer = setInterval(() => raw.write('a'), 25);
  try {
    return await raw.ended;
  } finally {
    clearInterval(timer);
  }
}

describe('a connection that keeps the gateway waiting', () => {
  const log: string[] = [];
  let gateway: TestGateway;
  beforeAll(async () => {
    const config = { http: { requestTimeoutMs: 400, keepAliveTimeoutMs: 200 } };
    gateway = await startTestGateway({ config, log });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  beforeEach(() => log.splice(0));

  test.each([
    ['sends nothing', ''],
    ['sends its headers byte by byte', `${head}x-slow: `],
    ['sends its body byte by byte', `${head}content-length: 1000\r\n\r\n{`],
    ['sends an endless body byte by byte', `${head}transfer-encoding: chunked\r\n\r\nfff\r\n{`],
  ])('because its client %s gets 408 and is closed', async (_what, start) => {
    const raw = await openRawSocket(gateway.url);
    raw.write(start);
    const { status, headers, body } = readAnswer(await (start === '' ? raw.ended : drip(raw)));
    expect([status, headers.get('connection')]).toEqual([408, 'close']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual(errorBody());
    expect(gateway.simulator.log.calls).toEqual([]);
    const levels = log.map((line) => JSON.parse(line).level);
    expect(Math.max(0, ...levels)).toBeLessThanOrEqual(20);
  });

  test('after a response, without a further request, is closed', async () => {
    const raw = await openRawSocket(gateway.url);
    raw.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(readAnswer(await raw.ended).status).toBe(200);
  });

  test('does not affect other clients, even by the hundred', async () => {
    const slow = await Promise.all(Array.from({ length: 300 }, () => openRawSocket(gateway.url)));
    for (const [index, { write }] of slow.entries()) if (index % 2 === 0) write(`${head}x-slow: `);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect((await gateway.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    const texts = await Promise.all(slow.map(({ ended }) => ended));
    expect(texts.map((text) => readAnswer(text).status)).toEqual(slow.map(() => 408));
  });
});

test('a client that reads none of its responses is disconnected', async () => {
  await using gateway = await startTestGateway({
    config: { http: { requestTimeoutMs: 200 }, limits: { operationTimeoutMs: 100 } },
  });
  using sockets = new ServerSockets(gateway.url);
  const { socket, write } = await openRawSocket(gateway.url);
  await until(() => sockets.open.length === 1);
  socket.pause();
  // Enough pages to fill the system's buffer of the connection, and then the gateway's own.
  write('GET /graphql HTTP/1.1\r\nHost: localhost\r\naccept: text/html\r\n\r\n'.repeat(5000));
  await until(() => sockets.open.length === 0);
  socket.destroy();
});

test.each([
  ['without a request', ''],
  ['with half a request', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n'],
])('a connection %s does not delay a shutdown', async (_what, sent) => {
  const stopping = await startTestGateway();
  const { write, ended } = await openRawSocket(stopping.url);
  write(sent);
  await fetch(`${stopping.url}/livez`);
  await stopping[Symbol.asyncDispose]();
  expect(await ended).toBe('');
});

const probe = 'GET /livez HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\n\r\n';

test('at the limit of connections, the longest idle connection makes room for a new one', async () => {
  await using gateway = await startTestGateway({ config: { http: { maxConnections: 3 } } });
  const idle = await openRawSocket(gateway.url);
  idle.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(idle.socket, 'data');
  const open = [];
  for (let each = 0; each < 4; each += 1) open.push(await openRawSocket(gateway.url));
  expect(readAnswer(await idle.ended).status).toBe(200);
  expect(await open.shift()?.ended).toBe('');
  for (const { write } of open) write(probe);
  for (const { ended } of open) expect(readAnswer(await ended).status).toBe(200);
});

test('a connection with a request in flight makes no room, so new connections are rejected', async () => {
  const log: string[] = [];
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ config: { http: { maxConnections: 3 } }, clock, log });
  const responses = ['a', 'b', 'c'].map((id) =>
    gateway.ask(`{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`),
  );
  await until(() => gateway.engine.waiting === 3);
  for (let each = 0; each < 5; each += 1) expect(await (await openRawSocket(gateway.url)).ended).toBe('');
  await clock.tick();
  for (const { status } of await Promise.all(responses)) expect(status).toBe(200);
  expect(log.filter((line) => line.includes('MAX_CONNECTIONS connections are open'))).toHaveLength(1);
});

test('a connection with several requests is idle only after all their responses', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ config: { http: { maxConnections: 1 } }, clock });
  const body = JSON.stringify({
    query: '{ record(id: "a", product: SMS, direction: OUTBOUND) { vonageId } }',
  });
  const { write, ended } = await openRawSocket(gateway.url);
  const last = `connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  write(`GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n${head}${last}`);
  await until(() => gateway.engine.waiting === 1);
  expect(await (await openRawSocket(gateway.url)).ended).toBe('');
  await clock.tick();
  expect((await ended).match(/HTTP\/1.1 200/g)).toHaveLength(2);
});

test('a flood of connections is logged at intervals, with its counts', async () => {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  const clock = new ManualClock();
  const server = new EventEmitter() as Server;
  limitConnections(server, new IdleConnections(server), { maxConnections: 7, clock, logger });
  const connect = (times: number) => {
    for (let each = 0; each < times; each += 1) server.emit('connection', new Socket());
  };
  connect(7 + 1000);
  await clock.advance(9999);
  connect(1);
  await clock.advance(1);
  connect(5);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 40, rejected: 0, closedIdle: 1, maxConnections: 7 }),
    expect.objectContaining({ level: 40, rejected: 0, closedIdle: 1001, maxConnections: 7 }),
  ]);
});

test('the headers of a request have ten seconds, and never more time than the whole request', () => {
  const timeouts = (requestTimeoutMs: number) =>
    connectionTimeouts({ requestTimeoutMs, keepAliveTimeoutMs: 1000, operationTimeoutMs: 1000 }).http;
  expect(timeouts(30_000)).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  expect(timeouts(500)).toMatchObject({ headersTimeout: 500, requestTimeout: 500 });
});

test('by default an idle connection stays open longer than that of a common load balancer', () => {
  expect(readConfig({}).http.keepAliveTimeoutMs).toBeGreaterThan(60_000);
});
