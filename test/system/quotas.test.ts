import { Direction, Product } from '../../src/catalogue/product.js';
import { Gate } from '../support/gate.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';
import { type Answer, reply, startUpstream } from '../vonage/upstream.js';

const records = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) {
  nodes { vonageId } idsNotFound results { requestedId error { code } }
} }`;
const range = (length: number, name = 'id') => Array.from({ length }, (_, index) => `${name}-${index}`);

/** Adds messages that have these ids. */
function addMessages({ simulator }: TestGateway, ids: readonly string[]): void {
  for (const message_id of ids) {
    const row = { account_id: 'abcd1234', message_id, status: 'delivered' };
    simulator.dataset.add({ product: Product.SMS, direction: Direction.OUTBOUND, row });
  }
}

describe('the rate of a caller, counted in ids', () => {
  const config = {
    limits: { maxIds: 100 },
    ...tokensFor({ limited: { idsPerSecond: 10 }, other: { idsPerSecond: 10 } }),
  };
  const ask = (gateway: TestGateway, ids: readonly string[], caller = 'limited') =>
    gateway.ask(records, { ids }, authorizationOf(caller));

  test('rejects an operation with more ids than are left as a whole, with the time to try again', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway, range(100));
    expect((await ask(gateway, range(95))).status).toBe(200);
    gateway.simulator.log.clear();
    const { status, headers, data, errors } = await ask(gateway, range(50));
    expect([status, data ?? null]).toEqual([429, null]);
    expect(errors).toEqual([
      expect.objectContaining({
        extensions: {
          code: 'RATE_LIMITED',
          retryAfterMs: expect.any(Number),
          requestId: expect.any(String),
        },
      }),
    ]);
    expect(Number(headers.get('retry-after'))).toBe(
      Math.ceil((errors[0]?.extensions.retryAfterMs ?? 0) / 1000),
    );
    expect(gateway.simulator.log.calls).toEqual([]);
  });

  test('is one caller’s own', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway, range(100));
    await ask(gateway, range(95));
    expect((await ask(gateway, range(50))).status).toBe(429);
    expect((await ask(gateway, range(50), 'other')).status).toBe(200);
  });

  test('counts what is not found twice, so that trying ids out meets it soon', async () => {
    await using gateway = await startTestGateway({ config });
    const answers = [];
    for (let time = 0; time < 4; time += 1) answers.push(await ask(gateway, range(25, `guess-${time}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
  });

  test('counts ids from the cache, also when the whole response comes from it', async () => {
    await using gateway = await startTestGateway({ config: { ...config, cache: { maxBytes: 1_000_000 } } });
    addMessages(gateway, range(40));
    const statuses = [];
    for (let time = 0; time < 5; time += 1) statuses.push((await ask(gateway, range(40))).status);
    expect(statuses.slice(0, 3)).toEqual([200, 200, 429]);
    expect(gateway.simulator.log.calls).toHaveLength(2);
  });

  test.each([
    ['look nothing up', '{ __typename }', 200],
    ['read the schema', '{ __schema { queryType { name } } }', 200],
    ['do not validate', '{ unknown }', 400],
    ['do not parse', '{', 400],
  ])('counts operations that %s as one id each', async (_which, document, status) => {
    const scopes = ['records:read', 'introspect'] as const;
    await using gateway = await startTestGateway({
      clock: new ManualClock(),
      config: { limits: { maxIds: 10 }, ...tokensFor({ limited: { idsPerSecond: 1, scopes } }) },
    });
    for (let time = 0; time < 10; time += 1)
      expect((await gateway.ask(document, {}, authorizationOf('limited'))).status).toBe(status);
    const { errors } = await ask(gateway, ['id']);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['RATE_LIMITED']);
  });

  test('counts dry runs, which look as many ids up in the cache', async () => {
    await using gateway = await startTestGateway({
      config: {
        limits: { maxIds: 100 },
        ...tokensFor({ planner: { idsPerSecond: 10, scopes: ['records:read', 'explain'] } }),
      },
    });
    const plan = () =>
      gateway.ask(records, { ids: range(60) }, { ...authorizationOf('planner'), 'x-dry-run': '1' });
    const { status, extensions } = await plan();
    expect([status, extensions.vonage.plan.calls]).toEqual([200, 3]);
    expect((await plan()).status).toBe(429);
    expect((await ask(gateway, range(60), 'planner')).status).toBe(429);
    expect(gateway.simulator.log.calls).toEqual([]);
  });

  test('is counted over aliases, lists and variables of one operation', async () => {
    // One id a second: a slow machine must not refill the bucket meanwhile.
    const slow = { ...config, ...tokensFor({ limited: { idsPerSecond: 1 } }) };
    await using gateway = await startTestGateway({ config: slow });
    addMessages(gateway, range(100));
    const aliases = range(30).map((id, index) => `a${index}: record(id: "${id}", product: SMS) { vonageId }`);
    const operation = `query ($ids: [ID!]!) { ${aliases.join(' ')}
      more: records(ids: $ids, product: SMS) { idsNotFound } nodes(ids: ["vr1_x"]) { id } }`;
    const { status } = await gateway.ask(operation, { ids: range(60) }, authorizationOf('limited'));
    expect(status).toBe(200);
    expect((await ask(gateway, range(12))).status).toBe(429);
  });

  test('refills while the caller rests', async () => {
    const clock = new ManualClock();
    await using gateway = await startTestGateway({ config, clock });
    const nothing = (count: number) =>
      gateway.ask(
        `{ ${range(count)
          .map((_, index) => `a${index}: node(id: "x${index}") { id }`)
          .join(' ')} }`,
        {},
        authorizationOf('limited'),
      );
    expect((await nothing(100)).status).toBe(200);
    expect((await nothing(20)).status).toBe(429);
    await clock.advance(2000);
    expect((await nothing(20)).status).toBe(200);
  });
});

