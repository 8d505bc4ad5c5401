import { Direction, Product, productName } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { recordTypes } from '../../src/records/record-types.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { kindNamed } from '../records/record-kinds.js';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { TestRedis } from '../support/start-redis.js';
import { authorizationOf, tokenOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const number = '447700900123';
const address = '203.0.113.77';
const body = 'My number is private, and so is this text.';
const routerSecret = 'a secret of the router and of this gateway';
const id = 'planted-id';

/** A row of every record type that holds the number, the address and the text wherever a person's could stand. */
const planted = recordTypes.map(({ recordClass, product, direction }) => {
  const { shape } = kindNamed(recordClass.name);
  const personal = shape.fields.filter(
    ({ name, privacy }) => ['personal', 'content'].includes(privacy ?? '') && name !== 'raw',
  );
  const row = {
    account_id: 'abcd1234',
    ...Object.fromEntries(rulesOf(product).idFields.map((field) => [field, id])),
    ...Object.fromEntries(
      personal.map(({ name, wire }) => [wire[0], name === 'ipAddress' ? address : plant(name)]),
    ),
    client_ref: `call ${number}`,
    added_by_vonage: { number, text: body },
  };
  return { recordClass, product, direction, shape, row };
});

function plant(name: string): unknown {
  if (name === 'messageBody') return body;
  return name === 'otherIds' || name === 'requestParams' ? { number } : number;
}

const callers = {
  full: { accounts: 'any' },
  'no-numbers': { scopes: ['records:read', 'records:content'] },
  'no-content': { scopes: ['records:read', 'records:numbers'] },
  neither: { scopes: ['records:read', 'explain'] },
} as const;

const log: string[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    log,
    config: { graphql: { routerSecret }, cache: { maxBytes: 1_000_000 }, ...tokensFor(callers) },
    simulator: { eventsPerType: 1, refusedProducts: [] },
  });
  for (const { product, direction, row } of planted)
    gateway.simulator.dataset.add({ product, direction, row });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Everything that a caller receives for every record type: headers, data, errors and extensions. */
async function shownTo(caller: keyof typeof callers): Promise<string> {
  const shown = planted.map(async ({ recordClass, product, direction, shape }) => {
    const fields = shape.fields.map(({ name }) => name).join(' ');
    const side = direction === null ? '' : `, direction: ${direction.toUpperCase()}`;
    const scope = `product: ${productName(product)}${side}`;
    const headers = { ...authorizationOf(caller), 'x-explain': '1', 'x-router-secret': routerSecret };
    const operation = `{
      record(id: "${id}", ${scope}) { ...Fields }
      records(ids: ["${id}", "nobody"], ${scope}) { nodes { ...Fields } results { records { ...Fields } } }
    } fragment Fields on ${recordClass.name} { ${fields} }`;
    const traced = { ...headers, 'apollo-federation-include-trace': 'ftv1' };
    const { headers: responded, ...rest } = await gateway.ask(operation, {}, traced);
    const trace = Buffer.from(rest.extensions.ftv1 ?? '', 'base64').toString('latin1');
    return JSON.stringify([rest, [...responded], trace]);
  });
  return (await Promise.all(shown)).join('\n');
}

describe('a planted number, address and text', () => {
  test('are shown to a caller who may see them', async () => {
    const shown = await shownTo('full');
    expect(shown).toContain(number);
    expect(shown).toContain(address);
    expect(shown).toContain(body);
  });

  test('show neither number nor address to a caller without records:numbers', async () => {
    const shown = await shownTo('no-numbers');
    expect(shown).not.toContain(number);
    expect(shown).not.toContain(address);
    expect(shown).toContain('44********23');
    expect(shown).toContain(body);
  });

  test('show no text to a caller without records:content', async () => {
    const shown = await shownTo('no-content');
    expect(shown).not.toContain(body);
    expect(shown).toContain(number);
  });

  test('show nothing of either to a caller with neither, not in `raw`, in a trace, an error or an explanation', async () => {
    const shown = await shownTo('neither');
    expect(shown).not.toContain(number);
    expect(shown).not.toContain(address);
    expect(shown).not.toContain(body);
  });
});

describe('the text of a message', () => {
  const sms = `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId ... on SmsOutboundRecord { messageBody } } }`;

  test('is null and FORBIDDEN without records:content, beside all else of the record', async () => {
    const { data, errors } = await gateway.ask(sms, {}, authorizationOf('no-content'));
    expect(data.record).toEqual({ vonageId: id, messageBody: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'messageBody is for callers with the scope records:content.',
        path: ['record', 'messageBody'],
        extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
      }),
    ]);
  });

  test('is not even fetched for such a caller', async () => {
    await using fresh = await startTestGateway({ config: tokensFor(callers) });
    const query = `{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { ... on SmsOutboundRecord { messageBody } } }`;
    await fresh.ask(query, {}, authorizationOf('no-content'));
    expect(fresh.simulator.log.calls.map(({ includeMessage }) => includeMessage)).toEqual([false]);
    await fresh.ask(query, {}, authorizationOf('full'));
    expect(fresh.simulator.log.calls.map(({ includeMessage }) => includeMessage)).toEqual([false, true]);
  });
});

