import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { jest } from '@jest/globals';
import { GatewayError } from '../../../src/errors.js';
import { Coalescer, type CoalescerOptions } from '../../../src/traffic/batching/coalescer.js';
import type { Batch, LaneKey } from '../../../src/traffic/batching/lane.js';
import type { Caller } from '../../../src/traffic/batching/pending-lookup.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { Gate } from '../../support/gate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

const sms: LaneKey = { name: 'sms', servedBy: ['sms+body'], serves: [] };
const smsWithBody: LaneKey = { name: 'sms+body', servedBy: [], serves: ['sms'] };
const verify: LaneKey = { name: 'verify', servedBy: [], serves: [] };

/** One second, and the margin that the rate limiter adds to it. */
const windowMs = 1015;

/** A caller that can disconnect. */
class Client implements Caller {
  readonly #life = new AbortController();

  constructor(readonly deadlineAtMs = Infinity) {}

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  disconnect(reason: unknown = 'disconnected'): void {
    this.#life.abort(reason);
  }
}

/** A call in flight, whose results are given by hand. */
class Call {
  readonly ids: readonly string[];
  readonly lane: string;
  readonly ended = new Gate();

  constructor(
    readonly batch: Batch<LaneKey, string>,
    readonly atMs: number,
  ) {
    this.ids = batch.entries.map(({ id }) => id);
    this.lane = batch.lane.name;
  }

  respond(...keys: string[]): void {
    for (const key of keys) this.batch.settle(key, { value: `${key} of ${this.lane}` });
  }

  respondToAll(): void {
    this.respond(...this.batch.entries.map(({ key }) => key));
    this.ended.open();
  }
}

function setUp({
  ratePerSecond = 10,
  ...options
}: Partial<CoalescerOptions<LaneKey, string>> & { ratePerSecond?: number } = {}) {
  const clock = new ManualClock(0);
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond, clock });
  const calls: Call[] = [];
  const send = (batch: Batch<LaneKey, string>) => {
    rateLimiter.started();
    const call = new Call(batch, clock.now());
    calls.push(call);
    return call.ended.opened;
  };
  const coalescer = new Coalescer<LaneKey, string>({ rateLimiter, clock, send, ...options });
  /** Looks ids up and resolves with a value or an error for each. */
  const lookup = async (lane: LaneKey, ids: readonly string[], caller: Caller = new Client()) => {
    const loads = ids.map((id) => coalescer.load({ lane, id, key: id.toLowerCase() }, caller));
    const outcomes = await Promise.allSettled(loads);
    return outcomes.map((each) => (each.status === 'fulfilled' ? each.value : each.reason));
  };
  return { clock, rateLimiter, calls, coalescer, lookup };
}

function numbered(count: number, prefix = 'id'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Uses the tokens of a second, so that the next lookup has to wait for one. */
async function exhaustRate({ clock, lookup }: ReturnType<typeof setUp>, calls = 1): Promise<void> {
  for (let each = 0; each < calls; each += 1) void lookup({ ...verify, name: `used ${each}` }, ['used']);
  await clock.tick();
}

describe('batching', () => {
  test('sends the ids of one tick together, whichever callers ask for them', async () => {
    const { clock, calls, lookup } = setUp();
    for (const id of ['a', 'b', 'c']) void lookup(sms, [id]);
    await clock.tick();
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b', 'c']]);
  });

  test('includes ids that promise callbacks ask for later in the tick', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(sms, ['a']);
    void Promise.resolve()
      .then(() => process.nextTick(() => void lookup(sms, ['c'])))
      .then(() => lookup(sms, ['b']));
    await clock.tick();
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b', 'c']]);
  });

  test('sends a partial batch only when the tick ends', async () => {
    const { calls, lookup, coalescer } = setUp();
    void lookup(sms, ['a', 'b']);
    await settled();
    expect(calls).toEqual([]);
    expect(coalescer.waiting).toBe(2);
  });

  test.each([
    [19, []],
    [20, [20]],
    [21, [20]],
    [40, [20, 20]],
    [59, [20, 20]],
  ])(
    'sends the full calls of %i ids before the tick ends, and the rest when it does',
    async (count, early) => {
      const { clock, calls, lookup } = setUp();
      void lookup(sms, numbered(count));
      await settled();
      expect(calls.map(({ ids }) => ids.length)).toEqual(early);
      await clock.tick();
      expect(calls.flatMap(({ ids }) => ids)).toEqual(numbered(count));
      expect(calls).toHaveLength(Math.ceil(count / 20));
    },
  );

  test('sends a call before the tick ends once other callers have filled it', async () => {
    const { calls, lookup } = setUp();
    for (const id of numbered(20)) {
      expect(calls).toEqual([]);
      void lookup(sms, [id]);
      await settled();
    }
    expect(calls.map(({ ids }) => ids)).toEqual([numbered(20)]);
  });

  test('sends full calls before the tick ends for as long as tokens are free', async () => {
    const { clock, calls, lookup } = setUp();
    for (let caller = 1; caller <= 30; caller += 1) {
      void lookup(sms, numbered(20, `${caller}`));
      await settled();
    }
    expect(calls.map(({ ids }) => ids[0])).toEqual(numbered(10, '').map((index) => `${index.trim()} 1`));
    await clock.advance(windowMs - 1);
    expect(calls).toHaveLength(10);
    await clock.advance(1);
    expect(calls).toHaveLength(20);
  });

  test('splits forty-five ids into twenty, twenty and five', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(sms, numbered(45));
    await clock.tick();
    expect(calls.map(({ ids }) => ids.length)).toEqual([20, 20, 5]);
    expect(calls.flatMap(({ ids }) => ids)).toEqual(numbered(45));
  });

  test('sends ids of different lanes in separate calls', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(sms, ['a']);
    void lookup(verify, ['a']);
    await clock.tick();
    expect(calls.map(({ lane, ids }) => [lane, ids])).toEqual([
      ['sms', ['a']],
      ['verify', ['a']],
    ]);
  });

  test('gives each id its own result, in whatever order results come', async () => {
    const { clock, calls, lookup } = setUp();
    const outcome = lookup(sms, ['a', 'b', 'c']);
    await clock.tick();
    calls[0]?.respond('c', 'a', 'b');
    expect(await outcome).toEqual(['a of sms', 'b of sms', 'c of sms']);
  });
});

