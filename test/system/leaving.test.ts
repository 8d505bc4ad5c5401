import { ManualClock } from '../support/manual-clock.js';
import { startTestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

const body = (id: string) =>
  JSON.stringify({ query: `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { uuid } }` });

function post(url: string, id: string, signal?: AbortSignal) {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/graphql`, { method: 'POST', headers, body: body(id), ...(signal && { signal }) });
}

test('a client that disconnects takes its waiting ids with it, and nothing is sent for nobody', async () => {
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

  expect(await (await staying).json()).toMatchObject({ data: { record: { uuid: '15000000E1F8B123' } } });
  expect(gateway.simulator.log.calls.flatMap((call) => call.ids)).toEqual(['15000000E1F8B123']);
});

test('an operation whose time is up is answered, and its ids are not sent any more', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ clock, config: { syncRate: 1, operationTimeoutMs: 500 } });
  const first = post(gateway.url, '15000000E1F8B123');
  await until(() => gateway.engine.waiting === 1);
  await clock.tick();
  await first;

  const refused = await (await post(gateway.url, 'too-late')).json();
  expect(refused).toMatchObject({
    data: { record: null },
    errors: [{ extensions: { code: 'BUDGET_EXHAUSTED' } }],
  });
  expect((refused as any).errors[0].extensions.retryAfterMs).toBeGreaterThan(0);
  expect(gateway.simulator.log.calls).toHaveLength(1);
});
