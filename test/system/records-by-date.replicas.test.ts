import { randomBytes } from 'node:crypto';
import { smsRows, startPages } from '../support/pages-upstream.js';
import { findService } from '../support/services.js';
import { ask, type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { startProcess } from '../support/start-process.js';
import { TestRedis } from '../support/start-redis.js';

const list = `query List($first: Int!, $after: String) {
  recordsByDate(
    product: SMS, direction: OUTBOUND, since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z"
    first: $first, after: $after
  ) { nodes { vonageId } pageInfo { hasNextPage endCursor } }
}`;

/** Resolves when both replicas are connected to Redis: a page that one bought is kept for the other. */
async function connected(first: TestGateway, second: TestGateway): Promise<void> {
  for (let minute = 10; minute < 60; minute += 1) {
    const other = list.replace('until: "2026-01-02T00:00', `until: "2026-01-01T12:${minute}`);
    await first.ask(other, { first: 1 });
    const { extensions } = await second.ask(other, { first: 1 });
    if (extensions.vonage.calls === 0) return;
  }
  throw new Error('The replicas do not share their pages.');
}

const program = findService('redis-server');
const testWithRedis = program ? test : test.skip;

/** Two replicas that share a Redis, before an upstream with a page of records. */
async function startReplicas() {
  const redis = await TestRedis.start(program as string);
  const upstream = await startPages(smsRows(1000));
  const config = { vonage: { baseUrl: upstream.url }, redis: { url: redis.url } };
  const first = await startTestGateway({ config });
  const second = await startTestGateway({ config });
  return {
    first,
    second,
    upstream,
    [Symbol.asyncDispose]: async () => {
      for (const each of [second, first, upstream, redis]) await each[Symbol.asyncDispose]();
    },
  };
}

testWithRedis(
  'a page that one replica bought costs nothing at another',
  async () => {
    await using replicas = await startReplicas();
    const { first, second, upstream } = replicas;
    await connected(first, second);
    const before = upstream.requests.length;
    for (const gateway of [first, second]) {
      let after: string | null = null;
      const ids = new Set<string>();
      for (let part = 0; part < 50; part += 1) {
        const { data }: GraphqlAnswer = await gateway.ask(list, { first: 20, after });
        for (const { vonageId } of data.recordsByDate.nodes) ids.add(vonageId);
        after = data.recordsByDate.pageInfo.endCursor;
      }
      expect(ids.size).toBe(1000);
      expect(upstream.requests).toHaveLength(before + 1);
    }
  },
  120_000,
);

testWithRedis(
  'equal requests at several replicas at once share one call',
  async () => {
    await using replicas = await startReplicas();
    const { first, second, upstream } = replicas;
    await connected(first, second);
    const before = upstream.requests.length;
    const answers = await Promise.all(
      [first, second, first, second].map((gateway) => gateway.ask(list, { first: 20 })),
    );
    expect(answers.map(({ data }) => data.recordsByDate.nodes.length)).toEqual([20, 20, 20, 20]);
    expect(upstream.requests).toHaveLength(before + 1);
  },
  120_000,
);

test('after kill -9 and a restart the same cursor goes on: no record twice, none missing', async () => {
  const rows = smsRows(2500);
  await using upstream = await startPages(rows);
  const environment = {
    VONAGE_API_KEY: 'abcd1234',
    VONAGE_API_SECRET: randomBytes(8).toString('hex'),
    VONAGE_BASE_URL: upstream.url,
  };
  const ids: string[] = [];
  let after: string | null = null;
  for (const parts of [4, 10]) {
    await using gateway = await startProcess(environment);
    for (let part = 0; part < parts; part += 1) {
      const { data }: GraphqlAnswer = await ask(gateway.url, list, { first: 300, after });
      const { nodes, pageInfo }: GraphqlAnswer['data'] = data.recordsByDate;
      ids.push(...nodes.map(({ vonageId }: { vonageId: string }) => vonageId));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    gateway.kill('SIGKILL');
  }
  expect(ids).toEqual(rows.map(({ message_id: id }) => id));
  const pages = upstream.requests.filter(({ parameters }) => parameters.get('product') === 'SMS');
  // The page that was not read to its end is bought again.
  expect(pages.length).toBeLessThanOrEqual(4);
}, 120_000);
