import { Product } from '../../src/catalogue/product.js';
import { forbidden, outOfCredit, unknownProduct, unprovisioned } from '../../src/simulator/problems.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { startTestGateway } from '../support/start-gateway.js';

const sms = '15000000E1F8B123';
const explain = { 'x-explain': '1' };
const named = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { product } }`;

describe('a product that is refused', () => {
  test.each([
    ['because it is not provisioned', Product.VIDEO_API, unprovisioned],
    ['with a 403', Product.VIDEO_API, forbidden],
    ['because Vonage does not know it', Product.NUMBER_INSIGHT, unknownProduct(['SMS'])],
  ])('%s does not make a miss an error', async (_why, product, problem) => {
    await using gateway = await startTestGateway({
      config: { vonage: { searchProducts: [Product.SMS, product, Product.ASR] } },
    });
    gateway.simulator.faults.refuseProduct(product, problem);
    const { data, errors } = await gateway.ask(
      '{ records(ids: ["nowhere", "nor-here"]) { idsNotFound results { outcome } } }',
    );
    expect(errors).toEqual([]);
    expect(data.records).toEqual({
      idsNotFound: ['nowhere', 'nor-here'],
      results: [{ outcome: 'NOT_FOUND' }, { outcome: 'NOT_FOUND' }],
    });
  });

  test('costs twenty unknown ids one call, not a bisection', async () => {
    await using gateway = await startTestGateway();
    const ids = Array.from({ length: 20 }, (_, index) => `nowhere-${index}`);
    await gateway.ask(
      'query ($ids: [ID!]!) { records(ids: $ids, product: NUMBER_INSIGHT_V2) { idsNotFound } }',
      { ids },
    );
    expect(gateway.simulator.log).toMatchObject({ calls: [], refused: 1 });
  });

  test('is named by x-explain, and logged once with the request id of Vonage', async () => {
    const log: string[] = [];
    await using gateway = await startTestGateway({
      log,
      config: { vonage: { searchProducts: [Product.SMS, Product.VIDEO_API] } },
    });
    gateway.simulator.faults.refuseProduct(Product.VIDEO_API, unprovisioned);
    await gateway.ask('{ record(id: "nowhere") { id } }');
    const { extensions } = await gateway.ask('{ record(id: "nor-here") { id } }', {}, explain);
    expect(extensions.vonage.explain).toContainEqual({
      id: 'nor-here',
      product: 'VIDEO_API',
      direction: null,
      outcome: 'left out',
      from: null,
      reason: 'product refused by Vonage',
    });
    const warnings = log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
    expect(warnings).toEqual([
      expect.objectContaining({
        account: 'abcd1234',
        product: 'VIDEO_API',
        code: 'UPSTREAM_REJECTED',
        status: 401,
        type: 'unprovisioned',
        upstreamRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      }),
    ]);
    expect(log.join()).not.toMatch(/nowhere|nor-here|simulator-secret/);
  });

  test('does not lock the key, and does not tell callers with keys of their own that these are wrong', async () => {
    const config = {
      auth: { mode: 'basic' },
      vonage: { apiKey: undefined, apiSecret: undefined, accountId: undefined },
    } as const;
    await using gateway = await startTestGateway({ config });
    gateway.simulator.faults.refuseProduct(Product.VIDEO_API, unprovisioned);
    const { apiKey, apiSecret } = simulatorCredentials;
    const proof = { authorization: `Basic ${btoa(`${apiKey}:${apiSecret}`)}` };
    const video = await gateway.ask('{ record(id: "a", product: VIDEO_API) { id } }', {}, proof);
    expect(video.errors[0]).toMatchObject({
      message: expect.stringContaining('has not enabled this product'),
      extensions: { code: 'UPSTREAM_REJECTED', upstream: { status: 401, type: 'unprovisioned' } },
    });
    expect((await gateway.ask(named, {}, proof)).data.record).toEqual({ product: 'SMS' });
  });
});

describe('an account without credit', () => {
  test('is told as that, after one call', async () => {
    const log: string[] = [];
    await using gateway = await startTestGateway({ log });
    gateway.simulator.faults.plan({ kind: 'problem', problem: outOfCredit });
    const { errors } = await gateway.ask(`{ record(id: "${sms}") { id } }`);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('out of credit'),
        extensions: expect.objectContaining({
          code: 'UPSTREAM_REJECTED',
          upstream: expect.objectContaining({ status: 403, type: 'out-of-credit', title: 'Out of credit' }),
        }),
      }),
    ]);
    expect(gateway.simulator.log.calls).toHaveLength(1);
    const failures = log.map((line) => JSON.parse(line)).filter(({ type }) => type === 'out-of-credit');
    expect(failures).not.toEqual([]);
    for (const { title, detail } of failures)
      expect({ title, detail }).toEqual({
        title: 'Out of credit',
        detail: 'The account does not have sufficient credit.',
      });
  });
});

test('each failed call is logged with its account, product and request id, without ids', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ log });
  gateway.simulator.faults.plan({ kind: 'status', status: 500 });
  await gateway.ask(named);
  const lines = log.map((line) => JSON.parse(line)).filter(({ level }) => level === 20);
  expect(lines).toContainEqual(
    expect.objectContaining({
      account: 'abcd1234',
      product: 'SMS',
      code: 'UPSTREAM_UNAVAILABLE',
      status: 500,
      upstreamRequestId: expect.any(String),
    }),
  );
  expect(log.join()).not.toContain(sms);
});

test('rows that carry their ids in another field cost one call and one log line', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ log });
  const ids = gateway.simulator.dataset.ids(Product.VERIFY_API).slice(0, 3);
  gateway.simulator.faults.plan({
    kind: 'edited',
    edit: (body) => ({
      ...body,
      records: body.records.map(({ request_id, id: _id, ...row }) => ({
        ...row,
        verification_id: request_id,
      })),
    }),
  });
  for (let time = 0; time < 2; time += 1) {
    const { data } = await gateway.ask(
      'query ($ids: [ID!]!) { records(ids: $ids, product: VERIFY_API) { idsNotFound results { outcome } } }',
      { ids },
    );
    expect(data.records).toEqual({
      idsNotFound: [],
      results: [{ outcome: 'FOUND' }, { outcome: 'FOUND' }, { outcome: 'FOUND' }],
    });
  }
  expect(gateway.simulator.log.calls).toHaveLength(2);
  const drifts = log.map((line) => JSON.parse(line)).filter(({ field }) => field !== undefined);
  expect(drifts).toEqual([expect.objectContaining({ product: 'VERIFY_API', field: 'verification_id' })]);
});

test('an id that is polled before its record exists costs two calls from the second time on', async () => {
  await using gateway = await startTestGateway();
  const poll = () => gateway.ask('{ record(id: "15000000E1F8BFFF") { id } }', {}, explain);
  const first = await poll();
  gateway.simulator.log.clear();
  const { data, extensions } = await poll();
  expect(data).toEqual({ record: null });
  expect(gateway.simulator.log.calls).toHaveLength(2);
  const outcomes = extensions.vonage.explain.map(({ outcome }: { outcome: string }) => outcome);
  expect(outcomes.filter((each: string) => each === 'left out')).toHaveLength(
    first.extensions.vonage.explain.length - 2,
  );
});

test('an id with more rows than a page holds is INCOMPLETE, and the others on its page are whole', async () => {
  await using gateway = await startTestGateway();
  for (const [call_id, rows] of [
    ['call-a', 2],
    ['call-b', 3],
    ['call-c', 1],
  ] as const)
    for (let index = 0; index < rows; index += 1)
      gateway.simulator.dataset.add({
        product: Product.ASR,
        direction: null,
        row: { account_id: 'abcd1234', call_id, id: `${call_id}/${index}` },
      });
  gateway.simulator.faults.maxPageRows = 2;
  const { data, errors } = await gateway.ask(
    '{ records(ids: ["call-a", "call-b", "call-c"], product: ASR) { results { outcome records { id } } } }',
  );
  expect(errors).toEqual([]);
  const results: { outcome: string; records: object[] }[] = data.records.results;
  expect(results.map(({ outcome, records }) => [outcome, records.length])).toEqual([
    ['FOUND', 2],
    ['INCOMPLETE', 2],
    ['FOUND', 1],
  ]);
});
