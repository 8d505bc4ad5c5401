import { audience, Issuer } from '../access/issuer.js';
import { Gate } from '../support/gate.js';
import { ManualClock } from '../support/manual-clock.js';
import { openRawSocket } from '../support/raw-socket.js';
import { ServerSockets } from '../support/server-sockets.js';
import { startTestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

const body = (id: string) =>
  JSON.stringify({ query: `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }` });

function post(url: string, id: string, signal?: AbortSignal) {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/graphql`, { method: 'POST', headers, body: body(id), ...(signal && { signal }) });
}

test('the waiting ids of a client that disconnects are not sent', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ clock });
  const client = new AbortController();
  const leaving = post(gateway.url, 'gone', client.signal).catch((error: Error) => error.name);
  const staying = post(gateway.url, '15000000E1F8B123');
  await until(() => gateway.engine.waiting === 2);

  client.abort();
  expect(await leaving).toBe('AbortError');
  await until(() => gateway.engine.waiting === 1);
  await clock.tick();

  expect(await (await staying).json()).toMatchObject({ data: { record: { vonageId: '15000000E1F8B123' } } });
  expect(gateway.simulator.log.calls.flatMap((call) => call.ids)).toEqual(['15000000E1F8B123']);
});

test('an operation past its deadline gets a response, and its ids are not sent', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({
    clock,
    config: { vonage: { ratePerSecond: 1 }, limits: { operationTimeoutMs: 500 } },
  });
  const first = post(gateway.url, '15000000E1F8B123');
  await until(() => gateway.engine.waiting === 1);
  await clock.tick();
  await first;

  const refused = await (await post(gateway.url, 'too-late')).json();
  expect(refused).toMatchObject({
    data: { record: null },
    errors: [{ extensions: { code: 'OVERLOADED' } }],
  });
  expect((refused as any).errors[0].extensions.retryAfterMs).toBeGreaterThan(0);
  expect(gateway.simulator.log.calls).toHaveLength(1);
});

test('a client that disconnects during authentication causes no call', async () => {
  const clock = new ManualClock();
  await using issuer = await Issuer.start(clock);
  const jwt = {
    mode: 'jwt',
    jwtIssuer: issuer.url,
    jwtAudience: audience,
    jwtAlgorithms: ['ES256'],
  } as const;
  await using gateway = await startTestGateway({
    clock,
    config: { auth: { ...jwt, jwtJwksUrl: `${issuer.url}/keys` } },
  });
  const keys = new Gate();
  const answer = issuer.answer;
  issuer.answer = (response, request) => void keys.opened.then(() => answer(response, request));
  const authorization = `Bearer ${await issuer.token()}`;

  using sockets = new ServerSockets(gateway.url);
  const { socket, write } = await openRawSocket(gateway.url);
  const query = encodeURIComponent(JSON.parse(body('gone')).query);
  write(`GET /graphql?query=${query} HTTP/1.1\r\nhost: localhost\r\napollo-require-preflight: 1\r\n`);
  write(`authorization: ${authorization}\r\n\r\n`);
  await until(() => issuer.fetches === 1);
  socket.destroy();
  await until(() => sockets.open.length === 0);
  keys.open();
  const staying = gateway.ask(JSON.parse(body('here')).query, {}, { authorization });
  await until(() => gateway.engine.waiting > 0);
  await clock.tick();
  await staying;
  expect(gateway.simulator.log.calls.flatMap((call) => call.ids)).toEqual(['here']);
});
