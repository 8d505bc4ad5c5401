import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { Gate } from '../support/gate.js';
import { runProcess, startProcess } from '../support/start-process.js';
import { until } from '../support/until.js';

const look = (url: string, dispatcher?: Agent) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }',
    }),
    ...(dispatcher && { dispatcher }),
  } as object);

test('starts with the embedded simulator when it has no credentials, and answers', async () => {
  await using gateway = await startProcess();
  const answer = await look(gateway.url);
  expect(await answer.json()).toMatchObject({ data: { record: { vonageId: '15000000E1F8B123' } } });
});

test('on SIGTERM the response in flight arrives, a keep-alive connection does not delay the exit, and it exits with 0', async () => {
  const { shapes } = await buildServedSchema();
  await using simulator = await Simulator.start({ shapes });
  const { apiKey, apiSecret } = simulatorCredentials;
  await using gateway = await startProcess({
    VONAGE_API_KEY: apiKey,
    VONAGE_API_SECRET: apiSecret,
    VONAGE_BASE_URL: simulator.url,
  });
  const arrived = new Gate();
  const answerNow = new Gate();
  simulator.faults.gate = async ({ product }) => {
    // The check of the credentials at start is another call.
    if (product !== 'SMS') return;
    arrived.open();
    await answerNow.opened;
  };
  const keepAliveAgent = new Agent({ keepAliveTimeout: 60_000 });
  const answer = look(gateway.url, keepAliveAgent);
  await arrived.opened;
  gateway.kill('SIGTERM');
  await until(async () => !(await isReady(gateway.url)));
  answerNow.open();

  const response = await answer;
  expect(await response.json()).toMatchObject({ data: { record: { vonageId: '15000000E1F8B123' } } });
  expect(response.headers.get('connection')).toBe('close');
  expect(await gateway.exited).toEqual([0, null]);
  await keepAliveAgent.close();
});

test('does not start with an invalid configuration, and lists every error without a secret', async () => {
  const { code, stderr } = await runProcess({
    NODE_ENV: 'production',
    PORT: 'http',
    VONAGE_RATE_PER_SECOND: '0',
    VONAGE_BASE_URL: 'ftp://example.test',
    SEARCH_PRODUCTS: 'SMS,FAX',
    VONAGE_API_SECRET: 'the-secret',
  });
  expect(code).toBe(1);
  expect(stderr).toContain('The configuration has 5 errors:');
  expect(stderr).toMatch(/PORT must be an integer from 0 to 65535, got "http"/);
  expect(stderr).toMatch(/VONAGE_RATE_PER_SECOND must be an integer from 1 to 1000/);
  expect(stderr).toMatch(/VONAGE_BASE_URL must be an http or https URL/);
  expect(stderr).toMatch(/SEARCH_PRODUCTS must be a comma-separated list of SMS,/);
  expect(stderr).toMatch(/VONAGE_API_KEY must be set when VONAGE_API_SECRET is set/);
  expect(stderr).not.toContain('the-secret');
});

test('does not start in production without credentials', async () => {
  const { code, stderr } = await runProcess({ NODE_ENV: 'production' });
  expect(code).toBe(1);
  expect(stderr).toContain('VONAGE_API_KEY and VONAGE_API_SECRET must be set when NODE_ENV is production.');
});

test('does not start on a network address without credentials', async () => {
  const { code, stderr } = await runProcess({ HOST: '0.0.0.0', ALLOW_ANONYMOUS_NETWORK: 'true' });
  expect(code).toBe(1);
  expect(stderr).toContain('HOST must be a loopback address when no Vonage credentials are set');
});

test('reads the file .env of its working directory in development, and not in production', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'process-'));
  await writeFile(join(folder, '.env'), 'LOG_LEVEL=loud\n');
  const development = await runProcess({ NODE_ENV: 'development' }, folder);
  const production = await runProcess({ NODE_ENV: 'production' }, folder);
  expect(development.stderr).toContain('LOG_LEVEL must be');
  expect(production.stderr).not.toContain('LOG_LEVEL must be');
  await rm(folder, { recursive: true });
});

/** Whether the server accepts new connections and reports itself ready. */
function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