describe('the records that a caller may be billed in a day', () => {
  const config = tokensFor({ limited: { recordsPerDay: 100 }, other: {} });
  const ask = (gateway: TestGateway, ids: readonly string[], caller = 'limited') =>
    gateway.ask(records, { ids }, authorizationOf(caller));

  test('are never exceeded: of 120 ids asked at once the first 100 are looked up', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway, range(120));
    const { data, errors } = await ask(gateway, range(120));
    expect(data.records.nodes.filter(Boolean)).toHaveLength(100);
    expect(errors).toHaveLength(20);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['RATE_LIMITED']));
    expect(errors[0]?.message).toMatch(/daily quota of 100 records/);
    expect(gateway.simulator.log.billedRows).toBe(100);
  });

  test('are never exceeded by many requests at once', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway, range(300));
    const ids = range(300);
    await Promise.all(range(30).map((_, index) => ask(gateway, ids.slice(index * 10, index * 10 + 10))));
    expect(gateway.simulator.log.billedRows).toBe(100);
  });

  test('are not used by cached records or by ids that are not found', async () => {
    await using gateway = await startTestGateway({ config: { ...config, cache: { maxBytes: 1_000_000 } } });
    addMessages(gateway, range(60));
    for (let time = 0; time < 5; time += 1) expect((await ask(gateway, range(60))).errors).toEqual([]);
    expect((await ask(gateway, range(40, 'unknown'))).errors).toEqual([]);
    expect((await ask(gateway, range(40, 'also-unknown'))).errors).toEqual([]);
    expect(gateway.simulator.log.billedRows).toBe(60);
  });

  test('are released when a call fails without a response', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway, range(100));
    gateway.simulator.faults.plan({ kind: 'status', status: 422 }, 1);
    await ask(gateway, ['id-0']);
    expect((await ask(gateway, range(100))).errors).toEqual([]);
  });

  test('are used once by a record that an operation selects in several ways', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway, range(100));
    const operation = `query ($ids: [ID!]!) {
      one: records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { vonageId } }
      other: records(ids: $ids, product: SMS) { nodes { vonageId } }
    }`;
    const { data, errors } = await gateway.ask(operation, { ids: range(50) }, authorizationOf('limited'));
    expect([errors, data.one.nodes.length, data.other.nodes.length]).toEqual([[], 50, 50]);
    expect((await ask(gateway, range(50, 'id'))).errors).toEqual([]);
  });

  test('are one caller’s own', async () => {
    await using gateway = await startTestGateway({ config });
    addMessages(gateway, range(120));
    await ask(gateway, range(120));
    expect((await ask(gateway, range(120), 'other')).errors).toEqual([]);
  });
});

