import { Direction, Product } from '../../src/catalogue/product.js';
import { monotonicClock } from '../../src/clock.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { assertArrivalsWithinRate } from '../support/assert-within-rate.js';
import { Gate } from '../support/gate.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';
import { reply, startUpstream } from '../vonage/upstream.js';

const sms = '15000000E1F8B123';
const operation = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { vonageId accountId } }`;
const own = simulatorCredentials;
const config = {
  auth: { mode: 'basic' },
  vonage: { apiKey: undefined, apiSecret: undefined, accountId: undefined },
} as const;

const basic = (apiKey: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${apiKey}:${secret}`).toString('base64')}`,
});

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({ config: { ...config, cache: { maxBytes: 1_000_000 } } });
});
afterEach(() => gateway[Symbol.asyncDispose]());

describe('a caller with a Vonage key of its own', () => {
  const credentials = basic(own.apiKey, own.apiSecret);

  test('looks up with it, in its own account', async () => {
    const { data } = await gateway.ask(operation, {}, credentials);
    expect(data.record).toEqual({ vonageId: sms, accountId: own.apiKey });
  });

  test('gets the cost of its lookups', async () => {
    const { extensions } = await gateway.ask(operation, {}, credentials);
    expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 1 });
  });

  test('may see numbers and texts, which are its own', async () => {
    const { data, errors } = await gateway.ask(
      `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { ... on SmsOutboundRecord { to messageBody } } }`,
      {},
      credentials,
    );
    expect(errors).toEqual([]);
    expect(data.record.to).toMatch(/^\d+$/);
  });
});

describe('a caller with a key of its own lists records by date', () => {
  const day = 'since: "2020-02-02T00:00:00Z", until: "2020-02-03T00:00:00Z"';
  const list = `{ recordsByDate(product: SMS, direction: OUTBOUND, ${day}) { nodes { accountId ... on SmsOutboundRecord { to } } } }`;
  const credentials = basic(own.apiKey, own.apiSecret);

  test('not by default, because a page can cost a thousand records', async () => {
    const { errors } = await gateway.ask(list, {}, credentials);
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'This caller may not read records by date; that takes the scope records:range.',
        extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
      }),
    ]);
    expect(gateway.simulator.log.calls.filter(({ product }) => product === Product.SMS)).toEqual([]);
  });

  test('when BASIC_SCOPES grants it, and sees no more than the scopes there', async () => {
    const auth = { ...config.auth, basicScopes: ['records:read', 'records:range'] } as const;
    await using subject = await startTestGateway({ config: { ...config, auth } });
    subject.simulator.dataset.addDay({
      product: Product.SMS,
      direction: Direction.OUTBOUND,
      day: '2020-02-02',
      count: 1,
      values: { to: '447700900123' },
    });
    const { data, errors } = await subject.ask(list, {}, credentials);
    expect(errors).toEqual([]);
    expect(data.recordsByDate.nodes).toEqual([{ accountId: own.apiKey, to: '44********23' }]);
  });
});

test('a wrong secret gets 401 and no cached record of the right one', async () => {
  for (let time = 0; time < 3; time += 1) await gateway.ask(operation, {}, basic(own.apiKey, own.apiSecret));
  const { status, headers, data, errors } = await gateway.ask(
    operation,
    {},
    basic(own.apiKey, 'a wrong secret'),
  );
  expect([status, data]).toEqual([401, undefined]);
  expect(headers.get('www-authenticate')).toMatch(/^Basic realm="Vonage/);
  expect(errors).toEqual([
    expect.objectContaining({
      message: 'Vonage did not accept the API key and secret of this request.',
      extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
    }),
  ]);
  expect(gateway.simulator.log.refused).toBe(1);
});

test('a wrong secret is not sent again and again, and does not affect the right one', async () => {
  for (let time = 0; time < 5; time += 1)
    await gateway.ask(operation, {}, basic(own.apiKey, 'a wrong secret'));
  expect(gateway.simulator.log.refused).toBe(1);
  const { data } = await gateway.ask(operation, {}, basic(own.apiKey, own.apiSecret));
  expect(data.record.vonageId).toBe(sms);
});

test('sixty guesses at one key are ten calls, and cost a caller with the right secret nothing', async () => {
  const good = basic(own.apiKey, own.apiSecret);
  expect((await gateway.ask(operation, {}, good)).data.record.vonageId).toBe(sms);
  const guesses = Array.from({ length: 60 }, (_, guess) =>
    gateway.ask(operation, {}, basic(own.apiKey, `guess ${guess}`)),
  );
  const meanwhile = await gateway.ask('{ record(id: "other", product: SMS) { vonageId } }', {}, good);
  expect(meanwhile.errors).toEqual([]);
  const codes = (await Promise.all(guesses)).map(({ errors }) => errors[0]?.extensions.code);
  expect(gateway.simulator.log.refused).toBe(10);
  expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(10);
  const limited = await gateway.ask(operation, {}, basic(own.apiKey, 'one more guess'));
  expect([limited.status, limited.errors[0]?.extensions.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await gateway.ask(operation, {}, good)).data.record.vonageId).toBe(sms);
});

describe('the rate and the quota of an API key', () => {
  const good = basic(own.apiKey, own.apiSecret);
  const limits = { mode: 'basic', callerRecordsPerDay: 2 } as const;
  const ids = ['25000000E1F8B101', '25000000E1F8B102', '25000000E1F8B103'];
  const lookUp = (subject: TestGateway, id: string | undefined, credentials = good) =>
    subject.ask(`{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`, {}, credentials);

  async function startLimited() {
    const subject = await startTestGateway({
      config: { ...config, auth: limits, cache: { maxBytes: 1_000_000 } },
    });
    for (const id of ids)
      subject.simulator.dataset.add({
        product: Product.SMS,
        direction: Direction.OUTBOUND,
        row: {
          account_id: own.apiKey,
          message_id: id,
          status: 'delivered',
          date_received: '2020-01-01T00:00:00+0000',
        },
      });
    return subject;
  }

  test('survive any number of strangers with made-up pairs', async () => {
    await using subject = await startLimited();
    for (const id of ids.slice(0, 2)) expect((await lookUp(subject, id)).data.record.vonageId).toBe(id);
    const strangers = Array.from({ length: 40 }, (_, index) =>
      subject.ask('{ __typename }', {}, basic(`made-up-${index}`, 'secret')),
    );
    for (const { status } of await Promise.all(strangers)) expect([401, 503]).toContain(status);
    expect((await lookUp(subject, ids[2])).errors[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  test('survive a reload, and so do its cached records and its engine', async () => {
    await using subject = await startLimited();
    for (const id of ids.slice(0, 2)) await lookUp(subject, id);
    const [engine] = subject.engines.own;
    subject.simulator.log.clear();
    subject.reload({ auth: { ...limits, callerIdsPerSecond: 40 } });
    for (const id of ids.slice(0, 2)) expect((await lookUp(subject, id)).data.record.vonageId).toBe(id);
    expect(subject.engines.own).toEqual([engine]);
    expect(subject.simulator.log.calls).toEqual([]);
    expect((await lookUp(subject, ids[2])).errors[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  test('are one for all its secrets, of which Vonage can accept two', async () => {
    await using subject = await startLimited();
    for (const id of ids.slice(0, 2)) await lookUp(subject, id);
    subject.simulator.keys.accept({ ...own, apiSecret: 'second secret', accountIds: [own.apiKey] });
    const second = basic(own.apiKey, 'second secret');
    expect((await lookUp(subject, ids[2], second)).errors[0]?.extensions.code).toBe('RATE_LIMITED');
  });
});

test('two secrets of one key keep the rate of the key between them', async () => {
  const startedAtMs = monotonicClock.now();
  await using subject = await startTestGateway({
    config: { ...config, vonage: { ...config.vonage, ratePerSecond: 5 } },
  });
  const first = basic(own.apiKey, own.apiSecret);
  await subject.ask('{ __typename }', {}, first);
  subject.simulator.keys.accept({ ...own, apiSecret: 'second secret', accountIds: [own.apiKey] });
  const second = basic(own.apiKey, 'second secret');
  await subject.ask('{ __typename }', {}, second);
  subject.simulator.keys.accept({ ...own, accountIds: [own.apiKey] });
  const product = (index: number) => Object.values(Product)[index % 4];
  await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      subject.ask(
        `{ record(id: "id-${index}", product: ${product(index)?.replaceAll('-', '_')}) { vonageId } }`,
        {},
        index % 2 ? first : second,
      ),
    ),
  );
  assertArrivalsWithinRate(
    subject.simulator.log.calls.map(({ atMs }) => atMs),
    5,
    startedAtMs,
  );
});

test('a secret that Vonage withdraws is refused by the next lookup, and afterwards at once', async () => {
  const credentials = basic(own.apiKey, own.apiSecret);
  expect((await gateway.ask(operation, {}, credentials)).data.record.vonageId).toBe(sms);
  gateway.simulator.keys.accept({ ...own, apiSecret: 'new secret', accountIds: [own.apiKey] });
  const lookup = await gateway.ask('{ record(id: "other", product: SMS) { vonageId } }', {}, credentials);
  expect(lookup.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  const cached = await gateway.ask(operation, {}, credentials);
  expect([cached.status, cached.data]).toEqual([401, undefined]);
});

describe('made-up keys', () => {
  const good = basic(own.apiKey, own.apiSecret);
  const row = { account_id: own.apiKey, message_id: sms };

  /** A gateway before a Vonage that knows one key, and leaves calls with others without an answer until the gate is opened. */
  async function startBefore() {
    const gate = new Gate();
    const held = { calls: 0 };
    const upstream = await startUpstream((response, request) => {
      if (request.headers.authorization === good.authorization)
        return reply(200, { records: [row] })(response, request);
      held.calls += 1;
      void gate.opened.then(() => reply(401, {})(response, request));
    });
    const subject = await startTestGateway({
      config: { ...config, vonage: { ...config.vonage, baseUrl: upstream.url } },
    });
    const comeWith = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) =>
        fetch(`${subject.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...basic(`${name}-${index}`, 'made up') },
          body: JSON.stringify({ query: operation }),
        }).then((response) => response.text()),
      );
    const close = async () => {
      gate.open();
      await subject[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    };
    return { gateway: subject, gate, held, comeWith, [Symbol.asyncDispose]: close };
  }

  test('in any number do not keep a caller waiting whose key is good', async () => {
    await using subject = await startBefore();
    const { gateway, gate, held, comeWith } = subject;
    expect((await gateway.ask(operation, {}, good)).data.record.vonageId).toBe(sms);
    const answers = comeWith('made-up', 120);
    let turnedAway = 0;
    for (const each of answers) void each.then(() => (turnedAway += 1));
    await until(() => held.calls === 4 && turnedAway >= 16);
    expect((await gateway.ask(operation, {}, good)).data.record.vonageId).toBe(sms);
    expect(held.calls).toBe(4);
    gate.open();
    const bodies = await Promise.all(answers);
    expect(bodies.filter((text) => text.includes('OVERLOADED'))).toHaveLength(16);
    // On a slow machine some callers have waited five seconds by now.
    const refused = bodies.filter((text) => /UNAUTHENTICATED|AUTHENTICATION_UNAVAILABLE/.test(text));
    expect(refused).toHaveLength(104);
  });
});