describe('equal ids', () => {
  test('that wait share one place in one call', async () => {
    const { clock, calls, lookup } = setUp();
    const outcomes = [lookup(sms, ['a', 'a']), lookup(sms, ['a'])];
    await clock.tick();
    calls[0]?.respondToAll();
    expect(calls.map(({ ids }) => ids)).toEqual([['a']]);
    expect((await Promise.all(outcomes)).flat()).toEqual(['a of sms', 'a of sms', 'a of sms']);
  });

  test('join a call that is in flight', async () => {
    const { clock, calls, lookup } = setUp();
    const first = lookup(sms, ['a']);
    await clock.tick();
    const second = lookup(sms, ['a']);
    await clock.tick();
    expect(calls).toHaveLength(1);
    calls[0]?.respondToAll();
    expect([await first, await second]).toEqual([['a of sms'], ['a of sms']]);
  });

  test('in two spellings share one place, and the first spelling is sent', async () => {
    const { clock, calls, lookup } = setUp();
    const outcomes = [lookup(sms, ['ABC']), lookup(sms, ['abc'])];
    await clock.tick();
    calls[0]?.respondToAll();
    expect(calls.map(({ ids }) => ids)).toEqual([['ABC']]);
    expect((await Promise.all(outcomes)).flat()).toEqual(['abc of sms', 'abc of sms']);
  });

  test('are sent in the round-robin place of any caller that waits for them', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    void world.lookup(sms, numbered(1000));
    void world.lookup(sms, ['id 1000']);
    await world.clock.advance(windowMs);
    expect(world.calls[1]?.ids).toContain('id 1000');
  });

  test('are sent again once they have an outcome', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(sms, ['a', 'b']);
    await clock.tick();
    calls[0]?.respond('a');
    void lookup(sms, ['a', 'b']);
    await clock.tick();
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b'], ['a']]);
  });
});

