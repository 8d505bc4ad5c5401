import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Product } from '../../src/catalogue/product.js';
import { monotonicClock } from '../../src/clock.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { assertArrivalsWithinRate } from '../support/assert-within-rate.js';
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
  }, 120_000);

  afterAll(async () => {
    for (const gateway of gateways ?? []) await gateway[Symbol.asyncDispose]();
    await simulator?.close();
    await redis?.kill();
  });

  /** Looks up this many unknown ids in every gateway, and checks that none is lost and that the calls keep the rate. */
  const askAll = async (name: string, idsEach: number) => {
    simulator.log.clear();
    const askedAtMs = monotonicClock.now();
    const answers = await Promise.all(
      gateways.map(({ url }, gateway) => {
        const ids = Array.from({ length: idsEach }, (_, index) => `${name}-${gateway}-${index}`);
        return ask(url, query, { ids });
      }),
    );
    expect(answers.map(({ data }) => data.records.idsNotFound.length)).toEqual(Array(3).fill(idsEach));
    const arrivals = simulator.log.calls.map(({ atMs }) => atMs);
    assertArrivalsWithinRate(arrivals, 10, askedAtMs);
  };

  test('keep the rate of one key between them', async () => {
    await askAll('shared', 260);
    // Each gateway makes one call at its start to check its credentials.
    const lookups = simulator.log.calls.filter(({ product }) => product !== Product.REPORTS_USAGE);
    expect(lookups.map(({ ids }) => ids.length)).toEqual(Array(39).fill(20));
  }, 120_000);

  test('serve records that another gateway cached', async () => {
    const [one, other] = gateways.map(({ url }) => url);
    const known = `query ($id: ID!) { record(id: $id, product: VERIFY_API) { vonageId } }`;
    // On a busy machine a command to Redis can time out and count as a miss, so the test tries ids until one is shared.
    for (const id of simulator.dataset.ids(Product.VERIFY_API)) {
      const first = await ask(one ?? '', known, { id });
      const second = await ask(other ?? '', known, { id });
      expect(second.data).toEqual(first.data);
      if (second.extensions.vonage.calls === 0) return;
    }
    throw new Error('No record came from the cache that the gateways share.');
  }, 120_000);

  test('keep the rate after Redis died, each with its share', async () => {
    await redis.kill();
    await askAll('alone', 100);
  }, 120_000);
});
