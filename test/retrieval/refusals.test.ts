import { Direction, Product } from '../../src/catalogue/product.js';
import type { GatewayError } from '../../src/errors.js';
import type { RecordEngineOptions } from '../../src/retrieval/record-engine.js';
import {
  forbidden,
  outOfCredit,
  type Problem,
  unknownProduct,
  unprovisioned,
} from '../../src/simulator/problems.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';
import { engineWith, operationOf, range } from '../support/engine.js';

const { SMS, MESSAGES, VIDEO_API, VERIFY_V2, NUMBER_INSIGHT_V2 } = Product;
const threeProducts = { products: [VERIFY_V2, NUMBER_INSIGHT_V2, VIDEO_API], direction: null };

const errorOf = ({ status, body }: Problem) => upstreamProblem(status, body);

/** An engine whose Vonage refuses some products and knows no id of the others. */
async function refusing(
  problems: Partial<Record<Product, Problem>>,
  options: Partial<Omit<RecordEngineOptions, 'clock'>> = {},
) {
  const subject = await engineWith(
    (query) => {
      const problem = problems[query.product as Product];
      if (problem) throw errorOf(problem);
      return { rows: [], idsNotFound: query.id.split(',') };
    },
    { ratePerSecond: 1000, ...options },
  );
  const settle = async <Value>(found: Promise<Value>): Promise<Value | GatewayError> => {
    const outcome = found.catch((error: GatewayError) => error);
    await subject.clock.advance(1000);
    return outcome;
  };
  const callsFor = (product: Product) => subject.calls.filter((call) => call.product === product).length;
  return { ...subject, settle, callsFor, problems };
}

const refusals: [string, Problem][] = [
  ['401 #unprovisioned', unprovisioned],
  ['403 without a type', forbidden],
  ['422 that names the product', unknownProduct(['SMS'])],
];

describe.each(refusals)('a product that Vonage refuses with %s', (_what, problem) => {
  test('is left out of a search, which answers from the other products', async () => {
    const { find, settle } = await refusing({ [NUMBER_INSIGHT_V2]: problem });
    expect(await settle(find('nowhere', threeProducts))).toEqual([]);
  });

  test('costs one call for twenty ids, and none within the next ten minutes', async () => {
    const { find, settle, callsFor, clock } = await refusing({ [NUMBER_INSIGHT_V2]: problem });
    await settle(Promise.all(range(20).map((id) => find(id, threeProducts))));
    expect(callsFor(NUMBER_INSIGHT_V2)).toBe(1);
    await clock.advance(9 * 60_000);
    await settle(find('later', threeProducts));
    expect(callsFor(NUMBER_INSIGHT_V2)).toBe(1);
    await clock.advance(60_000);
    await settle(find('much-later', threeProducts));
    expect(callsFor(NUMBER_INSIGHT_V2)).toBe(2);
  });

  test('shows in the trace of a search that leaves it out', async () => {
    const { find, settle, clock } = await refusing({ [NUMBER_INSIGHT_V2]: problem });
    await settle(find('first', threeProducts));
    const operation = operationOf(clock);
    await settle(find('second', threeProducts, operation));
    expect(operation.meter.traces).toContainEqual({
      id: 'second',
      product: 'NUMBER_INSIGHT_V2',
      direction: null,
      outcome: 'left out',
      from: null,
      reason: 'product refused by Vonage',
    });
  });

  test('is reported once, and in the statistics for as long as it is left out', async () => {
    const reported: unknown[] = [];
    const { find, settle, engine, clock } = await refusing(
      { [NUMBER_INSIGHT_V2]: problem },
      {
        onProductRefused: ({ accountId, product, error }) => reported.push([accountId, product, error.code]),
      },
    );
    await settle(find('a', threeProducts));
    await settle(find('b', threeProducts));
    expect(reported).toEqual([['abcd1234', NUMBER_INSIGHT_V2, 'UPSTREAM_REJECTED']]);
    const refused = { accountId: 'abcd1234', product: NUMBER_INSIGHT_V2 };
    expect(engine.stats().refusedProducts).toEqual([refused]);
    await clock.advance(10 * 60_000);
    expect(engine.stats().refusedProducts).toEqual([]);
  });

  test('is asked for when a lookup names it, and the caller gets what Vonage says', async () => {
    const { find, settle, callsFor } = await refusing({ [NUMBER_INSIGHT_V2]: problem });
    await settle(find('first', threeProducts));
    const named = { products: [NUMBER_INSIGHT_V2], direction: null };
    expect(await settle(find('second', named))).toMatchObject({
      code: 'UPSTREAM_REJECTED',
      upstream: { status: problem.status, title: problem.body.title },
    });
    expect(callsFor(NUMBER_INSIGHT_V2)).toBe(2);
  });

  test('is searched again as soon as a lookup that names it is answered', async () => {
    const { find, settle, callsFor, problems } = await refusing({ [NUMBER_INSIGHT_V2]: problem });
    await settle(find('first', threeProducts));
    delete problems[NUMBER_INSIGHT_V2];
    await settle(find('second', { products: [NUMBER_INSIGHT_V2], direction: null }));
    await settle(find('third', threeProducts));
    expect(callsFor(NUMBER_INSIGHT_V2)).toBe(3);
  });

  test('does not lock the key: every other product goes on', async () => {
    const { find, settle, engine } = await refusing({ [NUMBER_INSIGHT_V2]: problem });
    await settle(find('first', threeProducts));
    expect(await settle(find('second'))).toEqual([]);
    expect(engine.breakerPhase).toBe('closed');
  });
});

