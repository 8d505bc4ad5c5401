import { Product } from '../../src/catalogue/product.js';
import { GatewayError } from '../../src/errors.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';
import type { RecordsQuery } from '../../src/vonage/wire.js';
import { engineWith, operationOf, range, smsAnswer } from '../support/engine.js';

const internalError = () => upstreamProblem(500, undefined);
const reset = () => new GatewayError('UPSTREAM_UNAVAILABLE', 'Vonage could not be reached.');

/** An engine whose Vonage fails on every call that names one of these ids. */
async function failingOn(failure: () => Error, ...bad: readonly string[]) {
  const subject = await engineWith(
    (query: RecordsQuery) => {
      if (query.id.split(',').some((id) => bad.includes(id))) throw failure();
      return smsAnswer(query);
    },
    { ratePerSecond: 1000 },
  );
  const lookUp = async (ids: readonly string[]) => {
    const before = subject.calls.length;
    const settled = Promise.allSettled(ids.map((id) => subject.find(id)));
    await subject.clock.advance(5000);
    const failed = (await settled).flatMap(({ status }, index) =>
      status === 'rejected' ? [ids[index]] : [],
    );
    return { failed, calls: subject.calls.slice(before) };
  };
  return { ...subject, lookUp };
}

describe('an id that Vonage answers with 500 each time', () => {
  test.each(range(20).map((id, place) => [place, id]))(
    'at place %i of twenty fails alone, after at most ten extra calls',
    async (_place, bad) => {
      const { lookUp } = await failingOn(internalError, bad as string);
      const { failed, calls } = await lookUp(range(20));
      expect(failed).toEqual([bad]);
      expect(calls.length).toBeLessThanOrEqual(11);
    },
  );

  test('costs one extra call the next time, and nothing any more once Vonage answers it', async () => {
    const bad = ['id-7'];
    const subject = await engineWith(
      (query) => {
        if (query.id.split(',').some((id) => bad.includes(id))) throw internalError();
        return smsAnswer(query);
      },
      { ratePerSecond: 1000, cachePolicy: { finalTtlMs: 0, pendingTtlMs: 0, notFoundTtlMs: 0 } },
    );
    const batches = async () => {
      const before = subject.calls.length;
      const settled = Promise.allSettled(range(20).map((id) => subject.find(id)));
      await subject.clock.advance(5000);
      await settled;
      return subject.calls.slice(before).map(({ ids }) => ids.length);
    };
    await batches();
    expect(await batches()).toEqual([19, 1, 1]);
    bad.pop();
    expect(await batches()).toEqual([19, 1]);
    expect(await batches()).toEqual([20]);
  });

  test('does not open the breaker, however often and however many callers look it up', async () => {
    const { lookUp, engine } = await failingOn(internalError, 'bad');
    for (let round = 0; round < 10; round += 1) await lookUp(['bad']);
    for (let round = 0; round < 10; round += 1) {
      const { failed } = await lookUp(['bad', ...range(19, `round-${round}`)]);
      expect(failed).toEqual(['bad']);
    }
    expect(engine.stats().breaker).toMatchObject({ phase: 'closed', opened: 0 });
  });

  test('twice in one batch leaves most other ids their result', async () => {
    const { lookUp } = await failingOn(internalError, 'id-3', 'id-17');
    const { failed, calls } = await lookUp(range(20));
    expect(failed.length).toBeLessThanOrEqual(7);
    expect(calls.length).toBeLessThanOrEqual(11);
  });
});

test('a 500 that does not repeat costs one more call, and nothing fails', async () => {
  const { find, clock, calls } = await engineWith((query, call) => {
    if (call === 1) throw internalError();
    return smsAnswer(query);
  });
  const found = Promise.all(range(20).map((id) => find(id)));
  await clock.advance(5000);
  expect(await found).toHaveLength(20);
  expect(calls.map(({ ids }) => ids.length)).toEqual([20, 20]);
});