describe('without a free token', () => {
  test('a lookup waits for a token, then is sent with at most twenty ids', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    void world.lookup(sms, numbered(30));
    await world.clock.advance(windowMs - 1);
    expect(world.calls).toHaveLength(1);
    await world.clock.advance(1);
    expect(world.calls[1]?.ids).toEqual(numbered(20));
  });

  test('a lane keeps filling up to twenty ids, across ticks and callers', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    for (let tick = 1; tick <= 8; tick += 1) {
      void world.lookup(sms, numbered(3, `tick ${tick}`));
      await world.clock.advance(100);
    }
    await world.clock.advance(windowMs);
    expect(world.calls.map(({ ids }) => ids.length)).toEqual([1, 20]);
    await world.clock.advance(windowMs);
    expect(world.calls[2]?.ids).toEqual(['tick 7 2', 'tick 7 3', 'tick 8 2', 'tick 8 3']);
  });

  test('the lane that has waited longest is sent first, whatever was added to others since', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    void world.lookup(sms, ['a']);
    await world.clock.tick();
    void world.lookup(verify, numbered(20));
    await world.clock.tick();
    void world.lookup(sms, ['b']);
    await world.clock.advance(2 * windowMs);
    expect(world.calls.slice(1).map(({ lane }) => lane)).toEqual(['sms', 'verify']);
  });

  test('a thousand ids of one caller delay the single id of another by at most one call', async () => {
    const world = setUp({ ratePerSecond: 1 });
    void world.lookup(sms, numbered(1000));
    await world.clock.tick();
    void world.lookup(sms, ['the one']);
    await world.clock.advance(windowMs);
    expect(world.calls[1]?.ids).toContain('the one');
  });

  test('a thousand ids that are sent at once delay an id of the same tick by at most one call', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(sms, numbered(1000));
    await settled();
    void lookup(sms, ['the one']);
    void lookup(verify, ['another']);
    await clock.advance(windowMs);
    expect(calls.slice(10, 12).map(({ ids }) => ids)).toEqual([
      expect.arrayContaining(['the one']),
      ['another'],
    ]);
  });

  test('a thousand ids in one lane delay another lane by at most one call', async () => {
    const world = setUp({ ratePerSecond: 1 });
    void world.lookup(sms, numbered(1000));
    await world.clock.tick();
    void world.lookup(verify, ['the one']);
    await world.clock.advance(2 * windowMs);
    expect(world.calls.findIndex(({ lane }) => lane === 'verify')).toBeLessThanOrEqual(2);
  });

  test('a steady stream of new lookups does not keep an id waiting', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    void world.lookup(sms, ['the one']);
    for (let second = 1; second <= 5; second += 1) {
      for (const lane of [sms, smsWithBody, verify]) void world.lookup(lane, numbered(100, `${second}`));
      await world.clock.advance(windowMs);
    }
    expect(world.calls[1]?.ids).toContain('the one');
  });

  test('every token is used within five milliseconds of becoming free, and none too early', async () => {
    const { clock, calls, lookup } = setUp();
    for (const lane of [sms, verify]) void lookup(lane, numbered(1000));
    await clock.advance(11 * windowMs);
    const startedAtMs = calls.map(({ atMs }) => atMs);
    const lateByMs = startedAtMs.slice(10).map((atMs, index) => atMs - (startedAtMs[index] ?? 0) - windowMs);
    expect(startedAtMs).toHaveLength(100);
    expect(lateByMs.filter((ms) => ms < 0 || ms > 5)).toEqual([]);
    assertWithinRate(startedAtMs, 10);
  });

  test('no call starts while the rate limiter pauses, and all ids that waited are sent together afterwards', async () => {
    const { clock, rateLimiter, calls, lookup } = setUp();
    rateLimiter.pause(5000);
    for (const id of numbered(20)) {
      void lookup(sms, [id]);
      await clock.advance(200);
    }
    expect(calls).toEqual([]);
    await clock.advance(1000);
    expect(calls.map(({ atMs, ids }) => [atMs, ids.length])).toEqual([[5000, 20]]);
  });
});

describe('a lane that serves another', () => {
  test('serves its lookups, waiting or in flight', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(smsWithBody, ['a']);
    const early = lookup(sms, ['a']);
    await clock.tick();
    const late = lookup(sms, ['a']);
    await clock.tick();
    calls[0]?.respondToAll();
    expect(calls).toHaveLength(1);
    expect([await early, await late]).toEqual([['a of sms+body'], ['a of sms+body']]);
  });

  test('is never served by it', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(sms, ['a']);
    await clock.tick();
    const serving = lookup(smsWithBody, ['a']);
    await clock.tick();
    for (const call of calls) call.respondToAll();
    expect(calls.map(({ lane }) => lane)).toEqual(['sms', 'sms+body']);
    expect(await serving).toEqual(['a of sms+body']);
  });

  test('leaves lookups alone whose own call is in flight', async () => {
    const { clock, calls, lookup } = setUp();
    const served = lookup(sms, ['a']);
    await clock.tick();
    void lookup(smsWithBody, ['a']);
    calls[0]?.respondToAll();
    expect(await served).toEqual(['a of sms']);
  });

  test('absorbs lookups that wait for the same id, so that one call answers both', async () => {
    const { clock, calls, lookup, coalescer } = setUp();
    const outcomes = [lookup(sms, ['a', 'b']), lookup(smsWithBody, ['a'])];
    expect(coalescer.waiting).toBe(2);
    await clock.tick();
    for (const call of calls) call.respondToAll();
    expect(calls.map(({ lane, ids }) => [lane, ids])).toEqual([
      ['sms', ['b']],
      ['sms+body', ['a']],
    ]);
    expect((await Promise.all(outcomes)).flat()).toEqual(['a of sms+body', 'b of sms', 'a of sms+body']);
  });

  test('absorbs the lookups of a full call if both are requested before pending promise callbacks end', async () => {
    const { calls, lookup } = setUp();
    void lookup(sms, numbered(20));
    void Promise.resolve().then(() => lookup(smsWithBody, numbered(20)));
    await settled();
    expect(calls.map(({ lane, ids }) => [lane, ids])).toEqual([['sms+body', numbered(20)]]);
  });

  test('lets an absorbed caller disconnect alone', async () => {
    const { clock, calls, lookup } = setUp();
    const absorbed = new Client();
    const outcomes = [lookup(sms, ['a'], absorbed), lookup(smsWithBody, ['a'])];
    absorbed.disconnect();
    await clock.tick();
    calls[0]?.respondToAll();
    expect(await Promise.all(outcomes)).toEqual([['disconnected'], ['a of sms+body']]);
  });

  test('still sends an absorbed id when the caller that absorbed it disconnects', async () => {
    const { clock, calls, lookup } = setUp();
    const serving = new Client();
    const outcomes = [lookup(sms, ['a']), lookup(smsWithBody, ['a'], serving)];
    serving.disconnect();
    await clock.tick();
    calls[0]?.respondToAll();
    expect(await Promise.all(outcomes)).toEqual([['a of sms+body'], ['disconnected']]);
  });

  test('gives an absorbed caller round-robin places of its own, ahead of a thousand ids', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    void world.lookup(sms, ['the one']);
    void world.lookup(smsWithBody, [...numbered(1000), 'the one']);
    await world.clock.advance(windowMs);
    expect(world.calls[1]?.ids).toContain('the one');
  });

  test('that names itself among those it serves loses no lookup', async () => {
    const { clock, calls, lookup } = setUp();
    const selfish: LaneKey = { name: 'selfish', servedBy: ['selfish'], serves: ['selfish'] };
    const outcomes = [lookup(selfish, ['a']), lookup(selfish, ['a'])];
    await clock.tick();
    calls[0]?.respondToAll();
    expect((await Promise.all(outcomes)).flat()).toEqual(['a of selfish', 'a of selfish']);
  });
});

