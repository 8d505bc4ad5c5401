import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Product } from '../../src/catalogue/product.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { assertWithinRate } from '../support/assert-within-rate.js';
import { findService } from '../support/services.js';
import { ask } from '../support/start-gateway.js';
import { startProcess } from '../support/start-process.js';
import { TestRedis } from '../support/start-redis.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;
const query = `query ($ids: [ID!]!) { records(ids: $ids, product: VERIFY_API) { idsNotFound results { error { code } } } }`;

describeWithRedis('three gateways that share a Redis', () => {
  let redis: TestRedis;
  let simulator: Simulator;
  let gateways: Awaited<ReturnType<typeof startProcess>>[];

  beforeAll(async () => {
    const { shapes } = await buildServedSchema();
    redis = await TestRedis.start(program as string);
    simulator = await Simulator.start({ shapes, ratePerSecond: 1000 });
    const environment = {
      VONAGE_API_KEY: simulatorCredentials.apiKey,
      VONAGE_API_SECRET: simulatorCredentials.apiSecret,
      VONAGE_BASE_URL: simulator.url,
      REDIS_URL: redis.url,
    };
    gateways = await Promise.all([1, 2, 3].map(() => startProcess(environment)));
  }, 60_000);

  afterAll(async () => {
    for (const gateway of gateways ?? []) await gateway[Symbol.asyncDispose]();
    await simulator?.close();
    await redis?.kill();
  });

  /** Asks every gateway for so many ids that nobody knows. */
  const askAll = (name: string, idsEach: number) =>
    Promise.all(
      gateways.map(({ url }, gateway) => {
        const ids = Array.from({ length: idsEach }, (_, index) => `${name}-${gateway}-${index}`);
        return ask(url, query, { ids });
      }),
    );

  /** Four processes on a busy machine: arrivals stray by tens of milliseconds from when calls began. */
  const assertArrivalsWithinRate = () => {
    const arrivals = simulator.log.calls.map(({ atMs }) => atMs);
    assertWithinRate(arrivals, 10, 850);
  };

  test('keep the rate of one key between them', async () => {
    const answers = await askAll('shared', 260);
    expect(answers.map(({ data }) => data.records.idsNotFound.length)).toEqual([260, 260, 260]);
    expect(simulator.log.batchSizes).toEqual(Array(39).fill(20));
    assertArrivalsWithinRate();
  }, 30_000);

  test('answer out of what one of them has paid for', async () => {
    const [one, other] = gateways.map(({ url }) => url);
    const known = `query ($id: ID!) { record(id: $id, product: VERIFY_API) { vonageId } }`;
    let shared = 0;
    // A Redis that a busy machine keeps waiting counts as having nothing, so not every id has to be shared.
    for (const id of simulator.dataset.ids(Product.VERIFY_API).slice(0, 12)) {
      const first = await ask(one ?? '', known, { id });
      const second = await ask(other ?? '', known, { id });
      expect(second.data).toEqual(first.data);
      if (second.extensions.vonage.calls === 0) shared += 1;
    }
    expect(shared).toBeGreaterThan(0);
  }, 30_000);

  test('keep it as well when Redis has died, each with its share', async () => {
    simulator.log.clear();
    await redis.kill();
    const answers = await askAll('alone', 100);
    expect(answers.map(({ data }) => data.records.idsNotFound.length)).toEqual([100, 100, 100]);
    assertArrivalsWithinRate();
  }, 30_000);
});
