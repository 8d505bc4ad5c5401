import { Direction, Product } from '../../src/catalogue/product.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { Credentials } from '../../src/vonage/credentials.js';
import type { ConfigChanges } from '../support/change-config.js';
import { Gate } from '../support/gate.js';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const sms = '15000000E1F8B123';
const operation = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { vonageId accountId } }`;
const first = { ...simulatorCredentials, accountIds: ['abcd1234'] };
const second = { apiKey: 'key-of-tenant-2', apiSecret: 'secret-of-tenant-2', accountIds: ['tenant-2'] };

/** A gateway with two tenants, each with an account and a key of its own; Vonage knows one SMS id in both accounts. */
async function startTenants(config: ConfigChanges = {}) {
  const accountKeys = new Map(
    [first, second].flatMap(({ apiKey, apiSecret, accountIds }) =>
      accountIds.map((id) => [id, new Credentials(apiKey, apiSecret)] as const),
    ),
  );
  const tenants = tokensFor({
    one: { accounts: first.accountIds },
    two: { accounts: second.accountIds },
    both: { accounts: 'any' },
  });
  const gateway = await startTestGateway({
    config: {
      ...tenants,
      ...config,
      vonage: { accountKeys, apiKey: undefined, apiSecret: undefined, ...config.vonage },
    },
  });
  gateway.simulator.keys.accept(second);
  const row = { account_id: 'tenant-2', message_id: sms, status: 'failed', to: '4915112345678' };
  gateway.simulator.dataset.add({ product: Product.SMS, direction: Direction.OUTBOUND, row });
  return gateway;
}

const askAs = (gateway: TestGateway, caller: string, query = operation) =>
  gateway.ask(query, {}, authorizationOf(caller));
const answersOf = (answers: readonly GraphqlAnswer[]) => answers.map(({ data }) => data.record);

test('two tenants who ask for the same id in the same tick cause two calls, and see only their own', async () => {
  await using gateway = await startTenants();
  const { gate, hold } = heldCalls(gateway);
  const asked = [askAs(gateway, 'one'), askAs(gateway, 'two'), askAs(gateway, 'one'), askAs(gateway, 'two')];
  await hold(2);
  gate.open();
  const [one, two, oneAgain, twoAgain] = answersOf(await Promise.all(asked));
  expect([one, two]).toEqual([
    { vonageId: sms, accountId: 'abcd1234' },
    { vonageId: sms, accountId: 'tenant-2' },
  ]);
  expect([oneAgain, twoAgain]).toEqual([one, two]);
  expect(gateway.simulator.log.calls.map(({ accountId, ids }) => [accountId, ids])).toEqual(
    expect.arrayContaining([
      ['abcd1234', [sms]],
      ['tenant-2', [sms]],
    ]),
  );
  expect(gateway.simulator.log.calls).toHaveLength(2);
});

test('what one tenant has in the cache does not answer another, nor its question sooner', async () => {
  await using gateway = await startTenants({ cache: { maxBytes: 1_000_000 } });
  for (let time = 0; time < 3; time += 1) await askAs(gateway, 'one');
  expect(gateway.simulator.log.calls).toHaveLength(1);
  const { data } = await askAs(gateway, 'two');
  expect(data.record.accountId).toBe('tenant-2');
  expect(gateway.simulator.log.calls.map(({ accountId }) => accountId)).toEqual(['abcd1234', 'tenant-2']);
});

test('an account without rights gets the same error, whether the record is cached, exists, or not', async () => {
  await using gateway = await startTenants({ cache: { maxBytes: 1_000_000 } });
  for (let time = 0; time < 3; time += 1) await askAs(gateway, 'one');
  gateway.simulator.log.clear();
  const foreign = (id: string) =>
    askAs(gateway, 'two', `{ record(id: "${id}", product: SMS, accountId: "abcd1234") { vonageId } }`);
  const answers = [await foreign(sms), await foreign('unknown-id')];
  expect(answers.map(({ errors }) => errors[0]?.message)).toEqual(
    Array(2).fill('This caller may not read records of account abcd1234.'),
  );
  expect(gateway.simulator.log.calls).toEqual([]);
});

describe('a row of another account that Vonage returns all the same', () => {
  const foreignRows = { records: [{ account_id: 'abcd1234', message_id: sms, status: 'delivered' }] };
  const queries = [
    operation,
    `{ found: records(ids: ["${sms}"], product: SMS, direction: OUTBOUND) { nodes { vonageId } results { records { vonageId } } } }`,
    `{ smsRecord(id: "${sms}", direction: OUTBOUND) { __typename } }`,
  ];

  test.each(queries)('is not shown to a tenant whose account it is not: %s', async (query) => {
    await using gateway = await startTenants({ cache: { maxBytes: 1_000_000 } });
    gateway.simulator.faults.plan({ kind: 'body', body: JSON.stringify(foreignRows) });
    for (let time = 0; time < 2; time += 1) {
      const { data } = await askAs(gateway, 'two', query);
      expect(JSON.stringify(data)).not.toMatch(/15000000E1F8B123|SmsOutboundRecord/);
    }
  });

  test('is shown to a caller who may read that account, too', async () => {
    await using gateway = await startTenants({
      ...tokensFor({ both: { accounts: ['tenant-2', 'abcd1234'] } }),
    });
    gateway.simulator.faults.plan({ kind: 'body', body: JSON.stringify(foreignRows) });
    expect((await askAs(gateway, 'both')).data.record).toEqual({ vonageId: sms, accountId: 'abcd1234' });
  });
});

describe('a row that Vonage returns for the account of a tenant', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startTenants();
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
  });

  /** Whether a caller sees the row that Vonage returns for the account `tenant-2`. */
  async function isShownTo(caller: string, named: object): Promise<boolean> {
    const row = { message_id: sms, status: 'delivered', ...named };
    gateway.simulator.faults.plan({ kind: 'body', body: JSON.stringify({ records: [row] }) }, 1);
    const query = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND, accountId: "tenant-2") { vonageId raw } }`;
    const { data } = await askAs(gateway, caller, query);
    if (data.record) expect(data.record.raw).toEqual(row);
    return data.record !== null;
  }

  test.each<[string, object]>([
    ['another account with a blank after it', { account_id: 'abcd1234 ' }],
    ['a number', { account_id: 12345678 }],
    ['a fraction', { account_id: 1.5 }],
    ['a list that holds its own account', { account_id: ['tenant-2'] }],
    ['an object', { account_id: { id: 'tenant-2' } }],
    ['a flag', { account_id: true }],
    ['its own account and an invisible character', { account_id: 'tenant-2\u200B' }],
    ['its own account and another one', { account_id: 'tenant-2,abcd1234' }],
    ['a name that Vonage gives its own accounts', { account_id: 'nexmo-vapi-us-east-1' }],
  ])(
    'is not shown to the tenant when it names %s, but to a caller with all accounts',
    async (_what, named) => {
      expect(await isShownTo('two', named)).toBe(false);
      expect(await isShownTo('both', named)).toBe(true);
    },
  );

  test.each<[string, object]>([
    ['no account', {}],
    ['null', { account_id: null }],
    ['blanks only', { account_id: ' ' }],
    ['the account with blanks around it', { account_id: ' tenant-2 ' }],
    ['the account in upper case', { account_id: 'TENANT-2' }],
  ])('is shown to the tenant when it names %s', async (_what, named) => {
    expect(await isShownTo('two', named)).toBe(true);
  });
});