test('a search all of whose products are refused is no miss: it fails with what Vonage said', async () => {
  const { find, settle, calls } = await refusing({ [VIDEO_API]: unprovisioned, [VERIFY_V2]: unprovisioned });
  const scope = { products: [VIDEO_API, VERIFY_V2], direction: null };
  for (const id of ['first', 'second'])
    expect(await settle(find(id, scope))).toMatchObject({
      code: 'UPSTREAM_REJECTED',
      upstream: { status: 401 },
    });
  expect(calls).toHaveLength(2);
});

test('a product without a direction is refused for both directions with one call', async () => {
  const { find, settle, calls } = await refusing({ [SMS]: unprovisioned });
  expect(await settle(find('a', { direction: null }))).toMatchObject({ code: 'UPSTREAM_REJECTED' });
  expect(calls).toHaveLength(1);
});

describe('an account that Vonage refuses', () => {
  const everything = { products: Object.values(Product), direction: null };

  test.each([
    ['403 #out-of-credit', outOfCredit],
    ['402', { status: 402, body: { title: 'Payment needed' } }],
    ['403 before it answered any call', forbidden],
  ])('ends a search after one call with %s', async (_what, problem) => {
    const everywhere = Object.fromEntries(Object.values(Product).map((product) => [product, problem]));
    const reported: unknown[] = [];
    const { find, settle, calls, engine } = await refusing(everywhere, {
      onAccountRefused: ({ accountId }) => reported.push(accountId),
    });
    expect(await settle(find('15000000E1F8B123', everything))).toMatchObject({
      code: 'UPSTREAM_REJECTED',
      upstream: { status: problem.status },
    });
    expect(calls).toHaveLength(1);
    expect(engine.stats()).toMatchObject({ refusedProducts: [], refusedAccounts: ['abcd1234'] });
    await settle(find('15000000E1F8B124', everything));
    expect(reported).toEqual(['abcd1234']);
  });

  test('for lack of credit is told as that, also after calls that were answered', async () => {
    const { find, settle, problems } = await refusing({});
    await settle(find('first'));
    problems[MESSAGES] = outOfCredit;
    const scope = { products: [MESSAGES, SMS], direction: Direction.OUTBOUND };
    expect(await settle(find('second', scope))).toMatchObject({
      message: expect.stringContaining('out of credit'),
      upstream: { type: 'out-of-credit', detail: 'The account does not have sufficient credit.' },
    });
  });

  test('does not refuse the products of another account', async () => {
    const subject = await engineWith((query) => {
      if (query.account_id === 'closed') throw errorOf(outOfCredit);
      return { rows: [], idsNotFound: [query.id] };
    });
    const closed = subject.find('a', { accountId: 'closed' }).catch((error: GatewayError) => error.code);
    const open = subject.find('a');
    await subject.clock.advance(1000);
    expect(await Promise.all([closed, open])).toEqual(['UPSTREAM_REJECTED', []]);
  });
});

test('wrong credentials still lock the key, and end a search after one call', async () => {
  const wrong = { status: 401, body: { type: 'https://developer.vonage.com/api-errors#unathorized' } };
  const { find, settle, calls } = await refusing({ [VERIFY_V2]: wrong, [SMS]: wrong });
  expect(await settle(find('a', threeProducts))).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
  expect(await settle(find('b'))).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
  expect(calls).toHaveLength(1);
});

test('failed calls are reported with their lane, so that a log can hold what Vonage said', async () => {
  const reported: unknown[] = [];
  const { find, settle } = await refusing(
    { [VIDEO_API]: unprovisioned },
    {
      observer: {
        onCallEnded: ({ product, failure }) => reported.push([product, (failure as GatewayError).upstream]),
        onIdSent() {},
        onLookupEnded() {},
        onLookupRefused() {},
        onRecordsSaved() {},
      },
    },
  );
  await settle(find('a', { products: [VIDEO_API], direction: null }));
  expect(reported).toEqual([
    [
      VIDEO_API,
      {
        status: 401,
        type: 'unprovisioned',
        title: 'Unprovisioned',
        detail: 'The credentials provided do not have access to the requested product',
        instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
      },
    ],
  ]);
});