describe('a caller that disconnects', () => {
  test('is rejected at once with the reason of its signal, and its ids are never sent', async () => {
    const { clock, calls, lookup, coalescer } = setUp();
    const client = new Client();
    const outcome = lookup(sms, ['a', 'b'], client);
    client.disconnect('too late');
    expect(await outcome).toEqual(['too late', 'too late']);
    expect(coalescer.waiting).toBe(0);
    await clock.tick();
    expect(calls).toEqual([]);
  });

  test('withdraws only its own lookups', async () => {
    const { clock, calls, lookup } = setUp();
    const client = new Client();
    const outcomes = [lookup(sms, ['a', 'b'], client), lookup(sms, ['b', 'c'])];
    client.disconnect();
    await clock.tick();
    calls[0]?.respondToAll();
    expect(calls.map(({ ids }) => ids)).toEqual([['b', 'c']]);
    expect(await Promise.all(outcomes)).toEqual([
      ['disconnected', 'disconnected'],
      ['b of sms', 'c of sms'],
    ]);
  });

  test('causes no call when it disconnects at the moment at which a token becomes free', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    const client = new Client();
    void world.lookup(sms, ['a'], client);
    world.clock.setTimer(windowMs, () => client.disconnect());
    await world.clock.advance(2 * windowMs);
    expect(world.calls).toHaveLength(1);
    void world.lookup(sms, ['b']);
    await world.clock.tick();
    expect(world.calls[1]?.ids).toEqual(['b']);
  });

  test('is rejected at once while its call is in flight, and the call still serves other callers', async () => {
    const { clock, calls, lookup } = setUp();
    const client = new Client();
    const outcomes = [lookup(sms, ['a', 'b'], client), lookup(sms, ['b'])];
    await clock.tick();
    client.disconnect();
    expect(await outcomes[0]).toEqual(['disconnected', 'disconnected']);
    calls[0]?.respondToAll();
    expect(await outcomes[1]).toEqual(['b of sms']);
  });

  test('does not keep a later caller from looking up the same id', async () => {
    const { clock, calls, lookup } = setUp();
    const client = new Client();
    void lookup(sms, ['a'], client);
    client.disconnect();
    const outcome = lookup(sms, ['a']);
    await clock.tick();
    calls[0]?.respondToAll();
    expect(calls).toHaveLength(1);
    expect(await outcome).toEqual(['a of sms']);
  });

  test('may disconnect while its own call is being sent', async () => {
    const client = new Client();
    const disconnectAndRespond = async (batch: Batch<LaneKey, string>) => {
      client.disconnect();
      for (const { key } of batch.entries) batch.settle(key, { value: key });
    };
    const { clock, lookup, coalescer } = setUp({ send: disconnectAndRespond });
    const outcomes = [lookup(sms, ['a'], client), lookup(sms, ['a', 'b'])];
    await clock.tick();
    expect(await Promise.all(outcomes)).toEqual([['disconnected'], ['a', 'b']]);
    expect(coalescer.inFlight).toBe(0);
  });

  test('is rejected without a call when it disconnected before its lookup', async () => {
    const { clock, calls, lookup } = setUp();
    const client = new Client();
    client.disconnect('disconnected before');
    expect(await lookup(sms, ['a'], client)).toEqual(['disconnected before']);
    await clock.tick();
    expect(calls).toEqual([]);
  });

  test('has one abort listener, however many ids it waits for', async () => {
    const { lookup } = setUp();
    const client = new Client();
    void lookup(sms, numbered(1000), client);
    void lookup(verify, numbered(1000), client);
    expect(getEventListeners(client.signal, 'abort')).toHaveLength(1);
  });
});