describe('a Vonage error that quotes the request', () => {
  const problems = [
    ['in its title', { title: `Cannot read ${number}`, detail: body }],
    ['in its detail', { title: 'Bad request', detail: `${number}: ${body}` }],
    ['in a page', `<html>${number} ${body}</html>`],
    ['in JSON that breaks off', `{"records":[{"to":"${number}","message_body":"${body}`],
  ] as const;
  test.each(problems)('%s is not passed on', async (_where, problem) => {
    const text = typeof problem === 'string' ? problem : JSON.stringify(problem);
    gateway.simulator.faults.plan({ kind: 'body', body: text });
    const { errors } = await gateway.ask(
      `{ record(id: "another-id", product: NUMBER_INSIGHT) { vonageId } }`,
      {},
      authorizationOf('neither'),
    );
    gateway.simulator.faults.clear();
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toMatch(/447700900123|is private/);
  });
});

describe('what is logged at the lowest level', () => {
  const secrets = [simulatorCredentials.apiSecret, routerSecret, ...Object.keys(callers).map(tokenOf)];

  test('holds no number, no address, no text and no secret', async () => {
    for (const caller of Object.keys(callers) as (keyof typeof callers)[]) await shownTo(caller);
    for (const product of [Product.SMS, Product.NUMBER_INSIGHT]) {
      gateway.simulator.faults.plan({ kind: 'reset' }, 1, (query) => query.product === product);
      await gateway.ask(
        `{ record(id: "x-${product}", product: ${productName(product)}, direction: null) { vonageId } }`,
        {},
        authorizationOf('full'),
      );
    }
    const failures = [...(await logOfFailures(401, 2)), ...(await logOfFailures(500, 8))].join();
    expect(log.join()).toContain('added_by_vonage');
    const messages = ['operation', 'a call to Vonage failed', 'credentials refused', 'circuit breaker open'];
    for (const message of messages) expect(failures).toContain(`"msg":"${message}`);
    for (const secret of [number, address, body, ...secrets])
      expect(`${log.join()}${failures}`).not.toContain(secret);
  });

  /** Callers can put personal data into ids, into the names of operations and into accounts. */
  async function logOfFailures(status: number, times: number): Promise<readonly string[]> {
    const lines: string[] = [];
    await using own = await startTestGateway({ log: lines, config: tokensFor(callers) });
    own.simulator.faults.plan({ kind: 'status', status });
    for (let index = 0; index < times; index += 1) {
      const scope = `product: SMS, direction: OUTBOUND, accountId: "${index === 0 ? number : 'abcd1234'}"`;
      const query = `query N${number} { record(id: "${number}-${index}", ${scope}) { vonageId } }`;
      await own.ask(query, {}, authorizationOf('full'));
    }
    return lines;
  }

  test('no response contains a secret, for any caller', async () => {
    const shown = (await Promise.all((Object.keys(callers) as (keyof typeof callers)[]).map(shownTo))).join();
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });
});

const redisProgram = findService('redis-server');
(redisProgram ? test : test.skip)(
  'the Redis keys of the cache and of the quotas hold no number, text, caller or key of Vonage',
  async () => {
    await using redis = await TestRedis.start(redisProgram ?? '');
    await using shared = await startTestGateway({
      config: {
        cache: { maxBytes: 1_000_000 },
        redis: { url: redis.url },
        ...tokensFor({ 'ada@example.com': { idsPerSecond: 100, recordsPerDay: 100 } }),
      },
    });
    const row = planted[0]?.row ?? {};
    shared.simulator.dataset.add({ product: Product.SMS, direction: Direction.OUTBOUND, row });
    const query = `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId ... on SmsOutboundRecord { messageBody } } }`;
    expect((await shared.ask(query, {}, authorizationOf('ada@example.com'))).errors).toEqual([]);
    const has = async (prefix: string) => (await redis.client.keys(`${prefix}*`)).length > 0;
    await until(async () => (await has('records:')) && (await has('quota:')));
    const keys = (await redis.client.keys('*')).join('\n');
    for (const secret of [number, body, 'ada@example.com', simulatorCredentials.apiSecret])
      expect(keys).not.toContain(secret);
    const values = await Promise.all(
      (await redis.client.keys('records:*')).map((key) => redis.client.dump(key)),
    );
    expect(values.join()).not.toContain(body);
  },
);
