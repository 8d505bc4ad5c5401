import { Direction, Product } from '../../src/catalogue/product.js';
import { GatewayError } from '../../src/errors.js';
import type { RateLimiter } from '../../src/traffic/rate-limit/rate-limiter.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';
import type { RecordsQuery } from '../../src/vonage/wire.js';
import { engineWith, operationOf, range, smsAnswer } from '../support/engine.js';
import { Gate } from '../support/gate.js';

const failure = (status: number, retryAfterMs?: number) =>
  new GatewayError(status === 429 ? 'UPSTREAM_RATE_LIMITED' : 'UPSTREAM_UNAVAILABLE', 'no', {
    upstream: { status },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });

/** Fails the first calls with these errors, then answers. */
const failingWith =
  (...errors: readonly GatewayError[]) =>
  (query: RecordsQuery, call: number) => {
    const error = errors[call - 1];
    if (error) throw error;
    return smsAnswer(query);
  };

describe('a call is made again only when it is certain that nothing was billed', () => {
  test.each([502, 503, 504])('after a %i twice, with a wait that doubles', async (status) => {
    const { find, clock, calls } = await engineWith(failingWith(failure(status), failure(status)));
    const found = find('a');
    await clock.advance(1000);
    expect((await found)[0]?.vonageId).toBe('a');
    const [first = 0, ...later] = calls.map(({ atMs }) => atMs);
    expect(later.map((atMs) => atMs - first)).toEqual([125, 125 + 250]);
  });

  test('after a failure to connect', async () => {
    const refused = new GatewayError('UPSTREAM_UNAVAILABLE', 'no', { neverSent: true });
    const { find, clock, calls } = await engineWith(failingWith(refused));
    const found = find('a');
    await clock.advance(1000);
    expect(await found).toHaveLength(1);
    expect(calls).toHaveLength(2);
  });

  test('after a 500 once, and not a second time', async () => {
    const { find, clock, calls } = await engineWith(failingWith(failure(500), failure(500)));
    const found = find('a').catch((error: GatewayError) => error.code);
    await clock.advance(5000);
    expect(await found).toBe('UPSTREAM_UNAVAILABLE');
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['a timeout', new GatewayError('UPSTREAM_TIMEOUT', 'no')],
    ['a cut connection', new GatewayError('UPSTREAM_UNAVAILABLE', 'no')],
    ['an answer that is none', new GatewayError('UPSTREAM_MALFORMED', 'no', { upstream: { status: 200 } })],
    ['wrong credentials', new GatewayError('UPSTREAM_UNAUTHORIZED', 'no', { upstream: { status: 401 } })],
  ])('not after %s', async (_what, error) => {
    const { find, clock, calls } = await engineWith(failingWith(error));
    const found = find('a').catch((reason: GatewayError) => reason);
    await clock.advance(5000);
    expect(await found).toBe(error);
    expect(calls).toHaveLength(1);
  });

  test('not for ids that no caller waits for any more', async () => {
    const { find, clock, calls } = await engineWith(failingWith(failure(503)));
    const operation = operationOf(clock);
    const found = find('a', {}, operation).catch((reason: GatewayError) => reason.code);
    await clock.tick();
    operation.leave(new GatewayError('CANCELLED', 'gone'));
    await clock.advance(5000);
    expect(await found).toBe('CANCELLED');
    expect(calls).toHaveLength(1);
  });

  test('each attempt uses a token of the rate', async () => {
    const { find, clock, calls } = await engineWith(failingWith(failure(503)), { ratePerSecond: 1 });
    const found = find('a');
    await clock.advance(999);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
    expect(await found).toHaveLength(1);
  });
});

describe('a 429 is about the key', () => {
  test.each([
    ['for as long as Vonage asks', 3000, 3000],
    ['for a second when it does not say', undefined, 1000],
  ])('so everything pauses %s, and then goes on', async (_how, retryAfterMs, pauseMs) => {
    const { find, clock, calls } = await engineWith(failingWith(failure(429, retryAfterMs)));
    const limited = find('a');
    await clock.tick();
    const other = find('b');
    await clock.advance(pauseMs - 1);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls.map(({ id }) => id)).toEqual(['a', 'a']);
    await clock.advance(200);
    expect(calls.map(({ id }) => id)).toEqual(['a', 'a', 'b']);
    expect(await Promise.all([limited, other])).toHaveLength(2);
  });
});