test('concurrent requests of two callers use the key of each', async () => {
  const other = { apiKey: 'efgh5678', apiSecret: 'another-secret', accountIds: ['efgh5678'] };
  gateway.simulator.keys.accept(other);
  const answers = await Promise.all([
    gateway.ask(operation, {}, basic(own.apiKey, own.apiSecret)),
    gateway.ask(operation, {}, basic(other.apiKey, other.apiSecret)),
  ]);
  expect(answers.map(({ data }) => data.record?.accountId ?? null)).toEqual([own.apiKey, null]);
  const lookups = gateway.simulator.log.calls.filter(({ product }) => product === Product.SMS);
  expect(lookups.map(({ accountId }) => accountId).sort()).toEqual(['abcd1234', 'efgh5678']);
});

test('Vonage rejects an account that the key may not read, and the cache of another caller is not used', async () => {
  const other = { apiKey: 'efgh5678', apiSecret: 'another-secret', accountIds: ['efgh5678'] };
  gateway.simulator.keys.accept(other);
  await gateway.ask(operation, {}, basic(own.apiKey, own.apiSecret));
  const { errors } = await gateway.ask(
    `{ record(id: "${sms}", product: SMS, direction: OUTBOUND, accountId: "${own.apiKey}") { vonageId } }`,
    {},
    basic(other.apiKey, other.apiSecret),
  );
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_REJECTED']);
});

test.each([
  ['nothing', {}],
  ['a token', { authorization: 'Bearer 0123456789abcdef0123' }],
  ['a key without a secret', basic('abcd1234', '')],
  ['a key that could change the call', basic('abcd1234\r\nhost: evil', 'secret')],
])('who brings %s gets 401, is asked for a key, and nothing is sent', async (_what, headers) => {
  const { status, headers: responded, errors } = await gateway.ask(operation, {}, headers);
  expect(status).toBe(401);
  expect(responded.get('www-authenticate')).toMatch(/^Basic realm="Vonage/);
  expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect([gateway.simulator.log.calls, gateway.simulator.log.refused]).toEqual([[], 0]);
});