test('a tenant whose account consists of digits sees rows that name it as a number', async () => {
  await using gateway = await startTenants({
    ...tokensFor({ digits: { accounts: ['12345678'] } }),
    vonage: { accountKeys: new Map([['12345678', new Credentials(second.apiKey, second.apiSecret)]]) },
  });
  gateway.simulator.keys.accept({ ...second, accountIds: ['12345678'] });
  const row = { message_id: sms, account_id: 12345678 };
  gateway.simulator.faults.plan({ kind: 'body', body: JSON.stringify({ records: [row] }) });
  expect((await askAs(gateway, 'digits')).data.record).toEqual({ vonageId: sms, accountId: '12345678' });
});

test('a caller of several accounts asks each with its own key, in calls that mix no accounts', async () => {
  await using gateway = await startTenants();
  const { data, errors } = await askAs(
    gateway,
    'both',
    `{ one: record(id: "${sms}", product: SMS, direction: OUTBOUND, accountId: "abcd1234") { accountId }
       two: record(id: "${sms}", product: SMS, direction: OUTBOUND, accountId: "tenant-2") { accountId } }`,
  );
  expect([data, errors]).toEqual([{ one: { accountId: 'abcd1234' }, two: { accountId: 'tenant-2' } }, []]);
  expect(gateway.simulator.log.calls).toHaveLength(2);
  expect(gateway.simulator.log.refused).toBe(0);
});

