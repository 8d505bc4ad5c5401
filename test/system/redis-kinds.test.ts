import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { monotonicClock } from '../../src/clock.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { RedisQuotaStore } from '../../src/traffic/quota/redis-quota-store.js';
import { RedisKeySpace } from '../../src/traffic/resilience/redis-key-space.js';
import { addUser, TestRedisCluster } from '../support/redis/start-cluster.js';
import { TestRedisSentinel } from '../support/redis/start-sentinel.js';
import { TestTlsRedis } from '../support/redis/start-tls.js';
import { findService } from '../support/services.js';
import { ask, startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { startProcess } from '../support/start-process.js';
import { until } from '../support/until.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;
const openssl = findService('openssl');
const describeWithTls = program && openssl ? describe : describe.skip;
const sms = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { vonageId } } }`;

/** A gateway that keeps nothing in memory, so that every lookup reads Redis. */
async function join(url: string): Promise<TestGateway> {
  const config = { redis: { url }, admin: { host: '127.0.0.1', port: 0 } };
  const gateway = await startTestGateway({ config, simulator: { eventsPerType: 20 } });
  await until(() => isShared(gateway));
  return gateway;
}

describeWithRedis('two gateways that share a cluster', () => {
  let cluster: TestRedisCluster;
  let gateways: readonly [TestGateway, TestGateway];

  beforeAll(async () => {
    cluster = await TestRedisCluster.start(program ?? '');
    gateways = [await join(cluster.url), await join(cluster.url)];
  }, 60_000);

  afterAll(async () => {
    for (const gateway of gateways ?? []) await gateway[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  test('share records, which lie on all of its nodes', async () => {
    await shareRecords(gateways);
    const records = await cluster.namesByNode('records:*');
    expect(records.map((names) => names.length > 0)).toEqual([true, true, true]);
  }, 60_000);

  test('share one window of calls', async () => {
    const windows = await cluster.namesByNode('rate-limit:*');
    const holder = windows.findIndex((names) => names.length > 0);
    expect(windows.flat()).toHaveLength(1);
    const fields = await cluster.nodes[holder]?.client.hkeys(windows[holder]?.[0] ?? '');
    expect(fields?.filter((field) => /^[0-9a-f-]{36}$/.test(field))).toHaveLength(2);
  }, 60_000);

  test('share the quotas of callers', async () => {
    const keySpace = () => new RedisKeySpace(() => Buffer.from('secret'));
    const options = { redis: cluster.url, keySpace, clock: monotonicClock, burst: 10 };
    const join = () => new RedisQuotaStore({ ...options, commandTimeoutMs: 30_000 });
    const [one, other] = [join(), join()];
    await until(() => [one, other].every((each) => each.stats().redis.isUsable));
    // 0.01 ids a second: nothing comes back while the test runs.
    await one.take('ann', 10, 0.01);
    await expect((async () => other.take('ann', 1, 0.01))()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await Promise.all([one, other].map((each) => each.close()));
  }, 60_000);

  test('send no command that their user may not run', async () => {
    for (const node of cluster.nodes) expect(await node.client.call('ACL', 'LOG')).toEqual([]);
  });

  test('answer while a node is gone, and share again when it is back', async () => {
    const [third] = cluster.nodes.slice(2);
    const { ids } = await shareRecords(gateways);
    await third?.kill();
    for (const gateway of gateways) {
      const { data, errors } = await gateway.ask(sms, { ids });
      expect([data.records.nodes.length, errors]).toEqual([20, []]);
    }
    await third?.start();
    if (third) await addUser(third);
    for (const gateway of gateways) await until(() => isShared(gateway));
    await shareRecords(gateways);
  }, 60_000);
});

describeWithRedis('two gateways that share a master behind a sentinel', () => {
  let sentinel: TestRedisSentinel;
  let gateways: readonly [TestGateway, TestGateway];

  beforeAll(async () => {
    sentinel = await TestRedisSentinel.start(program ?? '');
    gateways = [await join(sentinel.url), await join(sentinel.url)];
  }, 60_000);

  afterAll(async () => {
    for (const gateway of gateways ?? []) await gateway[Symbol.asyncDispose]();
    await sentinel?.[Symbol.asyncDispose]();
  });

  test('share its records', async () => {
    await shareRecords(gateways);
    expect((await sentinel.master.client.keys('records:*')).length).toBeGreaterThan(0);
  }, 60_000);

  test('follow the sentinel to the new master', async () => {
    const newMaster = await sentinel.failOver();
    for (const gateway of gateways) await until(() => isShared(gateway));
    await newMaster.flushall();
    await shareRecords(gateways);
    expect((await newMaster.keys('records:*')).length).toBeGreaterThan(0);
  }, 60_000);
});

describeWithTls('a gateway with a user of its own and an encrypted connection', () => {
  let redis: TestTlsRedis;
  let simulator: Simulator;

  beforeAll(async () => {
    redis = await TestTlsRedis.start(program ?? '', openssl ?? '');
    const { shapes } = await buildServedSchema();
    simulator = await Simulator.start({ shapes, ratePerSecond: 1000 });
  }, 60_000);

  afterAll(async () => {
    await simulator?.close();
    await redis?.[Symbol.asyncDispose]();
  });

  /** A process, because Node reads its certificates once, at its start. */
  const start = (changes: Readonly<Record<string, string>> = {}) =>
    startProcess({
      ...{ VONAGE_BASE_URL: simulator.url, VONAGE_API_KEY: simulatorCredentials.apiKey },
      ...{ VONAGE_API_SECRET: simulatorCredentials.apiSecret, CACHE_MAX_BYTES: '0', LOG_LEVEL: 'warn' },
      ...{ REDIS_URL: `rediss://gateway:p%40ss@127.0.0.1:${redis.port}` },
      ...{ NODE_EXTRA_CA_CERTS: redis.certificateFile },
      ...changes,
    });

  test('uses everything in Redis, and sends no command that the user may not run', async () => {
    await using gateway = await start();
    const ids = simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 20);
    // Without a cache in memory, a record that costs no call was in Redis.
    await until(async () => (await ask(gateway.url, sms, { ids })).extensions.vonage.calls === 0);
    const [window = ''] = await redis.server.client.keys('rate-limit:*');
    expect(await redis.server.client.hlen(window)).toBeGreaterThan(1);
    expect(await redis.server.client.call('ACL', 'LOG')).toEqual([]);
  }, 120_000);

  test('says in the log why Redis is lost, without its password, and answers', async () => {
    await using gateway = await start({ NODE_EXTRA_CA_CERTS: '' });
    // On a busy machine the first connection times out instead, and one of the lines says so.
    await until(() => /(DEPTH_ZERO_SELF_SIGNED_CERT|self-signed certificate)/.test(gateway.output()));
    const ids = simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 1);
    expect((await ask(gateway.url, sms, { ids })).data.records.nodes).toHaveLength(1);
    expect(gateway.output()).toMatch(/WARN {2}Redis (is lost|does not answer)/);
    expect(gateway.output()).not.toMatch(/p@ss|p%40ss/);
  }, 120_000);
});

/** One gateway reads records from Vonage, and the other one reads them all from Redis. */
async function shareRecords([one, other]: readonly [TestGateway, TestGateway]) {
  const ids = one.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 20);
  const first = await one.ask(sms, { ids });
  expect([first.data.records.nodes.length, first.errors]).toEqual([20, []]);
  // On a busy machine a command to Redis can time out and count as a miss.
  await until(async () => {
    const second = await other.ask(sms, { ids });
    expect(second.data).toEqual(first.data);
    return second.extensions.vonage.calls === 0;
  });
  return { ids };
}

/** Whether the gateway uses Redis for its cache and its rate now. */
async function isShared({ adminUrl }: TestGateway): Promise<boolean> {
  const { checks } = await (await fetch(`${adminUrl}/readyz?verbose`)).json();
  return checks.redis.isUp && checks.keys[0].rateLimiter === 'shared';
}
