import { Product } from '../../src/catalogue/product.js';
import { engineWith, noContent, operationOf, smsAnswer } from '../support/engine.js';
import { Gate } from '../support/gate.js';

const day = 86_400_000;

/** Number of calls for two lookups of one id with this much time between them. */
async function callsFor(row: object, laterMs: number, missing: readonly string[] = []) {
  const { find, clock, calls } = await engineWith((query) => smsAnswer(query, row, missing));
  const first = find('a');
  await clock.tick();
  await first;
  await clock.advance(laterMs);
  const second = find('a');
  await clock.tick();
  await second;
  return calls.length;
}

describe('an answer is given again without a call', () => {
  test('for a day, when the record cannot change any more', async () => {
    expect(await callsFor({ status: 'delivered' }, day - 1)).toBe(1);
    expect(await callsFor({ status: 'delivered' }, day)).toBe(2);
  });

  test('for a day, when the record is older than 72 hours, whatever its state', async () => {
    expect(await callsFor({ status: 'submitted', date_received: '2026-01-01T00:00:00+0000' }, day - 1)).toBe(
      1,
    );
  });

  test('for five seconds, when the record may still change', async () => {
    const open = { status: 'submitted', date_received: '2026-01-09T23:59:00+0000' };
    expect(await callsFor(open, 4999)).toBe(1);
    expect(await callsFor(open, 5000)).toBe(2);
  });

  test('for two seconds, when there was no record: one may be written a moment later', async () => {
    expect(await callsFor({}, 1999, ['a'])).toBe(1);
    expect(await callsFor({}, 2000, ['a'])).toBe(2);
  });

  test('not at all, when the lookup failed', async () => {
    let healthy = false;
    const { find, clock, calls } = await engineWith((query) => {
      if (!healthy) throw new Error('no');
      return smsAnswer(query);
    });
    const failing = find('a').catch(() => 'failed');
    await clock.tick();
    expect(await failing).toBe('failed');
    healthy = true;
    const second = find('a');
    await clock.tick();
    expect(await second).toHaveLength(1);
    expect(calls).toHaveLength(2);
  });
});

test('the segments of a young event are asked for again, because another may have joined them', async () => {
  const { find, clock, calls } = await engineWith((query) => ({
    rows: [{ call_id: query.id, id: 'segment-1', date_start: '2026-01-09T23:00:00+0000' }],
    idsNotFound: [],
  }));
  const asr = { products: [Product.ASR], direction: null };
  for (const laterMs of [0, 5000, 4 * day, 5000]) {
    await clock.advance(laterMs);
    const found = find('call', asr);
    await clock.tick();
    expect(await found).toHaveLength(1);
  }
  expect(calls).toHaveLength(3);
});

test('concurrent lookups that miss the cache share one call', async () => {
  const gate = new Gate();
  const { find, clock, calls } = await engineWith(async (query) => {
    await gate.opened;
    return smsAnswer(query);
  });
  const waiting = Array.from({ length: 50 }, () => find('a'));
  await clock.tick();
  waiting.push(...Array.from({ length: 50 }, () => find('a')));
  await clock.tick();
  gate.open();
  expect((await Promise.all(waiting)).every((records) => records.length === 1)).toBe(true);
  expect(calls).toHaveLength(1);
});

describe('message texts', () => {
  const withText = { ...noContent, messageBodyOf: new Set(['SmsOutboundRecord']) };

  test('are not cached, but the record without its text is', async () => {
    const { find, clock, calls } = await engineWith((query) => smsAnswer(query, { message_body: 'secret' }));
    const full = find('a', { content: withText });
    await clock.tick();
    expect((await full)[0]?.raw).toHaveProperty('message_body', 'secret');
    const plain = await find('a');
    expect(plain[0]?.raw).not.toHaveProperty('message_body');
    expect(calls).toHaveLength(1);
    const again = find('a', { content: withText });
    await clock.tick();
    expect((await again)[0]?.raw).toHaveProperty('message_body', 'secret');
    expect(calls).toHaveLength(2);
  });

  test('are cached where the operator allows it, and shown only in selections of the text', async () => {
    const { find, clock, calls } = await engineWith((query) => smsAnswer(query, { message_body: 'secret' }), {
      cacheMessageBodies: true,
    });
    const full = find('a', { content: withText });
    await clock.tick();
    await full;
    expect((await find('a', { content: withText }))[0]?.raw).toHaveProperty('message_body', 'secret');
    expect((await find('a'))[0]?.raw).not.toHaveProperty('message_body');
    expect(calls).toHaveLength(1);
  });
});

describe('the cache is read only under possible keys, because each key can cost a Redis command', () => {
  const withText = { ...noContent, messageBodyOf: new Set(['SmsOutboundRecord']) };
  const place = 'abcd1234/abcd1234/SMS/outbound';

  test.each([
    ['an SMS: with or without its parts', {}, false, [`${place}/a`, `${place}+concatenated/a`]],
    [
      'an SMS where texts are cached: in every form',
      {},
      true,
      ['', '+concatenated', '+body', '+body+concatenated'].map((form) => `${place}${form}/a`),
    ],
    ['an SMS with its text where none is cached: nowhere', { content: withText }, false, []],
    [
      'a record that has no other forms: under one name',
      { products: [Product.VERIFY_API], direction: null },
      true,
      ['abcd1234/abcd1234/VERIFY-API//a'],
    ],
  ])('%s', async (_what, request, cacheMessageBodies, names) => {
    const asked: string[] = [];
    const cache = {
      get: (name: string) => void asked.push(name),
      set() {},
      stats: () => ({ hits: 0, misses: 0 }),
      close: async () => undefined,
    };
    const { find, clock } = await engineWith((query) => smsAnswer(query), { cache, cacheMessageBodies });
    const found = find('a', request);
    await clock.tick();
    await found;
    expect(asked).toEqual(names);
  });
});

test('what was read for one account is not shown for another', async () => {
  const { find, clock, calls } = await engineWith((query) =>
    smsAnswer(query, { account_id: query.account_id }),
  );
  const own = find('a');
  await clock.tick();
  await own;
  const other = find('a', { accountId: 'zzzz9999' });
  await clock.tick();
  expect((await other)[0]?.accountId).toBe('zzzz9999');
  expect(calls).toHaveLength(2);
});

test('an operation learns the cost of its lookups and what the cache saved', async () => {
  const { find, clock } = await engineWith((query) => smsAnswer(query, {}, ['missing']), {
    ratePerSecond: 1,
  });
  const [first, second, third] = [operationOf(clock), operationOf(clock), operationOf(clock)];
  const all = [find('a', {}, first), find('missing', {}, first), find('b', {}, second)];
  await clock.tick();
  await Promise.all(all);
  expect(first.meter.usage).toEqual({
    calls: 1,
    ids: 2,
    recordsBilled: 1,
    recordsFromCache: 0,
    recordsFromPage: 0,
    sharedWith: 1,
    queueMs: 0,
  });

  const later = [find('a', {}, third), find('c', {}, third)];
  await clock.advance(1000);
  await Promise.all(later);
  expect(third.meter.usage).toEqual({
    calls: 1,
    ids: 1,
    recordsBilled: 1,
    recordsFromCache: 1,
    recordsFromPage: 0,
    sharedWith: 0,
    queueMs: 1000,
  });
  expect(third.meter.traces).toEqual([
    { id: 'a', product: 'SMS', direction: 'OUTBOUND', outcome: 'found', from: 'cache' },
    { id: 'c', product: 'SMS', direction: 'OUTBOUND', outcome: 'found', from: 'call' },
  ]);
});