describe('a caller that disconnects during a call', () => {
  const many = 60;
  const oneId = `{ records(ids: ["many"], product: CONVERSATION_EVENT) { nodes { id } } }`;
  const config = tokensFor({ limited: { recordsPerDay: 100 } });

  /** A Vonage that has sixty records of one id and one of each other, and answers when it is let. */
  async function setUp(firstAnswer?: Answer) {
    const [arrived, answering] = [new Gate(), new Gate()];
    const upstream = await startUpstream(async (response, request) => {
      const isFirst = upstream.requests.length === 1;
      arrived.open();
      await answering.opened;
      if (isFirst && firstAnswer) return firstAnswer(response, request);
      const ids = new URL(request.url ?? '', 'http://upstream').searchParams.get('id')?.split(',') ?? [];
      const rows = ids.flatMap((id): object[] =>
        id === 'many' ? Array.from({ length: many }, () => ({ conversation_id: id })) : [{ message_id: id }],
      );
      reply(200, { records: rows })(response, request);
    });
    const gateway = await startTestGateway({
      config: { ...config, vonage: { baseUrl: upstream.url }, cache: { maxBytes: 1_000_000 } },
    });
    const leave = async (operation: string) => {
      const client = new AbortController();
      const headers = { 'content-type': 'application/json', ...authorizationOf('limited') };
      const body = JSON.stringify({ query: operation });
      const asked = fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body, signal: client.signal });
      await arrived.opened;
      client.abort();
      await asked.catch(() => undefined);
      await until(() => gateway.engine.pending === 0);
    };
    const end = async () => {
      answering.open();
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    };
    return { gateway, upstream, leave, answering, [Symbol.asyncDispose]: end };
  }

  test('is billed for the records, so that no caller reads them unbilled from the cache', async () => {
    await using subject = await setUp();
    const { gateway, answering } = subject;
    await subject.leave(oneId);
    answering.open();
    await until(() => gateway.engine.inFlight === 0);
    const { errors } = await gateway.ask(records, { ids: range(50) }, authorizationOf('limited'));
    expect(errors).toHaveLength(50 - (100 - many));
    expect(errors[0]?.message).toMatch(/daily quota of 100 records/);
  });

  test.each([
    ['nothing when it is refused', reply(422, { title: 'no' }), 0],
    ['one record when it names one of its ids', reply(200, { records: [{ message_id: 'gone-3' }] }), 1],
    [
      'nothing when it finds nothing',
      reply(200, { records: [], ids_not_found: range(20, 'gone').join(',') }),
      0,
    ],
  ])('is billed %s', async (_what, firstAnswer, billed) => {
    await using subject = await setUp(firstAnswer);
    const { gateway, answering, upstream } = subject;
    const gone = JSON.stringify(range(20, 'gone'));
    await subject.leave(`{ records(ids: ${gone}, product: SMS, direction: OUTBOUND) { idsNotFound } }`);
    answering.open();
    await until(() => gateway.engine.inFlight === 0);
    const { errors } = await gateway.ask(records, { ids: range(100) }, authorizationOf('limited'));
    expect(errors).toHaveLength(billed);
    // No call was made without a caller.
    expect(upstream.requests.filter(({ parameters }) => parameters.get('id')?.includes('gone'))).toHaveLength(
      1,
    );
  });

  test('keeps what was set aside for it until then', async () => {
    await using subject = await setUp();
    const { gateway, answering } = subject;
    await subject.leave(oneId);
    const asked = gateway.ask(records, { ids: range(100) }, authorizationOf('limited'));
    await until(() => gateway.engine.pending === 99);
    answering.open();
    expect((await asked).errors).toHaveLength(1);
  });
});

test('a caller that disconnects before its ids are sent is billed nothing', async () => {
  const clock = new ManualClock();
  const config = { ...tokensFor({ limited: { recordsPerDay: 100 } }), vonage: { ratePerSecond: 1 } };
  await using gateway = await startTestGateway({ config, clock });
  addMessages(gateway, range(100));
  const client = new AbortController();
  const headers = { 'content-type': 'application/json', ...authorizationOf('limited') };
  const body = JSON.stringify({ query: records, variables: { ids: range(10, 'gone') } });
  const leaving = fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body, signal: client.signal });
  leaving.catch(() => undefined);
  await until(() => gateway.engine.waiting === 10);
  client.abort();
  await until(() => gateway.engine.pending === 0);
  const asked = gateway.ask(records, { ids: range(100) }, authorizationOf('limited'));
  await until(async () => {
    await clock.advance(500);
    return gateway.simulator.log.calls.length === 5;
  });
  expect((await asked).errors).toEqual([]);
});
