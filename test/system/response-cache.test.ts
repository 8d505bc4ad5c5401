import { Direction, Product } from '../../src/catalogue/product.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { audience, Issuer } from '../access/issuer.js';
import { ManualClock } from '../support/manual-clock.js';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { TestRedis } from '../support/start-redis.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) {
  nodes { id occurredAt isFinal raw ... on SmsOutboundRecord { to } }
} }`;
const config = { cache: { maxBytes: 1_000_000 } };
const sample = '15000000E1F8B123';

/** Counts lookups in the store; a response from the cache makes none. */
function countLookups({ engines }: TestGateway): { readonly times: number } {
  const count = { times: 0 };
  for (const { store } of engines.all) {
    const find = store.find.bind(store);
    store.find = (...parts) => {
      count.times += 1;
      return find(...parts);
    };
  }
  return count;
}

function smsIds({ simulator }: TestGateway): string[] {
  return simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 3);
}

/** Adds final messages and returns their ids. */
function addMessages({ simulator }: TestGateway, count: number): string[] {
  const ids = Array.from({ length: count }, (_, index) => `message-${index}`);
  for (const message_id of ids) {
    const row = { account_id: 'abcd1234', message_id, status: 'delivered', to: '447700900001' };
    simulator.dataset.add({ product: Product.SMS, direction: Direction.OUTBOUND, row });
  }
  return ids;
}

/** Waits for a response while a manual clock stands still. */
async function standingStill<Value>(clock: ManualClock, response: Promise<Value>): Promise<Value> {
  let isPending = true;
  const done = () => {
    isPending = false;
  };
  response.then(done, done);
  while (isPending) await clock.tick();
  return response;
}

describe('a repeated request', () => {
  test('gets the same bytes again without a lookup', async () => {
    await using gateway = await startTestGateway({ config });
    await gateway.ask(query, { ids: [sample] });
    const second = await gateway.ask(query, { ids: [sample] });
    const lookups = countLookups(gateway);
    const third = await gateway.ask(query, { ids: [sample] }, { 'x-request-id': 'mine' });
    expect(lookups.times).toBe(0);
    expect({ ...third, headers: null }).toEqual({ ...second, headers: null });
    expect(third.extensions.vonage).toMatchObject({ calls: 0, recordsFromCache: 1 });
    expect(third.headers.get('content-type')).toBe(second.headers.get('content-type'));
    expect(third.headers.get('x-request-id')).toBe('mine');
  });

  test('with other variables gets a response of its own', async () => {
    await using gateway = await startTestGateway({ config });
    const [one = '', other = ''] = smsIds(gateway);
    for (let time = 0; time < 3; time += 1) {
      for (const id of [one, other]) {
        const { data } = await gateway.ask(query, { ids: [id] });
        expect(data.records.nodes[0].raw.message_id).toBe(id);
      }
    }
  });

  test('with x-explain or x-dry-run gets a report of its own, which no other request gets', async () => {
    await using gateway = await startTestGateway({ config });
    const ids = [sample];
    for (let time = 0; time < 3; time += 1) await gateway.ask(query, { ids });
    const lookups = countLookups(gateway);
    const explained = await gateway.ask(query, { ids }, { 'x-explain': '1' });
    const planned = await gateway.ask(query, { ids }, { 'x-dry-run': '1' });
    expect(lookups.times).toBe(1);
    expect(explained.extensions.vonage.explain).toHaveLength(1);
    expect(planned.data).toBeNull();
    const plain = await gateway.ask(query, { ids });
    expect(plain.extensions.vonage).not.toHaveProperty('explain');
  });

  test('that causes an error runs again each time, under its own requestId', async () => {
    await using gateway = await startTestGateway({ config });
    const ids = [sample, 'not an id'];
    for (let time = 0; time < 3; time += 1) {
      const { errors } = await gateway.ask(query, { ids }, { 'x-request-id': `time-${time}` });
      expect(errors.map(({ extensions }) => extensions.requestId)).toEqual([`time-${time}`]);
    }
  });

  test('runs again when the rows of its response have expired', async () => {
    const clock = new ManualClock();
    await using gateway = await startTestGateway({ config, clock, simulator: { clock } });
    const ask = () => standingStill(clock, gateway.ask(query, { ids: [sample] }));
    for (let time = 0; time < 3; time += 1) await ask();
    expect(gateway.simulator.log.calls).toHaveLength(1);
    await clock.advance(86_400_000);
    const { extensions } = await ask();
    expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 1 });
  });
});

/** A gateway whose clock stands still, with one caller of a burst of 100 ids and 10 more ids a second. */
async function startWithRate() {
  const clock = new ManualClock();
  const gateway = await startTestGateway({
    clock,
    config: { ...config, limits: { maxIds: 100 }, ...tokensFor({ limited: { idsPerSecond: 10 } }) },
  });
  const ids = addMessages(gateway, 100);
  const ask = (count: number, text = query, headers: Record<string, string> = {}) =>
    standingStill(clock, post(gateway, text, ids.slice(0, count), headers));
  return { clock, gateway, ask, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

/** Sends a request as `limited`, and reads everything that arrives but the date. */
async function post({ url }: TestGateway, text: string, ids: readonly string[], headers: object) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorizationOf('limited'), ...headers },
    body: JSON.stringify({ query: text, variables: { ids } }),
  });
  const headersButDate = [...response.headers].filter(([name]) => name !== 'date');
  return { status: response.status, headers: headersButDate, body: await response.text() };
}

describe('the rate of a caller', () => {
  test('is charged once for each response from the cache, by the ids of its operation', async () => {
    await using subject = await startWithRate();
    const { gateway, ask } = subject;
    await ask(30);
    await ask(30);
    const lookups = countLookups(gateway);
    expect((await ask(30)).status).toBe(200);
    expect(lookups.times).toBe(0);
    expect((await ask(10)).status).toBe(200);
    expect((await ask(1)).status).toBe(429);
  });

  test.each(['application/json', 'application/graphql-response+json', '*/*'])(
    'rejects a response from the cache byte by byte as it rejects a live operation, in %s',
    async (accept) => {
      await using subject = await startWithRate();
      const { gateway, ask } = subject;
      const headers = { accept, 'x-request-id': 'the-same' };
      for (let time = 0; time < 2; time += 1) expect((await ask(40, query, headers)).status).toBe(200);
      const lookups = countLookups(gateway);
      const ofCache = await ask(40, query, headers);
      const live = await ask(40, `${query} `, headers);
      expect(ofCache.status).toBe(429);
      expect(JSON.parse(ofCache.body).errors[0].extensions).toEqual({
        code: 'RATE_LIMITED',
        retryAfterMs: 2000,
        requestId: 'the-same',
      });
      expect(ofCache).toEqual(live);
      expect(lookups.times).toBe(0);
    },
  );

  test('is not charged for a rejected response, which stays in the cache', async () => {
    await using subject = await startWithRate();
    const { gateway, clock, ask } = subject;
    for (const status of [200, 200, 429, 429, 429]) expect((await ask(40)).status).toBe(status);
    await clock.advance(2000);
    const lookups = countLookups(gateway);
    expect((await ask(40)).status).toBe(200);
    expect(lookups.times).toBe(0);
    expect((await ask(1)).status).toBe(429);
  });

  test('is charged twice for an id that is not found, each time that the caller asks', async () => {
    await using gateway = await startTestGateway({
      config: { ...config, limits: { maxIds: 100 }, ...tokensFor({ limited: { idsPerSecond: 1 } }) },
    });
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) {
      const guesses = Array.from({ length: 10 }, (_, index) => `guess-${index}`);
      statuses.push((await post(gateway, query, guesses, {})).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  });
});

describe('with tokens', () => {
  const full = { idsPerSecond: 1000 };
  const masked = { ...full, scopes: ['records:read'] as const };
  const to = async ({ ask }: TestGateway, caller: string) =>
    (await ask(query, { ids: [sample] }, authorizationOf(caller))).data.records.nodes[0].to;

  test('callers of different scopes each get the response that their scopes allow', async () => {
    await using gateway = await startTestGateway({ config: { ...config, ...tokensFor({ full, masked }) } });
    const seen: string[] = [];
    for (const caller of ['full', 'full', 'masked', 'masked']) seen.push(await to(gateway, caller));
    const lookups = countLookups(gateway);
    for (const caller of ['full', 'masked']) seen.push(await to(gateway, caller));
    expect(lookups.times).toBe(0);
    const [numbers, , stars] = seen;
    expect(seen).toEqual([numbers, numbers, stars, stars, numbers, stars]);
    expect(numbers).toMatch(/^\d+$/);
    expect(stars).toMatch(/\*/);
  });

  test('a caller whose rights change gets no response of its old rights', async () => {
    await using gateway = await startTestGateway({
      config: { ...config, ...tokensFor({ caller: full, other: full }) },
    });
    const ask = () => gateway.ask(query, { ids: [sample] }, authorizationOf('caller'));
    for (let time = 0; time < 3; time += 1) expect(await to(gateway, 'caller')).toMatch(/^\d+$/);
    gateway.reload(tokensFor({ caller: masked }));
    expect(await to(gateway, 'caller')).toMatch(/\*/);
    gateway.reload(tokensFor({ caller: { ...full, accounts: ['efgh5678'] } }));
    expect(JSON.stringify(await ask())).not.toContain(sample);
    gateway.reload(tokensFor({ caller: { ...full, products: [Product.VOICE_CALL] } }));
    expect((await ask()).errors.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN');
    gateway.reload(tokensFor({ other: full }));
    expect((await ask()).status).toBe(401);
  });

  test('a caller whose rate changes gets responses from the cache at its new rate', async () => {
    await using gateway = await startTestGateway({
      config: { ...config, limits: { maxIds: 2 }, ...tokensFor({ caller: full }) },
    });
    for (let time = 0; time < 3; time += 1) await to(gateway, 'caller');
    gateway.reload(tokensFor({ caller: { idsPerSecond: 1 } }));
    const statuses: number[] = [];
    for (let time = 0; time < 20; time += 1)
      statuses.push((await gateway.ask(query, { ids: [sample] }, authorizationOf('caller'))).status);
    expect(statuses).toContain(429);
  });
});

test('with JWTs, tokens of one subject get cached responses by the scopes of each token', async () => {
  const clock = new ManualClock();
  await using issuer = await Issuer.start(clock);
  await using gateway = await startTestGateway({
    clock,
    config: {
      ...config,
      auth: {
        mode: 'jwt',
        jwtJwksUrl: issuer.url,
        jwtIssuer: issuer.url,
        jwtAudience: audience,
        jwtAlgorithms: ['ES256'],
        callerIdsPerSecond: 50,
      },
    },
  });
  const full = await issuer.token({ scope: 'records:read records:numbers' });
  const masked = await issuer.token({ scope: 'records:read' });
  const to = async (token: string) => {
    const authorization = { authorization: `Bearer ${token}` };
    const response = await standingStill(clock, gateway.ask(query, { ids: [sample] }, authorization));
    return response.data.records.nodes[0].to as string;
  };
  for (const token of [full, full, masked, masked]) await to(token);
  const lookups = countLookups(gateway);
  // A new token of the same subject and scopes is the same caller.
  const renewed = await issuer.token({ scope: 'records:numbers records:read', jti: 'renewed' });
  expect(await to(full)).toMatch(/^\d+$/);
  expect(await to(renewed)).toMatch(/^\d+$/);
  expect(await to(masked)).toMatch(/\*/);
  expect(lookups.times).toBe(0);
});

describe('with the callers’ own keys', () => {
  const ownKeys = {
    auth: { mode: 'basic', callerIdsPerSecond: 1000 },
    vonage: { apiKey: undefined, apiSecret: undefined, accountId: undefined },
  } as const;
  const { apiKey, apiSecret } = simulatorCredentials;
  const other = { apiKey: 'efgh5678', apiSecret: 'another-secret', accountIds: ['efgh5678', apiKey] };
  const text = query.replace('OUTBOUND)', `OUTBOUND, accountId: "${apiKey}")`);
  const basic = (key: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
  });

  test('a caller gets responses from the cache, and another caller never gets them', async () => {
    await using gateway = await startTestGateway({
      config: { ...config, ...ownKeys },
    });
    const { keys, log } = gateway.simulator;
    keys.accept(other);
    const ask = (key: string, secret: string) => gateway.ask(text, { ids: [sample] }, basic(key, secret));
    for (let time = 0; time < 2; time += 1) await ask(apiKey, apiSecret);
    const lookups = countLookups(gateway);
    const calls = () => log.calls.filter(({ product }) => product !== Product.REPORTS_USAGE).length;
    const { data } = await ask(apiKey, apiSecret);
    expect([data.records.nodes.length, lookups.times, calls()]).toEqual([1, 0, 1]);
    expect((await ask(other.apiKey, other.apiSecret)).data.records.nodes).toHaveLength(1);
    expect(calls()).toBe(2);
    expect((await ask(apiKey, 'a wrong secret')).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

describeWithRedis('with a Redis that holds the rates', () => {
  let redis: TestRedis;
  let gateway: TestGateway;
  let ids: readonly string[];
  beforeAll(async () => {
    redis = await TestRedis.start(program as string);
    const rate = tokensFor({ limited: { idsPerSecond: 1 } });
    gateway = await startTestGateway({ config: { ...config, ...rate, redis: { url: redis.url } } });
    ids = addMessages(gateway, 20);
    await until(async () => {
      await post(gateway, '{ node(id: "x") { id } }', [], {});
      return (await buckets()).length > 0;
    });
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  const buckets = () => redis.client.keys('quota:ids:*');

  /** Ids that the caller has taken according to Redis; one a second returns. */
  async function takenIds(): Promise<number> {
    const missing = await Promise.all((await buckets()).map((key) => redis.client.hget(key, 'missing')));
    return missing.reduce((sum, each) => sum + Number(each), 0);
  }

  // A busy machine can miss the 50 ms for a command, and then memory decides; Redis is charged for fewer responses.
  test('a response from the cache is charged there, and never twice', async () => {
    for (let time = 0; time < 2; time += 1) await post(gateway, query, ids, {});
    const before = await takenIds();
    const lookups = countLookups(gateway);
    for (let time = 0; time < 10; time += 1) expect((await post(gateway, query, ids, {})).status).toBe(200);
    expect(lookups.times).toBe(0);
    const charged = (await takenIds()) - before;
    expect(charged).toBeGreaterThan(0);
    expect(charged).toBeLessThanOrEqual(10 * ids.length);
  });

  test('a rate that another replica used up rejects a response from the cache', async () => {
    const one = ids.slice(0, 1);
    for (let time = 0; time < 3; time += 1) await post(gateway, query, one, {});
    const lookups = countLookups(gateway);
    for (const key of await buckets()) await redis.client.hset(key, 'missing', 2000);
    await until(async () => (await post(gateway, query, one, {})).status === 429);
    expect(lookups.times).toBe(0);
  });
});