test('an account that there is no key for is named as such, and nothing is sent', async () => {
  await using gateway = await startTenants();
  const { errors } = await askAs(
    gateway,
    'both',
    `{ record(id: "${sms}", accountId: "tenant-3") { vonageId } }`,
  );
  expect(errors[0]?.message).toBe('accountId names an account that this gateway has no key for.');
  expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(gateway.simulator.log.calls).toEqual([]);
});

test('one tenant’s flood leaves the rate of another as it is', async () => {
  await using gateway = await startTenants({ vonage: { ratePerSecond: 1 } });
  const flood = Array.from({ length: 10 }, (_, index) =>
    askAs(gateway, 'one', `{ record(id: "id-${index}", product: VERIFY_API) { vonageId } }`),
  );
  const floods = Promise.all(flood);
  const { data } = await askAs(gateway, 'two');
  expect(data.record.accountId).toBe('tenant-2');
  expect(gateway.simulator.log.calls.filter(({ accountId }) => accountId === 'tenant-2')).toHaveLength(1);
  await floods;
});

test('a wrong secret of one tenant fails only its own lookups, and is not sent again and again', async () => {
  await using gateway = await startTenants();
  gateway.simulator.keys.accept({ ...second, apiSecret: 'another secret' });
  for (let time = 0; time < 3; time += 1) {
    const { errors } = await askAs(gateway, 'two');
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_UNAUTHORIZED']);
  }
  expect((await askAs(gateway, 'one')).data.record.accountId).toBe('abcd1234');
  expect(gateway.simulator.log.refused).toBe(1);
});

/** Holds every call until the gate is opened. */
function heldCalls({ simulator }: TestGateway) {
  const gate = new Gate();
  let held = 0;
  simulator.faults.gate = () => {
    held += 1;
    return gate.opened;
  };
  return { gate, hold: (count: number) => until(() => held === count) };
}

test('calls of one tenant that hang hold back no other tenant', async () => {
  await using gateway = await startTenants();
  const hanging = new Gate();
  const [account] = first.accountIds;
  let hangs = 0;
  gateway.simulator.faults.gate = async ({ accountId }) => {
    if (accountId !== account) return;
    hangs += 1;
    await hanging.opened;
  };
  const ids = Array.from({ length: 400 }, (_, index) => `"AB${index}"`).join();
  const many = askAs(
    gateway,
    'one',
    `{ records(ids: [${ids}], product: SMS, direction: OUTBOUND) { idsNotFound } }`,
  );
  await until(() => hangs === 20);
  expect((await askAs(gateway, 'two')).data.record).toMatchObject({ vonageId: sms });
  hanging.open();
  expect((await many).data.records.idsNotFound).toHaveLength(400);
});