describe('a caller that disconnects while its id is in flight', () => {
  test('does not keep the listeners of its lookups from their outcomes', async () => {
    const { coalescer, clock, calls } = setUp();
    const client = new Client();
    const onOutcome = jest.fn();
    for (const id of ['A', 'B']) {
      const found = coalescer.load({ lane: sms, id, key: id.toLowerCase() }, client, onOutcome);
      found.catch(() => undefined);
    }
    await clock.tick();
    client.disconnect();
    expect(onOutcome).not.toHaveBeenCalled();
    const failure = new Error('reset');
    calls[0]?.respond('a');
    calls[0]?.ended.fail(failure);
    await settled();
    expect(onOutcome.mock.calls).toEqual([[{ value: 'a of sms' }], [{ error: failure }]]);
  });
});

describe('outcomes', () => {
  test('are passed on as soon as they are known, before the call ends', async () => {
    const { clock, calls, lookup } = setUp();
    const outcome = lookup(sms, ['a']);
    void lookup(sms, ['b']);
    await clock.tick();
    calls[0]?.respond('a');
    expect(await outcome).toEqual(['a of sms']);
  });

  test('a call that fails fails the ids without an outcome, and no others', async () => {
    const { clock, calls, lookup } = setUp();
    const failure = new Error('reset');
    const outcomes = [lookup(sms, ['a', 'b']), lookup(verify, ['a'])];
    await clock.tick();
    calls[0]?.respond('a');
    calls[0]?.ended.fail(failure);
    calls[1]?.respondToAll();
    expect(await Promise.all(outcomes)).toEqual([['a of sms', failure], ['a of verify']]);
  });

  test('one id may fail while the others of its call succeed', async () => {
    const { clock, calls, lookup } = setUp();
    const failure = new Error('poison');
    const outcome = lookup(sms, ['a', 'b']);
    await clock.tick();
    calls[0]?.batch.settle('a', { error: failure });
    calls[0]?.respondToAll();
    expect(await outcome).toEqual([failure, 'b of sms']);
  });

  test('a call that cannot start fails its ids, and the next call is made', async () => {
    const failure = new Error('no connection');
    let attempts = 0;
    const send = (batch: Batch<LaneKey, string>): Promise<void> => {
      attempts += 1;
      if (attempts === 1) throw failure;
      for (const { key } of batch.entries) batch.settle(key, { value: key });
      return Promise.resolve();
    };
    const { clock, lookup } = setUp({ send });
    const outcomes = [lookup(sms, ['a']), lookup(verify, ['b'])];
    await clock.tick();
    expect(await Promise.all(outcomes)).toEqual([[failure], ['b']]);
  });

  test('a call that ends without an outcome for an id rejects it with INTERNAL_SERVER_ERROR', async () => {
    const { clock, calls, lookup } = setUp();
    const outcome = lookup(sms, ['a', 'b']);
    await clock.tick();
    calls[0]?.respond('a');
    calls[0]?.ended.open();
    const [first, second] = await outcome;
    expect(first).toBe('a of sms');
    expect(second).toBeInstanceOf(GatewayError);
    expect(second).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });

  test('for unknown ids, or for ids that have one already, are ignored', async () => {
    const { clock, calls, lookup, coalescer } = setUp();
    const outcome = lookup(sms, ['a']);
    await clock.tick();
    calls[0]?.respond('unknown', 'a');
    calls[0]?.batch.settle('a', { error: new Error('too late') });
    calls[0]?.ended.fail(new Error('too late'));
    expect(await outcome).toEqual(['a of sms']);
    expect(coalescer.inFlight).toBe(0);
  });

  test('that come late do not reach a later call for the same id', async () => {
    const { clock, calls, lookup } = setUp();
    void lookup(sms, ['a']);
    await clock.tick();
    calls[0]?.respondToAll();
    const outcome = lookup(sms, ['a']);
    await clock.tick();
    calls[0]?.batch.settle('a', { value: 'stale' });
    const joined = lookup(sms, ['a']);
    await clock.tick();
    calls[1]?.respondToAll();
    expect(calls).toHaveLength(2);
    expect([await outcome, await joined]).toEqual([['a of sms'], ['a of sms']]);
  });
});

describe('a further call of a batch', () => {
  test('takes a token of its own', async () => {
    const { clock, calls, lookup } = setUp({ ratePerSecond: 1 });
    void lookup(sms, ['a']);
    await clock.tick();
    let isAcquired = false;
    void calls[0]?.batch.acquireNext().then(() => {
      isAcquired = true;
    });
    await clock.advance(windowMs - 1);
    expect(isAcquired).toBe(false);
    await clock.advance(1);
    expect(isAcquired).toBe(true);
  });

  test('comes before batches that wait for their first call', async () => {
    const { clock, rateLimiter, calls, lookup } = setUp({ ratePerSecond: 1 });
    const order: string[] = [];
    void lookup(sms, numbered(40));
    await clock.tick();
    void calls[0]?.batch.acquireNext().then(() => {
      rateLimiter.started();
      order.push(`further call, after ${calls.length} call`);
    });
    await clock.advance(2 * windowMs);
    expect(order).toEqual(['further call, after 1 call']);
    expect(calls).toHaveLength(2);
  });
});

