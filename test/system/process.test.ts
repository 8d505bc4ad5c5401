import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Agent } from 'undici';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { version as packageVersion } from '../../src/package-files.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { Gate } from '../support/gate.js';
import { runProcess, startProcess } from '../support/start-process.js';
import { until } from '../support/until.js';

// Each test starts processes, and machines are busy.
jest.setTimeout(180_000);

const post = (url: string, query: string, dispatcher?: Agent) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(dispatcher && { dispatcher }),
  } as object);

const look = (url: string, dispatcher?: Agent) =>
  post(url, '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }', dispatcher);

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

test('on SIGTERM with a queue longer than the grace time every request is answered, and it exits with 0', async () => {
  const { shapes } = await buildServedSchema();
  await using simulator = await Simulator.start({ shapes });
  const { apiKey, apiSecret } = simulatorCredentials;
  await using gateway = await startProcess({
    VONAGE_API_KEY: apiKey,
    VONAGE_API_SECRET: apiSecret,
    VONAGE_BASE_URL: simulator.url,
    VONAGE_RATE_PER_SECOND: '1',
    OPERATION_TIMEOUT_MS: '600000',
    SHUTDOWN_GRACE_MS: '2000',
  });
  const arrived = new Gate();
  const never = new Gate();
  simulator.faults.gate = async ({ ids }) => {
    if (ids?.includes('first')) arrived.open();
    await never.opened;
  };
  const query = '{ records(ids: ["ID"], product: VERIFY_API) { results { error { code retryAfterMs } } } }';
  const ask = async (id: string) => (await post(gateway.url, query.replace('ID', id))).json();
  const answers = ['first', ...Array(300).keys()].map((id) => ask(String(id)));
  await arrived.opened;
  gateway.kill('SIGTERM');

  const refusal = { results: [{ error: { code: 'SHUTTING_DOWN', retryAfterMs: 1000 } }] };
  for (const answer of await Promise.all(answers)) {
    if (answer.data) expect(answer).toMatchObject({ data: { records: refusal } });
    else expect(answer.errors[0].extensions).toMatchObject({ code: 'SHUTTING_DOWN', retryAfterMs: 1000 });
  }
  expect(await gateway.exited).toEqual([0, null]);
  never.open();
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
  expect(stderr).toContain('The configuration has 3 errors:');
  expect(stderr).toContain('HOST must be a loopback address when no Vonage credentials are set');
  expect(stderr).toContain('NODE_ENV must be production when HOST is not a loopback address');
  expect(stderr).toContain('ALLOWED_HOSTS must be set when AUTH_MODE is none');
});

test('reads the file .env of its working directory in development, and not in production', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'process-'));
  await writeFile(join(folder, '.env'), 'LOG_LEVEL=loud\n');
  const development = await runProcess({ NODE_ENV: 'development' }, { cwd: folder });
  const production = await runProcess({ NODE_ENV: 'production' }, { cwd: folder });
  expect(development.stderr).toContain('LOG_LEVEL must be');
  expect(production.stderr).not.toContain('LOG_LEVEL must be');
  await rm(folder, { recursive: true });
});

describe('words for people', () => {
  test('--help lists the commands and the first settings, and --version is the version of the package', async () => {
    const [help, version, unknown] = await Promise.all([
      runProcess({}, { words: ['--help'] }),
      runProcess({}, { words: ['--version'] }),
      runProcess({}, { words: ['--port', '4000'] }),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/token NAME.*VONAGE_API_KEY.*HOST, PORT/s);
    expect(version).toEqual({ code: 0, stdout: `${packageVersion}\n`, stderr: '' });
    expect(unknown.code).toBe(64);
    expect(unknown.stderr).toMatch(
      /^Unknown command: "--port"\.(.|\n)*Its settings are environment variables/,
    );
  });

  test('a taken port and a limit of open files are told in one line each, without a stack', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [taken, limited] = await Promise.all([
      runProcess({ PORT: `${port}`, LOG_LEVEL: 'silent' }),
      runProcess({}, { openFiles: 200 }),
    ]);
    server.close();
    expect(taken.code).toBe(1);
    expect(taken.stderr).toBe(
      `PORT must be a free port, got ${port}: another process, perhaps another gateway, listens on 127.0.0.1:${port} (EADDRINUSE).\n`,
    );
    expect(limited.code).toBe(1);
    expect(limited.stderr).toMatch(/^The system allows this process 200 open files, .* at least 256 .*\n$/);
  });
});

test('SIGUSR1 leaves a line in the log, and does not open the debugger', async () => {
  await using gateway = await startProcess({ LOG_LEVEL: 'warn' });
  gateway.kill('SIGUSR1');
  await until(async () => gateway.output().includes('SIGUSR1 arrived'));
  expect(gateway.output()).not.toContain('Debugger listening');
  expect((await look(gateway.url)).status).toBe(200);
});

/** Whether the server accepts new connections and reports itself ready. */
function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
