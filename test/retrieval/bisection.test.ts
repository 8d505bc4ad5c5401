import { Product } from '../../src/catalogue/product.js';
import { GatewayError } from '../../src/errors.js';
import { engineWith, range, smsAnswer } from '../support/engine.js';

const rejection = (status = 422) =>
  new GatewayError('UPSTREAM_REJECTED', 'Vonage refused the call.', { upstream: { status } });

/** Refuses every call that names a poisonous id. */
const poisonedBy =
  (...poison: string[]) =>
  (query: { id: string }) => {
    if (query.id.split(',').some((id) => poison.includes(id))) throw rejection();
    return smsAnswer(query as never);
  };

async function outcomesOf(ids: readonly string[], script: Parameters<typeof engineWith>[0]) {
  const subject = await engineWith(script, { ratePerSecond: 1000 });
  const outcomes = Promise.allSettled(ids.map((id) => subject.find(id)));
  await subject.clock.advance(5000);
  return { outcomes: await outcomes, calls: subject.calls };
}

test.each(range(20).map((id, index) => [index, id]))(
  'a poison id at place %i of twenty costs at most ten more calls, and only it fails',
  async (_place, poison) => {
    const ids = range(20);
    const { outcomes, calls } = await outcomesOf(ids, poisonedBy(poison as string));
    const failed = ids.filter((_id, index) => outcomes[index]?.status === 'rejected');
    expect(failed).toEqual([poison]);
    expect(calls.length).toBeLessThanOrEqual(11);
  },
);

test('two poison ids cost at most ten more calls, and most other ids get a result', async () => {
  const { outcomes, calls } = await outcomesOf(range(20), poisonedBy('id-3', 'id-17'));
  expect(calls.length).toBeLessThanOrEqual(11);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(14);
});

test('a rejection that the whole request causes ends the bisection soon', async () => {
  const { outcomes, calls } = await outcomesOf(range(20), () => {
    throw rejection();
  });
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(calls.length).toBeLessThanOrEqual(7);
});

test.each([401, 402, 403, 404, 409])(
  'a %i does not depend on an id, so the batch is not halved',
  async (status) => {
    const { calls } = await outcomesOf(range(20), () => {
      throw rejection(status);
    });
    expect(calls).toHaveLength(1);
  },
);

test('a server error among the halves fails only its half', async () => {
  const { outcomes, calls } = await outcomesOf(range(20), (query, call) => {
    if (call === 1) throw rejection();
    if (query.id.includes('id-19')) throw new GatewayError('UPSTREAM_TIMEOUT', 'too slow');
    return smsAnswer(query);
  });
  expect(calls).toHaveLength(3);
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...Array(10).fill('fulfilled'),
    ...Array(10).fill('rejected'),
  ]);
});

test('an id that the answer leaves out is asked for once more on its own, where every row belongs to it', async () => {
  const strange = { other_id: 'x', status: 'delivered' };
  const { outcomes, calls } = await outcomesOf(['a', 'b'], (query) =>
    query.id === 'b'
      ? { rows: [strange], idsNotFound: [] }
      : { rows: [{ message_id: 'a' }], idsNotFound: [] },
  );
  expect(calls.map(({ id }) => id)).toEqual(['a,b', 'b']);
  expect(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.map(({ raw }) => raw) : null)),
  ).toEqual([[{ message_id: 'a' }], [strange]]);
});

test('an id that is left out twice is not found', async () => {
  const { outcomes, calls } = await outcomesOf(['a', 'b'], () => ({ rows: [], idsNotFound: [] }));
  expect(calls.map(({ id }) => id).sort()).toEqual(['a', 'a,b', 'b']);
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: [] },
    { status: 'fulfilled', value: [] },
  ]);
});

test('a row of another id than those asked for is dropped and counted, not guessed', async () => {
  const subject = await engineWith((query) => {
    const answer = smsAnswer(query);
    return { ...answer, rows: [...answer.rows, { message_id: 'other-id' }] };
  });
  const found = Promise.all([subject.find('a'), subject.find('b')]);
  await subject.clock.tick();
  expect((await found).map((records) => records.map(({ vonageId }) => vonageId))).toEqual([['a'], ['b']]);
  expect(subject.engine.unattributedRows).toBe(1);
});

describe('an answer that lacks something', () => {
  const failure = new GatewayError('UPSTREAM_UNAVAILABLE', 'cut');

  test('because it was cut short keeps the rows that arrived, fails the other ids, and is not paid for again', async () => {
    const { outcomes, calls } = await outcomesOf(['a', 'b', 'c'], () => ({
      rows: [{ message_id: 'b' }],
      idsNotFound: [],
      failure,
    }));
    expect(calls).toHaveLength(1);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  });

  test('that is whole but for a row fails only the id that the row was for, also where rows may be several', async () => {
    const subject = await engineWith((query) => ({
      rows: query.id.split(',').map((id) => ({ call_id: id })),
      idsNotFound: [],
      failure,
      omitted: [{ call_id: 'b', text: 'x' }],
    }));
    const ask = (id: string) => subject.find(id, { products: [Product.ASR], direction: null });
    const found = Promise.allSettled(['a', 'b', 'c'].map(ask));
    await subject.clock.tick();
    expect((await found).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(subject.calls).toHaveLength(1);
  });

  test('and tells not whose the lost rows were fails every id whose rows may be several', async () => {
    const subject = await engineWith((query) => ({
      rows: query.id.split(',').map((id) => ({ call_id: id })),
      idsNotFound: [],
      failure,
      omitted: [{}],
    }));
    const ask = (id: string) => subject.find(id, { products: [Product.ASR], direction: null });
    const found = Promise.allSettled(['a', 'b'].map(ask));
    await subject.clock.tick();
    expect((await found).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('because it was cut short fails every id whose rows may be several, since some of them may be lost', async () => {
    const subject = await engineWith((query) => ({
      rows: [{ call_id: query.id }],
      idsNotFound: [],
      failure,
    }));
    const found = subject.find('call', { products: [Product.ASR], direction: null }).catch((error) => error);
    await subject.clock.tick();
    expect(await found).toBe(failure);
  });
});