describe('a full queue', () => {
  test('refuses further ids at once, with the time to try again', async () => {
    const { lookup } = setUp({ maxWaiting: 1000 });
    void lookup(sms, numbered(1000));
    const [error] = await lookup(sms, ['one more']);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 4 * windowMs });
  });

  test('estimates that time by the size of its calls', async () => {
    const { lookup } = setUp({ maxWaiting: 100, maxBatchSize: 5 });
    void lookup(sms, numbered(100));
    expect(await lookup(sms, ['one more'])).toMatchObject([{ retryAfterMs: windowMs }]);
  });

  test('still accepts ids that wait already, because they share a place', async () => {
    const { clock, calls, lookup } = setUp({ maxWaiting: 2 });
    void lookup(sms, ['a', 'b']);
    const outcome = lookup(sms, ['a']);
    await clock.tick();
    calls[0]?.respondToAll();
    expect(await outcome).toEqual(['a of sms']);
  });

  test('accepts ids again as soon as others were sent or abandoned', async () => {
    const { clock, lookup, coalescer } = setUp({ maxWaiting: 2 });
    const client = new Client();
    void lookup(sms, ['a', 'b'], client);
    client.disconnect();
    void lookup(sms, ['c', 'd']);
    expect(coalescer.waiting).toBe(2);
    await clock.tick();
    void lookup(sms, ['e', 'f']);
    expect(coalescer.waiting).toBe(2);
  });
});

describe('a deadline', () => {
  test('that cannot be met is refused at once, with the time to try again', async () => {
    const world = setUp();
    await exhaustRate(world, 10);
    const [error] = await world.lookup(sms, ['a'], new Client(windowMs - 300));
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 300 });
    expect(world.coalescer).toMatchObject({ waiting: 0, pending: 9 + 1 });
  });

  test('that can just be met is waited for', async () => {
    const world = setUp();
    await exhaustRate(world, 10);
    void world.lookup(sms, ['a'], new Client(windowMs));
    await world.clock.advance(windowMs);
    expect(world.calls.at(-1)).toMatchObject({ ids: ['a'], atMs: windowMs });
  });

  test('refuses the ids of an operation that would be late, and keeps the others', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    const outcomes = world.lookup(sms, numbered(100), new Client(3 * windowMs));
    await settled();
    expect(world.coalescer.waiting).toBe(60);
    await world.clock.advance(3 * windowMs);
    for (const call of world.calls) call.respondToAll();
    const refused = (await outcomes).filter((each) => each instanceof GatewayError);
    expect(refused).toHaveLength(40);
  });

  test('is met for a new caller, however many ids another caller has waiting', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    void world.lookup(sms, numbered(1000));
    void world.lookup(sms, ['the one'], new Client(windowMs));
    await world.clock.advance(windowMs);
    expect(world.calls.at(-1)?.ids).toContain('the one');
  });

  test('is compared with one call for each lane that waits', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    for (const name of numbered(9, 'lane')) void world.lookup({ ...verify, name }, ['a']);
    const [early] = await world.lookup(sms, ['a'], new Client(10 * windowMs - 1));
    expect(early).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1 });
    void world.lookup(sms, ['a'], new Client(10 * windowMs));
    await world.clock.advance(10 * windowMs);
    expect(world.calls.at(-1)?.lane).toBe('sms');
  });

  test('is compared with no more calls of another lane than its ids need', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    for (const name of numbered(9, 'lane')) void world.lookup({ ...verify, name }, ['a']);
    void world.lookup(sms, numbered(100), new Client(15 * windowMs));
    await settled();
    expect(world.coalescer.waiting).toBe(109);
  });

  test('does not refuse an id that is in flight already', async () => {
    const world = setUp();
    const first = world.lookup(sms, ['a']);
    await world.clock.tick();
    const second = world.lookup(sms, ['a'], new Client(world.clock.now()));
    world.calls[0]?.respondToAll();
    expect([await first, await second]).toEqual([['a of sms'], ['a of sms']]);
  });
});

