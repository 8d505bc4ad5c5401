import { Direction, Product } from '../../src/catalogue/product.js';
import type { Simulator } from '../../src/simulator/simulator.js';
import { Gate } from '../support/gate.js';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { TestRedis } from '../support/start-redis.js';
import { until } from '../support/until.js';

const records = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) {
  nodes { vonageId } results { error { code message retryAfterMs } }
} }`;
const range = (length: number, name = 'id') => Array.from({ length }, (_, index) => `${name}-${index}`);

function addMessages({ dataset }: Simulator, ids: readonly string[]): void {
  for (const message_id of ids) {
    const row = { account_id: 'abcd1234', message_id, status: 'delivered' };
    dataset.add({ product: Product.SMS, direction: Direction.OUTBOUND, row });
  }
}

const config = {
  admin: { port: 0 },
  cache: { maxBytes: 1_000_000 },
  vonage: { recordsPerDay: 50 },
};

const warningsOf = (log: readonly string[]) =>
  log
    .map((line) => JSON.parse(line))
    .filter(({ level, msg }) => level === 40 && /MAX_RECORDS_PER_DAY/.test(msg));

async function recordsLeft(gateway: TestGateway): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  return Number(/^vonage_records_left\{account="abcd1234"\} (.+)$/m.exec(text)?.[1]);
}

describe('MAX_RECORDS_PER_DAY', () => {
  test('caps what all callers together are billed: the rest gets RATE_LIMITED, and cached records are served', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway.simulator, range(80));
    const { data, errors } = await gateway.ask(records, { ids: range(80) });
    expect(data.records.nodes.filter(Boolean)).toHaveLength(50);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['RATE_LIMITED']));
    expect(gateway.simulator.log.billedRows).toBe(50);
    const found = data.records.nodes.filter(Boolean).map(({ vonageId }: { vonageId: string }) => vonageId);
    expect((await gateway.ask(records, { ids: found })).errors).toEqual([]);
    const [refused] = (await gateway.ask(records, { ids: ['more'] })).data.records.results;
    expect(refused.error).toEqual({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/operator's daily limit .* until 00:00 UTC/),
      retryAfterMs: expect.any(Number),
    });
    expect(gateway.simulator.log.billedRows).toBe(50);
  });

  test('is never exceeded by many requests at once', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway.simulator, range(300));
    const ids = range(300);
    await Promise.all(
      range(30).map((_, part) => gateway.ask(records, { ids: ids.slice(part * 10, part * 10 + 10) })),
    );
    expect(gateway.simulator.log.billedRows).toBe(50);
  });

  test('is one warning at 80 percent, one when it is reached, and a metric of what is left', async () => {
    const log: string[] = [];
    await using gateway = await startTestGateway({ config, log });
    addMessages(gateway.simulator, range(80));
    expect(await recordsLeft(gateway)).toBe(50);
    await gateway.ask(records, { ids: range(30) });
    expect([await recordsLeft(gateway), warningsOf(log)]).toEqual([20, []]);
    await gateway.ask(records, { ids: range(40) });
    const near = { accounts: ['abcd1234'], recordsUsed: 40, recordsPerDay: 50 };
    expect(warningsOf(log)).toMatchObject([near]);
    for (const part of [range(60), range(70), range(80)]) await gateway.ask(records, { ids: part });
    expect(await recordsLeft(gateway)).toBe(0);
    expect(warningsOf(log)).toMatchObject([near, { ...near, recordsUsed: 50 }]);
  });

  test('counts on after a reload with another secret', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway.simulator, range(80));
    await gateway.ask(records, { ids: range(50) });
    gateway.reload({ vonage: { apiSecret: 'rotated' } });
    gateway.reload({});
    expect((await gateway.ask(records, { ids: range(60) })).errors).toHaveLength(10);
    expect(gateway.simulator.log.billedRows).toBe(50);
  });

  test('counts no ids that are not found, and no queries of REPORTS_USAGE, which cost nothing', async () => {
    await using gateway = await startTestGateway({ config: { ...config, vonage: { recordsPerDay: 20 } } });
    addMessages(gateway.simulator, range(20));
    expect((await gateway.ask(records, { ids: range(100, 'unknown') })).errors).toHaveLength(0);
    expect((await gateway.ask(records, { ids: range(20) })).errors).toEqual([]);
    const usage = await gateway.ask('{ record(id: "a-report", product: REPORTS_USAGE) { id } }');
    expect(usage.errors).toEqual([]);
  });

  test('does not exist without the setting', async () => {
    await using gateway = await startTestGateway({ config: { admin: { port: 0 } } });
    expect(await recordsLeft(gateway)).toBeNaN();
  });
});

describe('MAX_RECORDS_PER_DAY and lists by date', () => {
  const list = `query ($since: DateTime!) {
    recordsByDate(product: SMS, direction: OUTBOUND, since: $since, until: "2026-02-04T00:00:00Z") { nodes { vonageId } }
  }`;
  const second = (index: number) => ({ since: `2026-02-03T00:00:${String(index).padStart(2, '0')}Z` });

  /** A day on which every list of the test has these many rows. */
  async function startDay(recordsPerDay: number, count: number) {
    const gateway = await startTestGateway({
      config: { ...config, vonage: { recordsPerDay } },
      simulator: { eventsPerType: 0 },
    });
    const noon = { date_received: '2026-02-03T12:00:00+0000' };
    const place = { product: Product.SMS, direction: Direction.OUTBOUND };
    gateway.simulator.dataset.addDay({ ...place, day: '2026-02-03', count, values: noon });
    return gateway;
  }

  test('a page reserves 1,000 records while it is bought, and returns what it did not need', async () => {
    await using gateway = await startDay(1300, 400);
    const gate = new Gate();
    gateway.simulator.faults.gate = () => gate.opened;
    const answer = gateway.ask(list, second(0));
    await until(async () => (await recordsLeft(gateway)) === 300);
    gate.open();
    const { data, errors } = await answer;
    expect([errors, data.recordsByDate.nodes.length, await recordsLeft(gateway)]).toEqual([[], 100, 900]);
    // Another page does not fit any more. The first one is still served, and so are lookups by id.
    expect((await gateway.ask(list, second(1))).errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/operator's daily limit .* until 00:00 UTC/),
        extensions: expect.objectContaining({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) }),
      }),
    ]);
    expect((await gateway.ask(list, second(0))).data.recordsByDate.nodes).toHaveLength(100);
    expect((await gateway.ask(records, { ids: ['unknown'] })).errors).toEqual([]);
    expect([gateway.simulator.log.billedRows, gateway.simulator.log.calls.length]).toEqual([400, 2]);
  });

  test('fifty different lists at once are billed no more, whatever their pages need', async () => {
    await using gateway = await startDay(3000, 400);
    const answers = await Promise.all(range(50).map((_, index) => gateway.ask(list, second(index))));
    const codes = answers.map(({ errors }) => errors[0]?.extensions.code ?? 'listed');
    // After six pages 600 records are left, and a page can cost 1,000.
    expect(codes.toSorted()).toEqual([...Array(44).fill('RATE_LIMITED'), ...Array(6).fill('listed')]);
    expect(gateway.simulator.log.billedRows).toBe(2400);
  });
});

const redisProgram = findService('redis-server');
(redisProgram ? test : test.skip)('replicas share MAX_RECORDS_PER_DAY through Redis', async () => {
  await using redis = await TestRedis.start(redisProgram ?? '');
  const shared = { ...config, cache: { maxBytes: 0 }, redis: { url: redis.url } };
  await using one = await startTestGateway({ config: shared });
  await using other = await startTestGateway({ config: shared });
  addMessages(one.simulator, range(80));
  await one.ask(records, { ids: range(80) });
  const codeOfOther = async () => (await other.ask(records, { ids: ['unknown'] })).errors[0]?.extensions.code;
  await until(async () => (await codeOfOther()) === 'RATE_LIMITED');
  expect(other.simulator.log.billedRows).toBe(0);
});