test('where every call fails with 500, a batch costs few calls, and the breaker opens', async () => {
  const { find, clock, calls, engine } = await engineWith(() => {
    throw internalError();
  });
  const settled = Promise.allSettled(range(20).map((id) => find(id)));
  await clock.advance(5000);
  await settled;
  expect(calls.length).toBeLessThanOrEqual(8);
  const failing = Promise.allSettled(range(200, 'later').map((id) => find(id, {}, operationOf(clock))));
  await clock.advance(5000);
  await failing;
  expect(engine.breakerPhase).toBe('open');
});

describe.each([
  ['a reset connection', reset],
  ['a timeout', () => new GatewayError('UPSTREAM_TIMEOUT', 'Vonage did not answer in time.')],
  [
    'a response that cannot be read',
    () => new GatewayError('UPSTREAM_MALFORMED', 'No list.', { upstream: { status: 200 } }),
  ],
  ['a 504', () => upstreamProblem(504, undefined)],
])('an id that Vonage answers with %s each time', (_how, failure) => {
  test('takes others along once: their next lookup succeeds, and the one after that fails nothing but the id', async () => {
    const { lookUp } = await failingOn(failure, 'id-7');
    expect((await lookUp(range(20))).failed).toEqual(range(20));
    const second = await lookUp(range(20));
    expect(second.failed).toEqual(['id-6', 'id-7']);
    expect(new Set(second.calls.map(({ id }) => id)).size).toBeLessThanOrEqual(10);
    expect((await lookUp(['id-6', 'id-7', 'new'])).failed).toEqual(['id-7']);
  });

  test('opens no breaker and pauses no product, however often callers look it up', async () => {
    const { lookUp, engine } = await failingOn(failure, 'bad');
    for (let round = 0; round < 10; round += 1) await lookUp(['bad']);
    expect((await lookUp(['good'])).failed).toEqual([]);
    expect(engine.stats()).toMatchObject({ breaker: { opened: 0 }, pausedProducts: [] });
  });
});

test('a reset may hide a response that was billed, so the gateway does not ask again by itself', async () => {
  const { lookUp } = await failingOn(reset, 'id-7');
  const { calls } = await lookUp(range(20));
  expect(calls).toHaveLength(1);
});

test('ids that failed because Vonage was down share their calls again as soon as it is back', async () => {
  let isDown = true;
  const { find, clock, calls, engine } = await engineWith(
    (query) => {
      if (isDown) throw reset();
      return smsAnswer(query);
    },
    { ratePerSecond: 1000 },
  );
  const all = range(400);
  const lookUpAll = async () => {
    const settled = Promise.allSettled(all.map((id) => find(id)));
    await clock.advance(6000);
    return (await settled).filter(({ status }) => status === 'fulfilled').length;
  };
  expect(await lookUpAll()).toBe(0);
  isDown = false;
  const before = calls.length;
  // One call finds out that Vonage is back, and then the others leave.
  const probe = find('probe', { products: [Product.SMS] });
  await clock.tick();
  await probe;
  expect(await lookUpAll()).toBe(400);
  expect(engine.breakerPhase).toBe('closed');
  expect(calls.length - before).toBeLessThanOrEqual(1 + 20 + 4 * 10);
});

test('an isolated id is forgotten after ten minutes, and its lane alone is concerned', async () => {
  const { lookUp, find, clock, calls } = await failingOn(reset, 'bad');
  await lookUp(['bad', 'good']);
  const inbound = Promise.allSettled(
    ['bad', 'good'].map((id) => find(id, { products: [Product.VERIFY_API], direction: null })),
  );
  await clock.tick();
  await inbound;
  expect(calls.at(-1)?.id).toBe('bad,good');
  await clock.advance(600_000);
  expect((await lookUp(['bad', 'good'])).calls.map(({ id }) => id)).toEqual(['bad,good']);
});