describe('the latency of calls', () => {
  /** Makes calls one after another, each with the given latency. */
  async function makeCalls(
    { clock, calls, lookup }: ReturnType<typeof setUp>,
    latencyMs: number,
    count: number,
  ) {
    for (let each = 0; each < count; each += 1) {
      void lookup(verify, [`${latencyMs} ms, ${each}`]);
      await clock.tick();
      await clock.advance(latencyMs);
      calls.at(-1)?.respondToAll();
      await clock.advance(windowMs);
    }
  }

  test('is reserved for an id, or the id is refused at once', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 300, 1);
    await exhaustRate(world);
    const within = (ms: number) => world.lookup(sms, ['a'], new Client(world.clock.now() + ms));
    expect(await within(windowMs + 299)).toMatchObject([{ code: 'OVERLOADED', retryAfterMs: 1 }]);
    void within(windowMs + 300);
    expect(world.coalescer.waiting).toBe(1);
  });

  test('is not raised by one call that hung', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 10, 3);
    await makeCalls(world, 14_000, 1);
    await exhaustRate(world);
    void world.lookup(sms, ['a'], new Client(world.clock.now() + windowMs + 10));
    expect(world.coalescer.waiting).toBe(1);
  });

  test('follows the latest calls', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 2000, 5);
    await makeCalls(world, 10, 10);
    await exhaustRate(world);
    void world.lookup(sms, ['a'], new Client(world.clock.now() + windowMs + 10));
    expect(world.coalescer.waiting).toBe(1);
  });

  test('never keeps an idle queue from making a call, however little time a caller has', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 14_000, 3);
    void world.lookup(sms, ['a'], new Client(world.clock.now() + 100));
    await world.clock.tick();
    expect(world.calls.at(-1)?.ids).toEqual(['a']);
  });

  test('reserves no more than half of the time that a caller has', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 14_000, 3);
    await exhaustRate(world);
    void world.lookup(sms, ['a'], new Client(world.clock.now() + 2 * windowMs));
    await world.clock.advance(windowMs);
    expect(world.calls.at(-1)?.ids).toEqual(['a']);
  });

  test('ignores calls that failed', async () => {
    const world = setUp({ ratePerSecond: 1 });
    void world.lookup(verify, ['fails']);
    await world.clock.tick();
    await world.clock.advance(15_000);
    world.calls[0]?.ended.fail(new Error('timed out'));
    await exhaustRate(world);
    void world.lookup(sms, ['a'], new Client(world.clock.now() + windowMs));
    expect(world.coalescer.waiting).toBe(1);
  });
});

describe('an id whose place comes too late', () => {
  /** One call a second, of which the first took 300 ms, and an id with so many milliseconds left. */
  async function withLateId(withinMs: number) {
    const world = setUp({ ratePerSecond: 1 });
    void world.lookup(verify, ['first']);
    await world.clock.tick();
    await world.clock.advance(300);
    world.calls[0]?.respondToAll();
    await world.clock.advance(windowMs);
    await exhaustRate(world);
    const outcome = world.lookup(sms, ['late'], new Client(world.clock.now() + withinMs));
    return { ...world, outcome, before: world.calls.length };
  }

  test('is refused and not sent, and its call carries the others', async () => {
    const { clock, rateLimiter, calls, lookup, coalescer, outcome, before } = await withLateId(2000);
    for (const id of numbered(20)) void lookup(sms, [id]);
    rateLimiter.pause(1800);
    await clock.advance(1800);
    expect(await outcome).toMatchObject([{ code: 'OVERLOADED', retryAfterMs: windowMs }]);
    expect(calls.slice(before).map(({ ids }) => ids)).toEqual([numbered(20)]);
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 20 + 1 });
  });

  test('costs no token when it is alone', async () => {
    const { clock, rateLimiter, calls, lookup, coalescer, outcome, before } = await withLateId(2000);
    rateLimiter.pause(1800);
    await clock.advance(1800);
    expect(await outcome).toMatchObject([{ code: 'OVERLOADED' }]);
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 1, lanes: 1 });
    void lookup(sms, ['next']);
    await clock.tick();
    expect(calls.slice(before).map(({ ids }) => ids)).toEqual([['next']]);
  });

  test('is sent for another caller that joined it and has more time', async () => {
    const { clock, rateLimiter, calls, lookup, before } = await withLateId(2000);
    void lookup(sms, ['late'], new Client(clock.now() + 10_000));
    rateLimiter.pause(1800);
    await clock.advance(1800);
    expect(calls.slice(before).map(({ ids }) => ids)).toEqual([['late']]);
  });

  test('is sent for an absorbed caller that has more time', async () => {
    const { clock, rateLimiter, calls, lookup, before } = await withLateId(2000);
    void lookup(sms, ['shared'], new Client(clock.now() + 10_000));
    void lookup(smsWithBody, ['shared'], new Client(clock.now() + 3000));
    rateLimiter.pause(2800);
    await clock.advance(3 * windowMs);
    expect(calls.slice(before).flatMap(({ ids }) => ids)).toEqual(['shared']);
  });
});

test('under overload, every id that is sent is answered in time', async () => {
  const [latencyMs, timeoutMs, ratePerSecond] = [800, 5000, 2];
  const clock = new ManualClock(0);
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond, clock });
  let sent = 0;
  const send = async ({ entries, settle }: Batch<LaneKey, string>) => {
    rateLimiter.started();
    sent += entries.length;
    await new Promise<void>((resolve) => void clock.setTimer(latencyMs, resolve));
    for (const { key } of entries) settle(key, { value: key });
  };
  const coalescer = new Coalescer<LaneKey, string>({ rateLimiter, clock, send });
  const outcomes = { responded: 0, refused: 0, late: 0 };
  const request = async (id: string) => {
    const client = new Client(clock.now() + timeoutMs);
    clock.setTimer(timeoutMs + 1, () => client.disconnect('late'));
    try {
      await coalescer.load({ lane: sms, id, key: id }, client);
      outcomes.responded += 1;
    } catch (error) {
      outcomes[error === 'late' ? 'late' : 'refused'] += 1;
    }
  };
  // Four times as many ids as two calls a second can carry, for six times as long as a caller waits.
  for (let each = 0; each < 30 * 160; each += 1) {
    void request(`id ${each}`);
    await clock.advance(1000 / 160);
  }
  await clock.advance(timeoutMs);
  expect(sent).toBeGreaterThan(30 * 2 * 20 * 0.9);
  expect(outcomes.responded).toBe(sent);
  expect(outcomes).toMatchObject({ late: 0, refused: 4800 - sent });
});

