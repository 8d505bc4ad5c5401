import { spawnSync } from 'node:child_process';
import { unprovisioned } from '../../src/simulator/problems.js';
import { readDocumentedMetrics } from '../deploy/documented-metrics.js';
import { alertExpressions, dashboardExpressions, selectorsOf } from '../deploy/prometheus-expressions.js';
import { openRawSocket } from '../support/raw-socket.js';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { TestRedis } from '../support/start-redis.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const admin = { port: 0 };
const sms = (id: string, name = '') =>
  `query ${name} { record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`;
const existing = '15000000E1F8B123';

const read = async (gateway: TestGateway, path: string) => {
  const response = await fetch(`${gateway.adminUrl}${path}`);
  return { status: response.status, text: await response.text() };
};
const metricsOf = async (gateway: TestGateway) => (await read(gateway, '/metrics')).text;

/** The samples of a metric by their labels. */
function samplesOf(text: string, name: string): Record<string, number> {
  const lines = [...text.matchAll(new RegExp(`^${name}(\\{.*\\})? (.+)$`, 'gm'))];
  return Object.fromEntries(lines.map(([, labels = '', value]) => [labels, Number(value)]));
}

describe('/metrics', () => {
  let gateway: TestGateway;
  let text: string;
  beforeAll(async () => {
    gateway = await startTestGateway({
      config: {
        admin,
        cache: { maxBytes: 1_000_000 },
        vonage: { recordsPerDay: 100 },
        ...tokensFor({ billing: { recordsPerDay: 10 }, support: {} }),
      },
    });
    const asBilling = authorizationOf('billing');
    for (const id of [existing, existing, 'not-there']) await gateway.ask(sms(id), {}, asBilling);
    gateway.simulator.faults.plan({ kind: 'reset' }, 1);
    await gateway.ask(sms('broken'), {}, authorizationOf('support'));
    text = await metricsOf(gateway);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test('counts calls by outcome, and the records that were billed and saved', () => {
    expect(samplesOf(text, 'vonage_calls_total')).toEqual({
      '{product="SMS",outcome="ok"}': 1,
      '{product="SMS",outcome="not_found_only"}': 1,
      '{product="SMS",outcome="cut"}': 1,
    });
    expect(samplesOf(text, 'vonage_records_billed_total')).toEqual({ '{product="SMS"}': 1 });
    expect(samplesOf(text, 'vonage_records_saved_total')).toEqual({ '{product="SMS",by="cache"}': 1 });
    expect(samplesOf(text, 'vonage_call_ids_count')).toEqual({ '': 3 });
  });

  test('shows how many parsed documents are kept, and what they take', () => {
    expect(samplesOf(text, 'document_cache_entries')).toEqual({ '': 3 });
    const { '': bytes } = samplesOf(text, 'document_cache_bytes');
    expect(bytes).toBeGreaterThan(3 * 2048);
    expect(bytes).toBeLessThan(3 * 16_384);
  });

  test('counts lookups and operations by outcome', () => {
    expect(samplesOf(text, 'lookup_ids_total')).toEqual({
      '{outcome="found"}': 2,
      '{outcome="not_found"}': 1,
      '{outcome="failed"}': 1,
    });
    expect(samplesOf(text, 'graphql_requests_total')).toEqual({
      '{operation="other",outcome="ok"}': 3,
      '{operation="other",outcome="UPSTREAM_UNAVAILABLE"}': 1,
    });
  });

  test('counts requests that were rejected before their operation, by status', async () => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
    await fetch(`${gateway.url}/graphql`, { ...post, body: '{}' });
    const headers = { ...post.headers, ...authorizationOf('billing') };
    await fetch(`${gateway.url}/graphql`, { ...post, headers, body: `"${'x'.repeat(300_000)}"` });
    await fetch(`${gateway.url}/nothing-here`);
    await fetch(`${gateway.url}/%zz`);
    const { write, ended } = await openRawSocket(gateway.url);
    write('not HTTP\r\n\r\n');
    await ended;
    expect(samplesOf(await metricsOf(gateway), 'http_requests_rejected_total')).toEqual({
      '{status="401"}': 1,
      '{status="413"}': 1,
      '{status="404"}': 1,
      '{status="400"}': 2,
    });
  });

  test('shows what is left of the daily limits of each caller and account', () => {
    expect(samplesOf(text, 'caller_records_left')).toEqual({ '{caller="billing"}': 9 });
    // The response of one call was lost, and may have been billed.
    expect(samplesOf(text, 'vonage_records_left')).toEqual({ '{account="abcd1234"}': 98 });
  });

  test('serves the metrics of docs/observability.md with their types, and no other ones', () => {
    const served = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    const documented = readDocumentedMetrics()
      // Absent without Redis.
      .filter(({ name }) => name !== 'redis_up')
      .map(({ name, type }) => `${name} ${type}`);
    expect(served.toSorted()).toEqual(documented.toSorted());
  });

  test('has the labels that the page, the alerts and the dashboard name', () => {
    for (const { name, labels } of readDocumentedMetrics()) {
      const [sample] = [...text.matchAll(new RegExp(`^${name}(?:_bucket)?\\{(.*)\\}`, 'gm'))];
      const served = [...(sample?.[1] ?? '').matchAll(/(\w+)=/g)].map(([, label]) => label);
      if (sample) expect([name, served.filter((label) => label !== 'le')]).toEqual([name, labels]);
    }
  });

  test.each([...alertExpressions(), ...dashboardExpressions()])(
    '$name reads metrics that are served',
    ({ expression }) => {
      for (const { metric } of selectorsOf(expression)) {
        if (metric === 'up' || metric === 'redis_up') continue;
        expect(text).toContain(`# TYPE ${metric.replace(/_(bucket|sum|count)$/, '')} `);
      }
    },
  );

  const promtool = findService('promtool');
  (promtool ? test : test.skip)('follows the conventions of Prometheus', () => {
    const checked = spawnSync(promtool ?? '', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
  });

  test('is not served on the public port', async () => {
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404);
    await expect((await fetch(`${gateway.url}/readyz?verbose`)).json()).resolves.toEqual({ status: 'ready' });
  });
});

test('1,000 made-up operation names, accounts and ids add no time series', async () => {
  await using gateway = await startTestGateway({ config: { admin } });
  const seriesOf = async () =>
    (await metricsOf(gateway)).split('\n').filter((line) => !line.startsWith('#')).length;
  const send = (index: number) => gateway.ask(`query Name${index} { __typename }`);
  await send(0);
  await gateway.ask(sms('id-0', 'Lookup0'));
  const before = await seriesOf();
  for (let start = 1; start < 1000; start += 100)
    await Promise.all(Array.from({ length: 100 }, (_, offset) => send(start + offset)));
  for (let index = 1; index < 20; index += 1) await gateway.ask(sms(`id-${index}`, `Lookup${index}`));
  expect(await seriesOf()).toBe(before);
}, 120_000);

describe('the admin listener', () => {
  test('reports health, and in detail when asked', async () => {
    await using gateway = await startTestGateway({ config: { admin } });
    await gateway.ask(sms(existing));
    expect(await read(gateway, '/livez')).toEqual({ status: 200, text: '{"status":"alive"}\n' });
    expect(await read(gateway, '/readyz')).toEqual({ status: 200, text: '{"status":"ready"}\n' });
    const { status, text } = await read(gateway, '/readyz?verbose');
    expect([status, JSON.parse(text)]).toEqual([
      200,
      {
        status: 'ready',
        checks: {
          keys: [
            {
              accounts: ['abcd1234'],
              credentials: 'accepted',
              circuitBreaker: { isOpen: false },
              rateLimiter: 'local',
              callSpacingMs: 0,
              refusedProducts: [],
              refusedAccounts: [],
              queue: { waitingIds: 0, estimatedWaitMs: 0 },
            },
          ],
        },
      },
    ]);
  });

  test('names products and accounts that Vonage refuses, and no account that only a caller named', async () => {
    await using gateway = await startTestGateway({ config: { admin } });
    gateway.simulator.faults.plan({ kind: 'problem', problem: unprovisioned });
    for (const account of ['', ', accountId: "447700900123"'])
      await gateway.ask(`{ record(id: "a", product: VERIFY_V2${account}) { id } }`);
    const { text } = await read(gateway, '/readyz?verbose');
    expect(JSON.parse(text).checks.keys[0]).toMatchObject({
      refusedProducts: [{ account: 'abcd1234', product: 'VERIFY_V2' }],
      refusedAccounts: ['other'],
    });
  });

  test('serves nothing else, and takes no other methods', async () => {
    await using gateway = await startTestGateway({ config: { admin } });
    expect((await read(gateway, '/graphql')).status).toBe(404);
    expect((await fetch(`${gateway.adminUrl}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  test('does not exist without its port', async () => {
    await using gateway = await startTestGateway();
    expect(gateway.adminUrl).toBeUndefined();
  });
});

const redisProgram = findService('redis-server');
(redisProgram ? test : test.skip)(
  'a Redis that is lost and comes back shows in metrics, health and log',
  async () => {
    await using redis = await TestRedis.start(redisProgram ?? '');
    const log: string[] = [];
    await using gateway = await startTestGateway({ log, config: { admin, redis: { url: redis.url } } });
    const isUp = async () => samplesOf(await metricsOf(gateway), 'redis_up')[''];
    await until(async () => (await isUp()) === 1);
    await redis.kill();
    await until(async () => (await isUp()) === 0);
    expect(JSON.parse((await read(gateway, '/readyz?verbose')).text).checks.redis).toEqual({ isUp: false });
    await redis.start();
    await until(async () => (await isUp()) === 1);
    const lines = log.map((line) => JSON.parse(line)).filter(({ msg }) => /^Redis is/.test(msg));
    // A machine under load can lose the new connection once more.
    expect(lines.slice(0, 2)).toMatchObject([
      { level: 40, msg: expect.stringContaining('lost'), reason: expect.any(String) },
      { level: 40, msg: expect.stringContaining('back') },
    ]);
  },
);
