import { simulatorCredentials } from '../../src/simulator/simulator.js';
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

test('a wrong secret gets an error and no cached record of the right one', async () => {
  for (let time = 0; time < 3; time += 1) await gateway.ask(operation, {}, basic(own.apiKey, own.apiSecret));
  gateway.simulator.log.clear();
  const { data, errors } = await gateway.ask(operation, {}, basic(own.apiKey, 'a wrong secret'));
  expect(data.record).toBeNull();
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
    const comeWith = (name: string, count: number, signal: AbortSignal | null = null) =>
      Array.from({ length: count }, (_, index) =>
        fetch(`${subject.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...basic(`${name}-${index}`, 'made up') },
          body: JSON.stringify({ query: operation }),
          signal,
        }).then(
          (answer) => answer.text(),
          () => 'gone',
        ),
      );
    const pending = () => subject.engines.own.filter((engine) => engine.pending > 0).length;
    const close = async () => {
      gate.open();
      await subject[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    };
    return { gateway: subject, gate, held, comeWith, pending, [Symbol.asyncDispose]: close };
  }

  test('in any number do not keep a caller waiting whose key is good', async () => {
    await using subject = await startBefore();
    const { gateway, gate, held, comeWith, pending } = subject;
    expect((await gateway.ask(operation, {}, good)).data.record.vonageId).toBe(sms);
    const answers = comeWith('made-up', 200);
    let turnedAway = 0;
    for (const each of answers) void each.then(() => (turnedAway += 1));
    await until(() => held.calls === 4 && pending() === 104 && turnedAway === 96);
    expect((await gateway.ask(operation, {}, good)).data.record.vonageId).toBe(sms);
    expect(held.calls).toBe(4);
    gate.open();
    const bodies = await Promise.all(answers);
    expect(bodies.filter((text) => text.includes('OVERLOADED'))).toHaveLength(96);
    expect(bodies.filter((text) => text.includes('UNAUTHENTICATED'))).toHaveLength(104);
  });

  test('of disconnected callers are not verified any more', async () => {
    await using subject = await startBefore();
    const { gateway, gate, held, comeWith, pending } = subject;
    const stayed = comeWith('stays', 4);
    await until(() => held.calls === 4);
    const leaving = new AbortController();
    const left = comeWith('leaves', 20, leaving.signal);
    await until(() => pending() === 24);
    leaving.abort();
    expect(new Set(await Promise.all(left))).toEqual(new Set(['gone']));
    await until(() => pending() === 4);
    gate.open();
    await Promise.all(stayed);
    expect((await gateway.ask(operation, {}, good)).data.record.vonageId).toBe(sms);
    expect(held.calls).toBe(4);
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
  expect(gateway.simulator.log.calls.map(({ accountId }) => accountId).sort()).toEqual([
    'abcd1234',
    'efgh5678',
  ]);
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