describe('the estimate', () => {
  test('of further calls includes the calls for ids that wait', async () => {
    const { clock, lookup, coalescer } = setUp();
    expect(coalescer.estimateMs(10)).toBe(0);
    void lookup(sms, numbered(120));
    expect([4, 5, 15].map((calls) => coalescer.estimateMs(calls))).toEqual([0, windowMs, 2 * windowMs]);
    await clock.tick();
    expect(coalescer.estimateMs(4)).toBe(0);
  });
});

describe('a batch', () => {
  test('counts the callers it serves, without those that disconnected', async () => {
    const { clock, calls, lookup } = setUp();
    const leaving = new Client();
    for (const caller of [new Client(), new Client(), leaving]) void lookup(sms, ['a', 'b'], caller);
    leaving.disconnect();
    await clock.tick();
    expect(calls[0]?.batch.callers).toBe(2);
  });

  test('reports which of its ids no caller waits for any more', async () => {
    const { clock, calls, lookup } = setUp();
    const client = new Client();
    void lookup(sms, ['a', 'b'], client);
    void lookup(sms, ['b']);
    await clock.tick();
    client.disconnect();
    expect(calls[0]?.batch.entries.map(({ isWanted }) => isWanted)).toEqual([false, true]);
  });
});

describe('the stats', () => {
  test('tell what waits, what is in flight, and how many lookups shared a place', async () => {
    const { clock, calls, lookup, coalescer } = setUp({ maxWaiting: 25 });
    void lookup(sms, numbered(25));
    void lookup(sms, ['id 1', 'one more']);
    expect(coalescer.stats()).toMatchObject({ waiting: 25, inFlight: 0, pending: 26, lanes: 1, batches: 0 });
    await clock.tick();
    await clock.advance(300);
    for (const call of calls) call.respondToAll();
    expect(coalescer.stats()).toEqual({
      waiting: 0,
      inFlight: 0,
      pending: 0,
      lanes: 0,
      expectedLatencyMs: 300,
      lookups: 27,
      sharedLookups: 1,
      refusedIds: 1,
      batches: 2,
      sentIds: 25,
    });
  });

  test('count an id that was refused after it waited', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await exhaustRate(world);
    void world.lookup(sms, ['late'], new Client(windowMs + 100));
    world.rateLimiter.pause(5000);
    await world.clock.advance(5000);
    expect(world.coalescer.stats()).toMatchObject({ refusedIds: 1, batches: 1 });
  });
});

describe('after everything has settled', () => {
  test('nothing is left of results, failures and disconnected callers', async () => {
    const { clock, calls, lookup, coalescer } = setUp();
    const [client, other] = [new Client(), new Client()];
    void lookup(sms, numbered(50), client);
    void lookup(smsWithBody, numbered(25), other);
    void lookup(verify, numbered(10), client);
    expect(coalescer).toMatchObject({ waiting: 60, inFlight: 0, pending: 85, lanes: 3 });
    other.disconnect();
    await clock.tick();
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 60, lanes: 3 });
    calls[0]?.respondToAll();
    calls[1]?.ended.fail(new Error('reset'));
    client.disconnect();
    for (const call of calls.slice(2)) call.ended.open();
    await settled();
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 0, pending: 0, lanes: 0 });
    expect(clock.pending).toBe(0);
  });

  test('a caller that stays connected keeps no result in memory', async () => {
    const values: WeakRef<object>[] = [];
    const clock = new ManualClock();
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
    const send = async ({ entries, settle }: Batch<LaneKey, object>) => {
      const value = {};
      values.push(new WeakRef(value));
      for (const { key } of entries) settle(key, { value });
    };
    const coalescer = new Coalescer<LaneKey, object>({ rateLimiter, clock, send });
    const client = new Client();
    void coalescer.load({ lane: sms, id: 'a', key: 'a' }, client);
    await clock.tick();
    collectGarbage();
    expect(values.map((value) => value.deref())).toEqual([undefined]);
    expect(client.signal.aborted).toBe(false);
  });

  test('no token is used and no lane is left when all callers disconnect while the rate limiter pauses', async () => {
    const { clock, rateLimiter, calls, lookup, coalescer } = setUp({ ratePerSecond: 3 });
    rateLimiter.pause(1000);
    for (let each = 0; each < 100; each += 1) {
      const client = new Client();
      void lookup({ ...verify, name: `lane ${each}` }, numbered(5), client);
      await clock.advance(1);
      client.disconnect();
    }
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 0, lanes: 0 });
    await clock.advance(1000);
    void lookup(sms, numbered(60));
    await clock.tick();
    expect(calls.map(({ ids }) => ids.length)).toEqual([20, 20, 20]);
  });
});