test('calls are spread evenly after a 429, and leave together again when there was none for a while', async () => {
  const { find, clock, calls } = await engineWith(failingWith(failure(429)));
  const startOf = (count: number, name: string) => {
    const lanes = Array.from({ length: count }, (_, lane) => find(name, { accountId: `account${lane}` }));
    return Promise.all(lanes);
  };
  const gaps = (from: number) =>
    calls.slice(from).map(({ atMs }, index, all) => atMs - (all[index - 1]?.atMs ?? atMs));
  const refused = find('a');
  await clock.advance(1000);
  await refused;
  const spread = startOf(5, 'b');
  await clock.advance(2000);
  await spread;
  expect(
    gaps(2)
      .slice(1)
      .every((gapMs) => gapMs > 100),
  ).toBe(true);
  await clock.advance(60_000);
  const before = calls.length;
  const together = startOf(5, 'c');
  await clock.tick();
  await together;
  expect(gaps(before)).toEqual([0, 0, 0, 0, 0]);
});

describe('a 429 is repeated until the operation has no time left', () => {
  test('which takes more than three attempts, and none of them is billed', async () => {
    const limits = Array.from({ length: 12 }, () => failure(429));
    const { find, clock, calls } = await engineWith(failingWith(...limits));
    const operation = operationOf(clock);
    const found = find('a', {}, operation);
    await clock.advance(13_000);
    expect(await found).toHaveLength(1);
    expect(calls).toHaveLength(13);
    expect(operation.meter.usage).toMatchObject({ calls: 13, recordsBilled: 1 });
  });

  test('and then fails with the time after which it can succeed', async () => {
    const { find, clock, calls } = await engineWith(() => {
      throw upstreamProblem(429, undefined);
    });
    const failed = find('a', {}, operationOf(clock, 5500)).catch((error: GatewayError) => error);
    await clock.advance(5499);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 1000 });
    expect(calls).toHaveLength(6);
  });

  test('and fails at once where Vonage asks for a longer pause than that', async () => {
    const { find, clock, calls } = await engineWith(failingWith(failure(429, 45_000)));
    const failed = find('a').catch((error: GatewayError) => error);
    await clock.tick();
    expect(await failed).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 45_000 });
    expect(calls).toHaveLength(1);
  });

  test('but not where the last attempt took longer than the time that is left', async () => {
    const gate = new Gate();
    const { find, clock, calls } = await engineWith(async () => {
      await gate.opened;
      throw failure(429, 100);
    });
    const failed = find('a', {}, operationOf(clock, 5000)).catch((error: GatewayError) => error.code);
    await clock.advance(3000);
    gate.open();
    await clock.tick();
    expect(await failed).toBe('UPSTREAM_RATE_LIMITED');
    expect(calls).toHaveLength(1);
  });

  test('but not where calls of the key start further apart than the time that is left', async () => {
    let waitMs = 0;
    const rateLimiter: RateLimiter = {
      ratePerSecond: 10,
      acquire: async () => undefined,
      started: () => undefined,
      release: () => undefined,
      pause: () => {
        waitMs = 6000;
      },
      estimateMs: () => waitMs,
    };
    const { find, clock, calls } = await engineWith(failingWith(failure(429, 100)), { rateLimiter });
    const failed = find('a', {}, operationOf(clock, 5000)).catch((error: GatewayError) => error.code);
    await clock.tick();
    expect(await failed).toBe('UPSTREAM_RATE_LIMITED');
    expect(calls).toHaveLength(1);
  });

  test('with pauses that grow where Vonage asks for none, so that the rate is not used up', async () => {
    const { find, clock, calls } = await engineWith(() => {
      throw failure(429, 0);
    });
    const failed = find('a', {}, operationOf(clock, 10_000)).catch((error: GatewayError) => error.code);
    await clock.advance(10_000);
    expect(await failed).toBe('UPSTREAM_RATE_LIMITED');
    expect(calls.length).toBeLessThanOrEqual(13);
  });

  test('and leaves the attempts for other failures as they are', async () => {
    const { find, clock, calls } = await engineWith(
      failingWith(failure(503), failure(429), failure(429), failure(503), failure(503)),
    );
    const failed = find('a').catch((error: GatewayError) => error.code);
    await clock.advance(10_000);
    expect(await failed).toBe('UPSTREAM_UNAVAILABLE');
    expect(calls).toHaveLength(5);
  });
});

