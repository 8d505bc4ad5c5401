import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Direction, Product } from '../../src/catalogue/product.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { Credentials } from '../../src/vonage/credentials.js';
import { ManualClock } from '../support/manual-clock.js';
import { openRawSocket, type RawAnswer, type RawSocket, readAnswer, sendRaw } from '../support/raw-socket.js';
import { ServerSockets } from '../support/server-sockets.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const load = { idle: 200, slow: 20, queued: 300 };
/** One call a second and its margin; ten calls start within the ten seconds of an operation. */
const windowMs = 1015;
const callsInTime = 10;
const servedInTime = 20 * callsInTime;
const tenantB = { apiKey: 'key-of-b', apiSecret: 'secret-of-b', accountIds: ['tenant-b'] };

/** A gateway with two tenants, each with its own key, before any request. */
async function startTenants(clock: ManualClock) {
  const { apiKey, apiSecret } = simulatorCredentials;
  const accountKeys = new Map([
    [apiKey, new Credentials(apiKey, apiSecret)],
    ['tenant-b', new Credentials(tenantB.apiKey, tenantB.apiSecret)],
  ]);
  const tenants = tokensFor({ a: { accounts: [apiKey] }, b: { accounts: ['tenant-b'] } });
  const gateway = await startTestGateway({
    clock,
    config: {
      ...tenants,
      vonage: { accountKeys, ratePerSecond: 1 },
      limits: { operationTimeoutMs: 10_000 },
      http: { requestTimeoutMs: 6000 },
    },
    simulator: { eventsPerType: 0, eventsOf: { [Product.SMS]: load.queued } },
  });
  gateway.simulator.keys.accept(tenantB);
  const [product, direction] = [Product.SMS, Direction.OUTBOUND];
  for (const row of gateway.simulator.dataset.list(product, direction))
    gateway.simulator.dataset.add({ product, direction, row: { ...row, account_id: 'tenant-b' } });
  return { gateway, ids: gateway.simulator.dataset.ids(product, direction).slice(0, load.queued) };
}

const operation = (id: string) => `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`;

/** One lookup over its own connection. */
function lookup({ url }: TestGateway, caller: string, id: string): Promise<RawAnswer> {
  const body = JSON.stringify({ query: operation(id) });
  const headers = [
    'host: localhost',
    'connection: close',
    'content-type: application/json',
    `authorization: ${authorizationOf(caller).authorization}`,
    `content-length: ${body.length}`,
  ];
  return sendRaw(url, `POST /graphql HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}

/** Idle connections after one request each. */
async function openIdle(url: string): Promise<RawSocket[]> {
  const sockets = await Promise.all(Array.from({ length: load.idle }, () => openRawSocket(url)));
  for (const { write } of sockets) write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
  return sockets;
}

/** Connections that send their headers byte by byte, and the responses that they get in the end. */
async function openSlow(url: string): Promise<Promise<RawAnswer>[]> {
  const sockets = await Promise.all(Array.from({ length: load.slow }, () => openRawSocket(url)));
  return sockets.map(async ({ write, ended }) => {
    write('POST /graphql HTTP/1.1\r\nx-slow: ');
    const timer = setInterval(() => write('a'), 100);
    const text = await ended;
    clearInterval(timer);
    return readAnswer(text);
  });
}

async function probe(url: string): Promise<number[]> {
  const paths = ['/livez', '/readyz'];
  const responses = await Promise.all(
    paths.map((path) => sendRaw(url, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)),
  );
  return responses.map(({ status }) => status);
}

function usedHeapMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

test('S32, S33: idle connections, slow connections and a long queue do not affect other callers', async () => {
  const clock = new ManualClock();
  const { gateway, ids } = await startTenants(clock);
  await using _closed = gateway;
  using sockets = new ServerSockets(gateway.url);
  const heapBeforeMb = usedHeapMb();
  const idle = await openIdle(gateway.url);
  const slow = await openSlow(gateway.url);

  const early: RawAnswer[] = [];
  const queued = ids.map(async (id) => {
    const response = await lookup(gateway, 'a', id);
    if (gateway.engine.calls === 1 && response.body.includes('errors')) early.push(response);
    return response;
  });
  // The first call is full and leaves at once; ids that cannot be served in time are rejected before the second call.
  await until(() => early.length === load.queued - servedInTime);
  expect(gateway.engine.waiting).toBe(servedInTime - 20);
  expect(await probe(gateway.url)).toEqual([200, 200]);
  for (const { status, body } of early) {
    const { data, errors } = JSON.parse(body);
    expect([status, data.record, errors[0].extensions.code]).toEqual([200, null, 'OVERLOADED']);
    expect(errors[0].extensions.retryAfterMs).toBeGreaterThan(0);
  }

  const other = ids.slice(0, 20).map((id) => lookup(gateway, 'b', id));
  for (const { body } of await Promise.all(other)) expect(JSON.parse(body).data.record.vonageId).toMatch(/./);

  for (let call = 1; call <= callsInTime; call += 1) {
    await until(() => gateway.engine.calls === call && gateway.engine.inFlight === 0);
    expect(await probe(gateway.url)).toEqual([200, 200]);
    await clock.advance(windowMs);
  }
  const bodies = (await Promise.all(queued)).map(({ body }) => JSON.parse(body));
  expect(bodies.filter(({ data }) => data.record?.vonageId)).toHaveLength(servedInTime);
  expect(bodies.filter(({ errors }) => errors)).toHaveLength(load.queued - servedInTime);
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(slow.map(() => 408));

  expect(sockets.open).toHaveLength(load.idle);
  for (const { socket } of idle) socket.destroy();
  await until(() => sockets.open.length === 0);
  expect(gateway.engine).toMatchObject({ waiting: 0, inFlight: 0, pending: 0, lanes: 0 });
  expect(clock.pending).toBe(0);
  expect(usedHeapMb() - heapBeforeMb).toBeLessThan(60);
}, 120_000);
