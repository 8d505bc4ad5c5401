import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { Socket } from 'node:net';
import { pino } from 'pino';
import { readConfig } from '../../src/config/config.js';
import { limitConnections } from '../../src/http/connections/connection-limit.js';
import { connectionTimeouts } from '../../src/http/connections/connection-timeouts.js';
import { IdleConnections } from '../../src/http/connections/idle-connections.js';
import { ManualClock } from '../support/manual-clock.js';
import { openRawSocket, type RawSocket, readAnswer } from '../support/raw-socket.js';
import { refusal } from '../support/rejection.js';
import { ServerSockets } from '../support/server-sockets.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\n';

/** Sends a byte at a time until the gateway has had enough. */
async function drip(raw: RawSocket): Promise<string> {
  const timer = setInterval(() => raw.write('a'), 25);
  try {
    return await raw.ended;
  } finally {
    clearInterval(timer);
  }
}

describe('connections that keep the gateway waiting', () => {
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
    ['sends a body without an end byte by byte', `${head}transfer-encoding: chunked\r\n\r\nfff\r\n{`],
  ])('one that %s is told so and ended', async (_what, start) => {
    const raw = await openRawSocket(gateway.url);
    raw.write(start);
    const { status, headers, body } = readAnswer(await (start === '' ? raw.ended : drip(raw)));
    expect([status, headers.get('connection')]).toEqual([408, 'close']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual(refusal());
    expect(gateway.simulator.log.calls).toEqual([]);
    const levels = log.map((line) => JSON.parse(line).level);
    expect(Math.max(0, ...levels)).toBeLessThanOrEqual(20);
  });

  test('one that has its answer and sends no more is ended', async () => {
    const raw = await openRawSocket(gateway.url);
    raw.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(readAnswer(await raw.ended).status).toBe(200);
  });

  test('hundreds of them leave everybody else as they are', async () => {
    const slow = await Promise.all(Array.from({ length: 300 }, () => openRawSocket(gateway.url)));
    for (const [index, { write }] of slow.entries()) if (index % 2 === 0) write(`${head}x-slow: `);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect((await gateway.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    const texts = await Promise.all(slow.map(({ ended }) => ended));
    expect(texts.map((text) => readAnswer(text).status)).toEqual(slow.map(() => 408));
  });
});

test('a caller that takes none of its answers is cut off', async () => {
  await using gateway = await startTestGateway({
    config: { http: { requestTimeoutMs: 200 }, limits: { operationTimeoutMs: 100 } },
  });
  using sockets = new ServerSockets(gateway.url);
  const { socket, write } = await openRawSocket(gateway.url);
  await until(() => sockets.open.length === 1);
  socket.pause();
  // Pages enough to fill what the system keeps for a connection, and then the gateway's own.
  write('GET /graphql HTTP/1.1\r\nHost: localhost\r\naccept: text/html\r\n\r\n'.repeat(5000));
  await until(() => sockets.open.length === 0);
  socket.destroy();
});

test.each([
  ['over which nothing was sent', ''],
  ['with half a request', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n'],
])('a connection %s does not hold up a gateway that stops', async (_what, sent) => {
  const stopping = await startTestGateway();
  const { write, ended } = await openRawSocket(stopping.url);
  write(sent);
  await fetch(`${stopping.url}/livez`);
  await stopping[Symbol.asyncDispose]();
  expect(await ended).toBe('');
});

const probe = 'GET /livez HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\n\r\n';

test('where all connections are open that may be, who has asked for nothing longest makes room', async () => {
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

test('who waits for an answer makes no room, so that further connections are dropped', async () => {
  const log: string[] = [];
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ config: { http: { maxConnections: 3 } }, clock, log });
  const parts = ['a', 'b', 'c'].map((id) =>
    gateway.ask(`{ record(id: "${id}", product: SMS, direction: OUTBOUND) { uuid } }`),
  );
  await until(() => gateway.engine.waiting === 3);
  for (let each = 0; each < 5; each += 1) expect(await (await openRawSocket(gateway.url)).ended).toBe('');
  await clock.tick();
  for (const { status } of await Promise.all(parts)) expect(status).toBe(200);
  expect(log.filter((line) => line.includes('connections are dropped'))).toHaveLength(1);
});

test('a connection with several requests is quiet only when all are answered', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ config: { http: { maxConnections: 1 } }, clock });
  const body = JSON.stringify({ query: '{ record(id: "a", product: SMS, direction: OUTBOUND) { uuid } }' });
  const { write, ended } = await openRawSocket(gateway.url);
  const last = `connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  write(`GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n${head}${last}`);
  await until(() => gateway.engine.waiting === 1);
  expect(await (await openRawSocket(gateway.url)).ended).toBe('');
  await clock.tick();
  expect((await ended).match(/HTTP\/1.1 200/g)).toHaveLength(2);
});

test('a flood of connections is a line now and then, with their numbers', async () => {
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
    expect.objectContaining({ level: 40, dropped: 0, ended: 1, maxConnections: 7 }),
    expect.objectContaining({ level: 40, dropped: 0, ended: 1001, maxConnections: 7 }),
  ]);
});

test('the headers of a request have ten seconds, and never more time than the whole request', () => {
  const timeouts = (requestTimeoutMs: number) =>
    connectionTimeouts({ requestTimeoutMs, keepAliveTimeoutMs: 1000, operationTimeoutMs: 1000 }).http;
  expect(timeouts(30_000)).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  expect(timeouts(500)).toMatchObject({ headersTimeout: 500, requestTimeout: 500 });
});

test('by default an idle connection outlives that of a common load balancer', () => {
  expect(readConfig({}).http.keepAliveTimeoutMs).toBeGreaterThan(60_000);
});