describe('responses of one product that cannot be read', () => {
  const malformed = () =>
    new GatewayError('UPSTREAM_MALFORMED', 'Unreadable.', { upstream: { status: 200 } });
  const asr = { products: [Product.ASR], direction: null };

  /** An engine whose Vonage sends nothing that can be read for one product, five times so far. */
  async function afterFiveUnreadable() {
    let isReadable = false;
    const subject = await engineWith((query) => {
      if (query.product === Product.ASR && !isReadable) throw malformed();
      return query.product === Product.ASR
        ? { rows: [{ call_id: query.id }], idsNotFound: [] }
        : smsAnswer(query);
    });
    for (const id of range(5)) {
      const failing = subject.find(id, asr).catch(() => undefined);
      await subject.clock.tick();
      await failing;
    }
    return { ...subject, recover: () => (isReadable = true) };
  }

  test('pause that product for five seconds, and say so', async () => {
    const { find, calls, engine } = await afterFiveUnreadable();
    expect(calls).toHaveLength(5);
    await expect(find('late', asr)).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED', retryAfterMs: 5000 });
    expect(calls).toHaveLength(5);
    expect(engine.stats().pausedProducts).toEqual(['abcd1234/ASR']);
  });

  test('do not stop the other products', async () => {
    const { find, clock, engine } = await afterFiveUnreadable();
    const found = find('a');
    await clock.tick();
    expect(await found).toHaveLength(1);
    expect(engine.breakerPhase).toBe('closed');
  });

  test('pause it again at the next one after that, and no more once one could be read', async () => {
    const { find, clock, calls, recover } = await afterFiveUnreadable();
    await clock.advance(5000);
    const again = find('again', asr).catch((error: GatewayError) => error.code);
    await clock.tick();
    expect(await again).toBe('UPSTREAM_MALFORMED');
    await expect(find('paused', asr)).rejects.toMatchObject({ retryAfterMs: 5000 });
    recover();
    await clock.advance(5000);
    const found = find('back', asr);
    await clock.tick();
    expect(await found).toHaveLength(1);
    expect(calls).toHaveLength(7);
  });

  test('let a search find the id in other products, and fail where these do not know it', async () => {
    const { find, clock, calls } = await afterFiveUnreadable();
    const found = find('a', { products: [Product.ASR, Product.SMS], direction: Direction.OUTBOUND });
    await clock.advance(100);
    expect(await found).toHaveLength(1);
    const nowhere = find('b', { products: [Product.ASR], direction: null }).catch(
      (error: GatewayError) => error.code,
    );
    expect(await nowhere).toBe('UPSTREAM_MALFORMED');
    expect(calls).toHaveLength(6);
  });
});

describe('the breaker', () => {
  test('opens for server errors, too', async () => {
    const { find, clock, engine } = await engineWith(() => {
      throw upstreamProblem(505, undefined);
    });
    for (const id of range(5)) {
      const failing = find(id).catch(() => undefined);
      await clock.tick();
      await failing;
    }
    expect(engine.breakerPhase).toBe('open');
  });

  test.each([200, 302, 408, 429])('is not opened by a response with status %i', async (status) => {
    const { find, clock, engine } = await engineWith(() => {
      throw upstreamProblem(status, undefined);
    });
    for (const id of range(10)) {
      const failing = find(id, {}, operationOf(clock, 500)).catch(() => undefined);
      await clock.advance(1100);
      await failing;
    }
    expect(engine.breakerPhase).toBe('closed');
  });

  test('opens after five failures in a row, refuses at once, lets one call try after five seconds, and closes', async () => {
    let healthy = false;
    const { find, clock, calls, engine } = await engineWith((query) => {
      if (!healthy) throw new GatewayError('UPSTREAM_TIMEOUT', 'no');
      return smsAnswer(query);
    });
    for (const id of range(5)) {
      const failing = find(id).catch(() => undefined);
      await clock.tick();
      await failing;
    }
    expect(engine.breakerPhase).toBe('open');
    await expect(find('late')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: 5000 });
    expect(calls).toHaveLength(5);

    healthy = true;
    await clock.advance(5000);
    const probe = find('probe');
    await clock.tick();
    expect(await probe).toHaveLength(1);
    expect(engine.breakerPhase).toBe('closed');
  });

  test('does not open for responses that reject a call', async () => {
    const { find, clock, engine } = await engineWith(() => {
      throw new GatewayError('UPSTREAM_REJECTED', 'no', { upstream: { status: 403 } });
    });
    for (const id of range(10)) {
      const failing = find(id).catch(() => undefined);
      await clock.advance(200);
      await failing;
    }
    expect(engine.breakerPhase).toBe('closed');
  });
});

test('calls that were refused while it paused cost nothing of the rate afterwards', async () => {
  let healthy = false;
  const { find, clock, calls } = await engineWith((query) => {
    if (!healthy) throw new GatewayError('UPSTREAM_TIMEOUT', 'no');
    return smsAnswer(query);
  });
  const operation = operationOf(clock, 600_000);
  // Lanes of ten accounts at once: five calls open the breaker, and the tokens of the others are taken in vain.
  const down = Promise.allSettled(
    range(100).map((id, index) => find(id, { accountId: `account${index % 10}` }, operation)),
  );
  await clock.advance(4000);
  await down;
  healthy = true;
  await clock.advance(5000);
  const probe = find('probe', {}, operation);
  await clock.tick();
  await probe;
  await clock.advance(5000);
  const before = calls.length;
  const found = Promise.all(range(400, 'later').map((id) => find(id, {}, operation)));
  await clock.tick();
  expect(calls.length - before).toBe(10);
  await clock.advance(1000);
  expect(calls.length - before).toBe(20);
  await found;
});

