import { simulatorCredentials } from '../../src/simulator/simulator.js';
import type { ConfigChanges } from '../support/change-config.js';
import { findService } from '../support/services.js';
import { startTestGateway } from '../support/start-gateway.js';
import { TestRedis } from '../support/start-redis.js';
import { until } from '../support/until.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const id = '15000000E1F8B123';
const query = `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId vonageStatus } }`;
const record = { vonageId: id, vonageStatus: 'delivered' };

describeWithRedis('what gateways share in Redis', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await TestRedis.start(program ?? '');
  });

  afterAll(async () => {
    await redis?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await redis.client.flushall();
  });

  /** A gateway that keeps nothing in memory, so that it reads Redis for every lookup. */
  async function join(config: ConfigChanges = {}, log: string[] = []) {
    const gateway = await startTestGateway({
      log,
      config: { ...config, redis: { url: redis.url } },
    });
    await until(() => gateway.engine.stats().tokensAvailable > 0);
    return gateway;
  }

  const cachedNames = () => redis.client.keys('records:*');

  async function cachedName(): Promise<string> {
    await until(async () => (await cachedNames()).length === 1);
    const [name = ''] = await cachedNames();
    return name;
  }

  test('is named by hashes: neither the key, its SHA-256, the account nor the id is read', async () => {
    await using gateway = await join();
    expect((await gateway.ask(query)).data.record).toEqual(record);
    await cachedName();
    const names = await redis.client.keys('*');
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      expect(name).toMatch(/^(records|(quota:ids|quota:records|rate-limit):\{[\w-]{16}\}):[\w-]{43}$/);
    expect(names.join()).not.toContain(simulatorCredentials.apiKey);
  });

  test('is read by another gateway with the same secret, and by none with another secret', async () => {
    await using one = await join();
    expect((await one.ask(query)).data.record).toEqual(record);
    await cachedName();
    await using same = await join();
    // On a busy machine a command to Redis can time out and count as a miss.
    await until(async () => (await same.ask(query)).extensions.vonage.calls === 0);
    const apiSecret = 'another-secret-of-the-key';
    await using rotated = await join({ vonage: { apiSecret } });
    rotated.simulator.keys.accept({
      ...simulatorCredentials,
      apiSecret,
      accountIds: [simulatorCredentials.apiKey],
    });
    expect((await rotated.ask(query)).data.record).toEqual(record);
    expect(rotated.simulator.log.calls).toHaveLength(1);
  });

  test('is ignored when another program wrote it, and the log says so once', async () => {
    const log: string[] = [];
    await using gateway = await join({}, log);
    expect((await gateway.ask(query)).data.record).toEqual(record);
    const name = await cachedName();
    const forged = JSON.stringify([{ message_id: id, account_id: 'abcd1234', status: 'failed' }]);
    const warnings = () => log.filter((line) => line.includes('Redis holds a record that no replica wrote'));
    const askForged = async () => {
      await redis.client.set(name, Buffer.concat([Buffer.alloc(32), Buffer.from(forged)]));
      const { data, extensions } = await gateway.ask(query);
      expect([data.record, extensions.vonage.calls]).toEqual([record, 1]);
    };
    do await askForged();
    while (warnings().length === 0);
    for (let time = 0; time < 3; time += 1) await askForged();
    expect(warnings()).toHaveLength(1);
  });
});