test('a call that started has used its token, even when the rate limiter throws', async () => {
  const events: string[] = [];
  const rateLimiter: RateLimiter = {
    ratePerSecond: 10,
    acquire: async () => void events.push('acquire'),
    started: () => {
      events.push('started');
      return undefined;
    },
    release: () => void events.push('release'),
    pause: () => undefined,
    estimateMs: () => 0,
  };
  const { find, clock } = await engineWith((query) => smsAnswer(query), { rateLimiter });
  const found = find('a');
  await clock.advance(10);
  await found;
  expect(events).toEqual(['acquire', 'started']);
});

test('while no connection opens, ids wait where they can still be batched, and are not sent all at once', async () => {
  const connected = new Gate();
  const startTimesMs: number[] = [];
  const { engine, find, clock } = await engineWith((query) => smsAnswer(query), {
    source: {
      async recordsByIds(query, _credentials, listener) {
        await connected.opened;
        startTimesMs.push(clock.now());
        listener.onRequestStart();
        return smsAnswer(query);
      },
    },
  });
  const startedAtMs = clock.now();
  const found = Promise.all(range(400).map((id) => find(id)));
  await clock.advance(4500);
  expect([engine.inFlight, engine.waiting]).toEqual([200, 200]);
  connected.open();
  await clock.advance(2000);
  expect((await found).flat()).toHaveLength(400);
  expect(startTimesMs.map((atMs) => atMs - startedAtMs)).toEqual([
    ...Array(10).fill(4500),
    ...Array(10).fill(5500),
  ]);
});

describe('time', () => {
  test('an id that cannot meet its deadline fails at once, with the time to try again', async () => {
    const { find, clock, calls } = await engineWith((query) => smsAnswer(query), { ratePerSecond: 1 });
    const long = operationOf(clock, 600_000);
    const waiting = Promise.all(range(100).map((id) => find(id, {}, long)));
    await clock.tick();
    const hasty = operationOf(clock, 1500);
    const refused = range(41, 'hasty').map((id) => find(id, {}, hasty).catch((error: GatewayError) => error));
    const outcomes = Promise.all(refused);
    await clock.advance(60_000);
    const errors = (await outcomes).filter((each): each is GatewayError => each instanceof GatewayError);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(41);
    for (const error of errors) {
      expect(error.code).toBe('OVERLOADED');
      expect(error.retryAfterMs).toBeGreaterThan(0);
    }
    await waiting;
    const asked = new Set(calls.flatMap(({ ids }) => ids));
    expect([...asked].filter((id) => id.startsWith('hasty')).length).toBe(41 - errors.length);
  });

  test('ids of a disconnected caller are not sent unless another caller waits for them', async () => {
    const gate = new Gate();
    const { find, clock, calls } = await engineWith(
      async (query) => {
        await gate.opened;
        return smsAnswer(query);
      },
      { ratePerSecond: 1 },
    );
    const first = find('first');
    await clock.tick();
    const leaver = operationOf(clock);
    const gone = ['only-mine', 'shared'].map((id) =>
      find(id, {}, leaver).catch((error: GatewayError) => error.code),
    );
    const stays = find('shared');
    await clock.tick();
    leaver.leave(new GatewayError('CANCELLED', 'gone'));
    gate.open();
    await clock.advance(5000);
    expect(await Promise.all(gone)).toEqual(['CANCELLED', 'CANCELLED']);
    expect(await stays).toHaveLength(1);
    expect(calls.map(({ id }) => id)).toEqual(['first', 'shared']);
    await first;
  });

  test('a thousand-id operation delays a later single lookup by at most one batch', async () => {
    const { find, clock, calls } = await engineWith((query) => smsAnswer(query), { ratePerSecond: 1 });
    const big = operationOf(clock, 600_000);
    const thousand = Promise.all(range(1000).map((id) => find(id, {}, big)));
    await clock.advance(1500);
    const before = calls.length;
    const single = find('single');
    await clock.advance(1000);
    expect(calls.slice(before).flatMap(({ ids }) => ids)).toContain('single');
    expect(await single).toHaveLength(1);
    await clock.advance(60_000);
    await thousand;
    expect(calls.every(({ ids }) => ids.length <= 20)).toBe(true);
  });
});
