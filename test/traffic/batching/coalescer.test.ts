import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GatewayError } from '../../../src/errors.js';
import {
  type Batch,
  Coalescer,
  type CoalescerOptions,
  type LaneKey,
} from '../../../src/traffic/batching/coalescer.js';
import type { Caller } from '../../../src/traffic/batching/pending-lookup.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { Gate } from '../../support/gate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

const sms: LaneKey = { name: 'sms', servedBy: ['sms+body'], serves: [] };
const smsWithBody: LaneKey = { name: 'sms+body', servedBy: [], serves: ['sms'] };
const verify: LaneKey = { name: 'verify', servedBy: [], serves: [] };

/** One second, and the arrival jitter that a budget adds to it. */
const windowMs = 1015;

/** A caller that can be made to leave. */
class Client implements Caller {
  readonly #life = new AbortController();

  constructor(readonly deadlineAtMs = Infinity) {}

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  leave(reason: unknown = 'left'): void {
    this.#life.abort(reason);
  }
}

/** A call in flight, answered by hand. */
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

  answer(...keys: string[]): void {
    for (const key of keys) this.batch.settle(key, { value: `${key} of ${this.lane}` });
  }

  answerAll(): void {
    this.answer(...this.batch.entries.map(({ key }) => key));
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
  /** Looks ids up; resolves with a value or a reason for each. */
  const look = async (lane: LaneKey, ids: readonly string[], caller: Caller = new Client()) => {
    const loads = ids.map((id) => coalescer.load({ lane, id, key: id.toLowerCase() }, caller));
    const outcomes = await Promise.allSettled(loads);
    return outcomes.map((each) => (each.status === 'fulfilled' ? each.value : each.reason));
  };
  return { clock, rateLimiter, calls, coalescer, look };
}

function numbered(count: number, prefix = 'id'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Uses up the budget of a second, so that whatever comes next has to wait for a token. */
async function spendBudget({ clock, look }: ReturnType<typeof setUp>, calls = 1): Promise<void> {
  for (let each = 0; each < calls; each += 1) void look({ ...verify, name: `spent ${each}` }, ['spent']);
  await clock.tick();
}

describe('gathering', () => {
  test('ids of one tick leave together, whoever asks for them', async () => {
    const { clock, calls, look } = setUp();
    for (const id of ['a', 'b', 'c']) void look(sms, [id]);
    await clock.tick();
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b', 'c']]);
  });

  test('ids that promises ask for later in the tick leave with them', async () => {
    const { clock, calls, look } = setUp();
    void look(sms, ['a']);
    void Promise.resolve()
      .then(() => process.nextTick(() => void look(sms, ['c'])))
      .then(() => look(sms, ['b']));
    await clock.tick();
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b', 'c']]);
  });

  test('nothing leaves before the tick ends', async () => {
    const { calls, look, coalescer } = setUp();
    void look(sms, ['a', 'b']);
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
  ])('of %i ids full calls leave before the tick ends, the rest when it does', async (count, early) => {
    const { clock, calls, look } = setUp();
    void look(sms, numbered(count));
    await settled();
    expect(calls.map(({ ids }) => ids.length)).toEqual(early);
    await clock.tick();
    expect(calls.flatMap(({ ids }) => ids)).toEqual(numbered(count));
    expect(calls).toHaveLength(Math.ceil(count / 20));
  });

  test('a call that others fill up leaves before the tick ends', async () => {
    const { calls, look } = setUp();
    for (const id of numbered(20)) {
      expect(calls).toEqual([]);
      void look(sms, [id]);
      await settled();
    }
    expect(calls.map(({ ids }) => ids)).toEqual([numbered(20)]);
  });

  test('full calls leave before the tick ends for as long as tokens are free', async () => {
    const { clock, calls, look } = setUp();
    for (let caller = 1; caller <= 30; caller += 1) {
      void look(sms, numbered(20, `${caller}`));
      await settled();
    }
    expect(calls.map(({ ids }) => ids[0])).toEqual(numbered(10, '').map((index) => `${index.trim()} 1`));
    await clock.advance(windowMs - 1);
    expect(calls).toHaveLength(10);
    await clock.advance(1);
    expect(calls).toHaveLength(20);
  });

  test('forty-five ids leave as twenty, twenty and five', async () => {
    const { clock, calls, look } = setUp();
    void look(sms, numbered(45));
    await clock.tick();
    expect(calls.map(({ ids }) => ids.length)).toEqual([20, 20, 5]);
    expect(calls.flatMap(({ ids }) => ids)).toEqual(numbered(45));
  });

  test('ids of different lanes leave in calls of their own', async () => {
    const { clock, calls, look } = setUp();
    void look(sms, ['a']);
    void look(verify, ['a']);
    await clock.tick();
    expect(calls.map(({ lane, ids }) => [lane, ids])).toEqual([
      ['sms', ['a']],
      ['verify', ['a']],
    ]);
  });

  test('each id gets its own answer, in whatever order answers come', async () => {
    const { clock, calls, look } = setUp();
    const outcome = look(sms, ['a', 'b', 'c']);
    await clock.tick();
    calls[0]?.answer('c', 'a', 'b');
    expect(await outcome).toEqual(['a of sms', 'b of sms', 'c of sms']);
  });
});

describe('equal ids', () => {
  test('that wait share one place in one call', async () => {
    const { clock, calls, look } = setUp();
    const outcomes = [look(sms, ['a', 'a']), look(sms, ['a'])];
    await clock.tick();
    calls[0]?.answerAll();
    expect(calls.map(({ ids }) => ids)).toEqual([['a']]);
    expect((await Promise.all(outcomes)).flat()).toEqual(['a of sms', 'a of sms', 'a of sms']);
  });

  test('join a call that is in flight', async () => {
    const { clock, calls, look } = setUp();
    const first = look(sms, ['a']);
    await clock.tick();
    const second = look(sms, ['a']);
    await clock.tick();
    expect(calls).toHaveLength(1);
    calls[0]?.answerAll();
    expect([await first, await second]).toEqual([['a of sms'], ['a of sms']]);
  });

  test('join it also in two spellings; the first is sent', async () => {
    const { clock, calls, look } = setUp();
    const outcomes = [look(sms, ['ABC']), look(sms, ['abc'])];
    await clock.tick();
    calls[0]?.answerAll();
    expect(calls.map(({ ids }) => ids)).toEqual([['ABC']]);
    expect((await Promise.all(outcomes)).flat()).toEqual(['abc of sms', 'abc of sms']);
  });

  test('have a turn for each who waits, not only for a first one with a thousand', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    void world.look(sms, numbered(1000));
    void world.look(sms, ['id 1000']);
    await world.clock.advance(windowMs);
    expect(world.calls[1]?.ids).toContain('id 1000');
  });

  test('are asked for anew once they have an outcome', async () => {
    const { clock, calls, look } = setUp();
    void look(sms, ['a', 'b']);
    await clock.tick();
    calls[0]?.answer('a');
    void look(sms, ['a', 'b']);
    await clock.tick();
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b'], ['a']]);
  });
});

describe('without a free token', () => {
  test('a look-up waits for a token, then leaves with at most twenty ids', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    void world.look(sms, numbered(30));
    await world.clock.advance(windowMs - 1);
    expect(world.calls).toHaveLength(1);
    await world.clock.advance(1);
    expect(world.calls[1]?.ids).toEqual(numbered(20));
  });

  test('a lane goes on filling to twenty, over ticks and callers', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    for (let tick = 1; tick <= 8; tick += 1) {
      void world.look(sms, numbered(3, `tick ${tick}`));
      await world.clock.advance(100);
    }
    await world.clock.advance(windowMs);
    expect(world.calls.map(({ ids }) => ids.length)).toEqual([1, 20]);
    await world.clock.advance(windowMs);
    expect(world.calls[2]?.ids).toEqual(['tick 7 2', 'tick 7 3', 'tick 8 2', 'tick 8 3']);
  });

  test('the lane that has waited longest goes first, whatever came into it since', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    void world.look(sms, ['a']);
    await world.clock.tick();
    void world.look(verify, numbered(20));
    await world.clock.tick();
    void world.look(sms, ['b']);
    await world.clock.advance(2 * windowMs);
    expect(world.calls.slice(1).map(({ lane }) => lane)).toEqual(['sms', 'verify']);
  });

  test('a thousand ids of one caller delay the single id of another by at most one call', async () => {
    const world = setUp({ ratePerSecond: 1 });
    void world.look(sms, numbered(1000));
    await world.clock.tick();
    void world.look(sms, ['the one']);
    await world.clock.advance(windowMs);
    expect(world.calls[1]?.ids).toContain('the one');
  });

  test('a thousand ids that leave at once delay an id of the same tick by at most one call', async () => {
    const { clock, calls, look } = setUp();
    void look(sms, numbered(1000));
    await settled();
    void look(sms, ['the one']);
    void look(verify, ['another']);
    await clock.advance(windowMs);
    expect(calls.slice(10, 12).map(({ ids }) => ids)).toEqual([
      expect.arrayContaining(['the one']),
      ['another'],
    ]);
  });

  test('a thousand ids in one lane delay another lane by at most one call', async () => {
    const world = setUp({ ratePerSecond: 1 });
    void world.look(sms, numbered(1000));
    await world.clock.tick();
    void world.look(verify, ['the one']);
    await world.clock.advance(2 * windowMs);
    expect(world.calls.findIndex(({ lane }) => lane === 'verify')).toBeLessThanOrEqual(2);
  });

  test('a steady stream of newcomers does not keep an id waiting', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    void world.look(sms, ['the one']);
    for (let second = 1; second <= 5; second += 1) {
      for (const lane of [sms, smsWithBody, verify]) void world.look(lane, numbered(100, `${second}`));
      await world.clock.advance(windowMs);
    }
    expect(world.calls[1]?.ids).toContain('the one');
  });

  test('every token is used within five milliseconds of its freeing, and none too early', async () => {
    const { clock, calls, look } = setUp();
    for (const lane of [sms, verify]) void look(lane, numbered(1000));
    await clock.advance(11 * windowMs);
    const startedAtMs = calls.map(({ atMs }) => atMs);
    const lateByMs = startedAtMs.slice(10).map((atMs, index) => atMs - (startedAtMs[index] ?? 0) - windowMs);
    expect(startedAtMs).toHaveLength(100);
    expect(lateByMs.filter((ms) => ms < 0 || ms > 5)).toEqual([]);
    assertWithinRate(startedAtMs, 10);
  });

  test('nothing leaves while the budget pauses, and all that waited leaves together afterwards', async () => {
    const { clock, rateLimiter, calls, look } = setUp();
    rateLimiter.pause(5000);
    for (const id of numbered(20)) {
      void look(sms, [id]);
      await clock.advance(200);
    }
    expect(calls).toEqual([]);
    await clock.advance(1000);
    expect(calls.map(({ atMs, ids }) => [atMs, ids.length])).toEqual([[5000, 20]]);
  });
});

describe('a fuller lane', () => {
  test('serves a thinner look-up, waiting or in flight', async () => {
    const { clock, calls, look } = setUp();
    void look(smsWithBody, ['a']);
    const early = look(sms, ['a']);
    await clock.tick();
    const late = look(sms, ['a']);
    await clock.tick();
    calls[0]?.answerAll();
    expect(calls).toHaveLength(1);
    expect([await early, await late]).toEqual([['a of sms+body'], ['a of sms+body']]);
  });

  test('is never served by a thinner one', async () => {
    const { clock, calls, look } = setUp();
    void look(sms, ['a']);
    await clock.tick();
    const full = look(smsWithBody, ['a']);
    await clock.tick();
    for (const call of calls) call.answerAll();
    expect(calls.map(({ lane }) => lane)).toEqual(['sms', 'sms+body']);
    expect(await full).toEqual(['a of sms+body']);
  });

  test('leaves those alone whose thinner call is in flight', async () => {
    const { clock, calls, look } = setUp();
    const thin = look(sms, ['a']);
    await clock.tick();
    void look(smsWithBody, ['a']);
    calls[0]?.answerAll();
    expect(await thin).toEqual(['a of sms']);
  });

  test('adopts who waits for less of the same id, so that one call answers both', async () => {
    const { clock, calls, look, coalescer } = setUp();
    const outcomes = [look(sms, ['a', 'b']), look(smsWithBody, ['a'])];
    expect(coalescer.waiting).toBe(2);
    await clock.tick();
    for (const call of calls) call.answerAll();
    expect(calls.map(({ lane, ids }) => [lane, ids])).toEqual([
      ['sms', ['b']],
      ['sms+body', ['a']],
    ]);
    expect((await Promise.all(outcomes)).flat()).toEqual(['a of sms+body', 'b of sms', 'a of sms+body']);
  });

  test('adopts them also when theirs was a full call, as long as both are asked for in one go', async () => {
    const { calls, look } = setUp();
    void look(sms, numbered(20));
    void Promise.resolve().then(() => look(smsWithBody, numbered(20)));
    await settled();
    expect(calls.map(({ lane, ids }) => [lane, ids])).toEqual([['sms+body', numbered(20)]]);
  });

  test('lets whoever it adopted leave alone', async () => {
    const { clock, calls, look } = setUp();
    const thin = new Client();
    const outcomes = [look(sms, ['a'], thin), look(smsWithBody, ['a'])];
    thin.leave();
    await clock.tick();
    calls[0]?.answerAll();
    expect(await Promise.all(outcomes)).toEqual([['left'], ['a of sms+body']]);
  });

  test('still asks for whoever it adopted when the one who wanted more leaves', async () => {
    const { clock, calls, look } = setUp();
    const full = new Client();
    const outcomes = [look(sms, ['a']), look(smsWithBody, ['a'], full)];
    full.leave();
    await clock.tick();
    calls[0]?.answerAll();
    expect(await Promise.all(outcomes)).toEqual([['a of sms+body'], ['left']]);
  });

  test('gives whoever it adopted a turn of its own, ahead of a thousand ids', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    void world.look(sms, ['the one']);
    void world.look(smsWithBody, [...numbered(1000), 'the one']);
    await world.clock.advance(windowMs);
    expect(world.calls[1]?.ids).toContain('the one');
  });

  test('that names itself among those it serves loses nobody', async () => {
    const { clock, calls, look } = setUp();
    const selfish: LaneKey = { name: 'selfish', servedBy: ['selfish'], serves: ['selfish'] };
    const outcomes = [look(selfish, ['a']), look(selfish, ['a'])];
    await clock.tick();
    calls[0]?.answerAll();
    expect((await Promise.all(outcomes)).flat()).toEqual(['a of selfish', 'a of selfish']);
  });
});

describe('a caller that leaves', () => {
  test('is rejected at once with its reason, and its ids are never sent', async () => {
    const { clock, calls, look, coalescer } = setUp();
    const client = new Client();
    const outcome = look(sms, ['a', 'b'], client);
    client.leave('too late');
    expect(await outcome).toEqual(['too late', 'too late']);
    expect(coalescer.waiting).toBe(0);
    await clock.tick();
    expect(calls).toEqual([]);
  });

  test('takes only its own look-ups along', async () => {
    const { clock, calls, look } = setUp();
    const client = new Client();
    const outcomes = [look(sms, ['a', 'b'], client), look(sms, ['b', 'c'])];
    client.leave();
    await clock.tick();
    calls[0]?.answerAll();
    expect(calls.map(({ ids }) => ids)).toEqual([['b', 'c']]);
    expect(await Promise.all(outcomes)).toEqual([
      ['left', 'left'],
      ['b of sms', 'c of sms'],
    ]);
  });

  test('is not sent for between the freeing of a token and the call', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    const client = new Client();
    void world.look(sms, ['a'], client);
    world.clock.setTimer(windowMs, () => client.leave());
    await world.clock.advance(2 * windowMs);
    expect(world.calls).toHaveLength(1);
    void world.look(sms, ['b']);
    await world.clock.tick();
    expect(world.calls[1]?.ids).toEqual(['b']);
  });

  test('in flight is rejected at once, and its call still answers the others', async () => {
    const { clock, calls, look } = setUp();
    const client = new Client();
    const outcomes = [look(sms, ['a', 'b'], client), look(sms, ['b'])];
    await clock.tick();
    client.leave();
    expect(await outcomes[0]).toEqual(['left', 'left']);
    calls[0]?.answerAll();
    expect(await outcomes[1]).toEqual(['b of sms']);
  });

  test('does not keep a later one from asking for the same id', async () => {
    const { clock, calls, look } = setUp();
    const client = new Client();
    void look(sms, ['a'], client);
    client.leave();
    const outcome = look(sms, ['a']);
    await clock.tick();
    calls[0]?.answerAll();
    expect(calls).toHaveLength(1);
    expect(await outcome).toEqual(['a of sms']);
  });

  test('may leave while its own call is being sent', async () => {
    const client = new Client();
    const leaveAndAnswer = async (batch: Batch<LaneKey, string>) => {
      client.leave();
      for (const { key } of batch.entries) batch.settle(key, { value: key });
    };
    const { clock, look, coalescer } = setUp({ send: leaveAndAnswer });
    const outcomes = [look(sms, ['a'], client), look(sms, ['a', 'b'])];
    await clock.tick();
    expect(await Promise.all(outcomes)).toEqual([['left'], ['a', 'b']]);
    expect(coalescer.inFlight).toBe(0);
  });

  test('before it asks is not asked for', async () => {
    const { clock, calls, look } = setUp();
    const client = new Client();
    client.leave('gone already');
    expect(await look(sms, ['a'], client)).toEqual(['gone already']);
    await clock.tick();
    expect(calls).toEqual([]);
  });

  test('is listened to once, however many ids it waits for', async () => {
    const { look } = setUp();
    const client = new Client();
    void look(sms, numbered(1000), client);
    void look(verify, numbered(1000), client);
    expect(getEventListeners(client.signal, 'abort')).toHaveLength(1);
  });
});

describe('outcomes', () => {
  test('are handed on as soon as they are known, before the call ends', async () => {
    const { clock, calls, look } = setUp();
    const outcome = look(sms, ['a']);
    void look(sms, ['b']);
    await clock.tick();
    calls[0]?.answer('a');
    expect(await outcome).toEqual(['a of sms']);
  });

  test('a call that fails fails the ids without an outcome, and no others', async () => {
    const { clock, calls, look } = setUp();
    const failure = new Error('reset');
    const outcomes = [look(sms, ['a', 'b']), look(verify, ['a'])];
    await clock.tick();
    calls[0]?.answer('a');
    calls[0]?.ended.fail(failure);
    calls[1]?.answerAll();
    expect(await Promise.all(outcomes)).toEqual([['a of sms', failure], ['a of verify']]);
  });

  test('one id may fail while its neighbours succeed', async () => {
    const { clock, calls, look } = setUp();
    const failure = new Error('poison');
    const outcome = look(sms, ['a', 'b']);
    await clock.tick();
    calls[0]?.batch.settle('a', { error: failure });
    calls[0]?.answerAll();
    expect(await outcome).toEqual([failure, 'b of sms']);
  });

  test('a call that cannot even begin fails its ids, and the next call is made', async () => {
    const failure = new Error('no connection');
    let attempts = 0;
    const send = (batch: Batch<LaneKey, string>): Promise<void> => {
      attempts += 1;
      if (attempts === 1) throw failure;
      for (const { key } of batch.entries) batch.settle(key, { value: key });
      return Promise.resolve();
    };
    const { clock, look } = setUp({ send });
    const outcomes = [look(sms, ['a']), look(verify, ['b'])];
    await clock.tick();
    expect(await Promise.all(outcomes)).toEqual([[failure], ['b']]);
  });

  test('a call that ends without an outcome for an id is a defect, and says so', async () => {
    const { clock, calls, look } = setUp();
    const outcome = look(sms, ['a', 'b']);
    await clock.tick();
    calls[0]?.answer('a');
    calls[0]?.ended.open();
    const [responded, forgotten] = await outcome;
    expect(responded).toBe('a of sms');
    expect(forgotten).toBeInstanceOf(GatewayError);
    expect(forgotten).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });

  test('for ids that were not asked, or that have one already, change nothing', async () => {
    const { clock, calls, look, coalescer } = setUp();
    const outcome = look(sms, ['a']);
    await clock.tick();
    calls[0]?.answer('stranger', 'a');
    calls[0]?.batch.settle('a', { error: new Error('too late') });
    calls[0]?.ended.fail(new Error('too late'));
    expect(await outcome).toEqual(['a of sms']);
    expect(coalescer.inFlight).toBe(0);
  });

  test('that come late do not reach a later call for the same id', async () => {
    const { clock, calls, look } = setUp();
    void look(sms, ['a']);
    await clock.tick();
    calls[0]?.answerAll();
    const outcome = look(sms, ['a']);
    await clock.tick();
    calls[0]?.batch.settle('a', { value: 'stale' });
    const joined = look(sms, ['a']);
    await clock.tick();
    calls[1]?.answerAll();
    expect(calls).toHaveLength(2);
    expect([await outcome, await joined]).toEqual([['a of sms'], ['a of sms']]);
  });
});

describe('the turn of a call that goes on', () => {
  test('takes a token of its own', async () => {
    const { clock, calls, look } = setUp({ ratePerSecond: 1 });
    void look(sms, ['a']);
    await clock.tick();
    let goesOn = false;
    void calls[0]?.batch.acquireNext().then(() => {
      goesOn = true;
    });
    await clock.advance(windowMs - 1);
    expect(goesOn).toBe(false);
    await clock.advance(1);
    expect(goesOn).toBe(true);
  });

  test('comes before those who wait for their first', async () => {
    const { clock, rateLimiter, calls, look } = setUp({ ratePerSecond: 1 });
    const order: string[] = [];
    void look(sms, numbered(40));
    await clock.tick();
    void calls[0]?.batch.acquireNext().then(() => {
      rateLimiter.started();
      order.push(`turn, after ${calls.length} call`);
    });
    await clock.advance(2 * windowMs);
    expect(order).toEqual(['turn, after 1 call']);
    expect(calls).toHaveLength(2);
  });
});

describe('a full queue', () => {
  test('refuses further ids at once, and says when to try again', async () => {
    const { look } = setUp({ maxWaiting: 1000 });
    void look(sms, numbered(1000));
    const [refusal] = await look(sms, ['one more']);
    expect(refusal).toBeInstanceOf(GatewayError);
    expect(refusal).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 4 * windowMs });
  });

  test('estimates by the size of its calls', async () => {
    const { look } = setUp({ maxWaiting: 100, maxBatchSize: 5 });
    void look(sms, numbered(100));
    expect(await look(sms, ['one more'])).toMatchObject([{ retryAfterMs: windowMs }]);
  });

  test('still takes ids that wait already, as they cost nothing', async () => {
    const { clock, calls, look } = setUp({ maxWaiting: 2 });
    void look(sms, ['a', 'b']);
    const outcome = look(sms, ['a']);
    await clock.tick();
    calls[0]?.answerAll();
    expect(await outcome).toEqual(['a of sms']);
  });

  test('takes ids again as soon as others were sent or abandoned', async () => {
    const { clock, look, coalescer } = setUp({ maxWaiting: 2 });
    const client = new Client();
    void look(sms, ['a', 'b'], client);
    client.leave();
    void look(sms, ['c', 'd']);
    expect(coalescer.waiting).toBe(2);
    await clock.tick();
    void look(sms, ['e', 'f']);
    expect(coalescer.waiting).toBe(2);
  });
});

describe('a deadline', () => {
  test('that cannot be met is refused at once, and says when to try again', async () => {
    const world = setUp();
    await spendBudget(world, 10);
    const [refusal] = await world.look(sms, ['a'], new Client(windowMs - 300));
    expect(refusal).toBeInstanceOf(GatewayError);
    expect(refusal).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 300 });
    expect(world.coalescer).toMatchObject({ waiting: 0, pending: 9 + 1 });
  });

  test('that can just be met is waited for', async () => {
    const world = setUp();
    await spendBudget(world, 10);
    void world.look(sms, ['a'], new Client(windowMs));
    await world.clock.advance(windowMs);
    expect(world.calls.at(-1)).toMatchObject({ ids: ['a'], atMs: windowMs });
  });

  test('refuses those ids of an operation that come too late, and keeps the others', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    const outcomes = world.look(sms, numbered(100), new Client(3 * windowMs));
    await settled();
    expect(world.coalescer.waiting).toBe(60);
    await world.clock.advance(3 * windowMs);
    for (const call of world.calls) call.answerAll();
    const refused = (await outcomes).filter((each) => each instanceof GatewayError);
    expect(refused).toHaveLength(40);
  });

  test('is met for a newcomer, however many ids another caller has waiting', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    void world.look(sms, numbered(1000));
    void world.look(sms, ['the one'], new Client(windowMs));
    await world.clock.advance(windowMs);
    expect(world.calls.at(-1)?.ids).toContain('the one');
  });

  test('counts on a call for each lane that waits', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    for (const name of numbered(9, 'lane')) void world.look({ ...verify, name }, ['a']);
    const [early] = await world.look(sms, ['a'], new Client(10 * windowMs - 1));
    expect(early).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1 });
    void world.look(sms, ['a'], new Client(10 * windowMs));
    await world.clock.advance(10 * windowMs);
    expect(world.calls.at(-1)?.lane).toBe('sms');
  });

  test('counts on no more calls of another lane than its ids need', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await spendBudget(world);
    for (const name of numbered(9, 'lane')) void world.look({ ...verify, name }, ['a']);
    void world.look(sms, numbered(100), new Client(15 * windowMs));
    await settled();
    expect(world.coalescer.waiting).toBe(109);
  });

  test('does not refuse what is asked for already', async () => {
    const world = setUp();
    const first = world.look(sms, ['a']);
    await world.clock.tick();
    const second = world.look(sms, ['a'], new Client(world.clock.now()));
    world.calls[0]?.answerAll();
    expect([await first, await second]).toEqual([['a of sms'], ['a of sms']]);
  });
});

describe('the time that calls take', () => {
  /** Lets so many calls be made and answered, each after so long. */
  async function makeCalls({ clock, calls, look }: ReturnType<typeof setUp>, tookMs: number, count: number) {
    for (let each = 0; each < count; each += 1) {
      void look(verify, [`${tookMs} ms, ${each}`]);
      await clock.tick();
      await clock.advance(tookMs);
      calls.at(-1)?.answerAll();
      await clock.advance(windowMs);
    }
  }

  test('is left to an id, or it is refused at once', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 300, 1);
    await spendBudget(world);
    const within = (ms: number) => world.look(sms, ['a'], new Client(world.clock.now() + ms));
    expect(await within(windowMs + 299)).toMatchObject([{ code: 'OVERLOADED', retryAfterMs: 1 }]);
    void within(windowMs + 300);
    expect(world.coalescer.waiting).toBe(1);
  });

  test('is not of one call that hung', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 10, 3);
    await makeCalls(world, 14_000, 1);
    await spendBudget(world);
    void world.look(sms, ['a'], new Client(world.clock.now() + windowMs + 10));
    expect(world.coalescer.waiting).toBe(1);
  });

  test('is that of the latest calls', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 2000, 5);
    await makeCalls(world, 10, 10);
    await spendBudget(world);
    void world.look(sms, ['a'], new Client(world.clock.now() + windowMs + 10));
    expect(world.coalescer.waiting).toBe(1);
  });

  test('never keeps an idle queue from trying again, however little time a caller has', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 14_000, 3);
    void world.look(sms, ['a'], new Client(world.clock.now() + 100));
    await world.clock.tick();
    expect(world.calls.at(-1)?.ids).toEqual(['a']);
  });

  test('takes up no more than half of what a caller has', async () => {
    const world = setUp({ ratePerSecond: 1 });
    await makeCalls(world, 14_000, 3);
    await spendBudget(world);
    void world.look(sms, ['a'], new Client(world.clock.now() + 2 * windowMs));
    await world.clock.advance(windowMs);
    expect(world.calls.at(-1)?.ids).toEqual(['a']);
  });

  test('is not taken from a call that failed', async () => {
    const world = setUp({ ratePerSecond: 1 });
    void world.look(verify, ['fails']);
    await world.clock.tick();
    await world.clock.advance(15_000);
    world.calls[0]?.ended.fail(new Error('timed out'));
    await spendBudget(world);
    void world.look(sms, ['a'], new Client(world.clock.now() + windowMs));
    expect(world.coalescer.waiting).toBe(1);
  });
});

describe('an id that comes to its turn too late', () => {
  /** A budget of one call a second, a call that took 300 ms, and an id that may wait so long. */
  async function withLateId(withinMs: number) {
    const world = setUp({ ratePerSecond: 1 });
    void world.look(verify, ['first']);
    await world.clock.tick();
    await world.clock.advance(300);
    world.calls[0]?.answerAll();
    await world.clock.advance(windowMs);
    await spendBudget(world);
    const outcome = world.look(sms, ['late'], new Client(world.clock.now() + withinMs));
    return { ...world, outcome, before: world.calls.length };
  }

  test('is refused and not sent, and its call is for the others', async () => {
    const { clock, rateLimiter, calls, look, coalescer, outcome, before } = await withLateId(2000);
    for (const id of numbered(20)) void look(sms, [id]);
    rateLimiter.pause(1800);
    await clock.advance(1800);
    expect(await outcome).toMatchObject([{ code: 'OVERLOADED', retryAfterMs: windowMs }]);
    expect(calls.slice(before).map(({ ids }) => ids)).toEqual([numbered(20)]);
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 20 + 1 });
  });

  test('costs no token when it is alone', async () => {
    const { clock, rateLimiter, calls, look, coalescer, outcome, before } = await withLateId(2000);
    rateLimiter.pause(1800);
    await clock.advance(1800);
    expect(await outcome).toMatchObject([{ code: 'OVERLOADED' }]);
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 1, lanes: 1 });
    void look(sms, ['next']);
    await clock.tick();
    expect(calls.slice(before).map(({ ids }) => ids)).toEqual([['next']]);
  });

  test('is sent for somebody who joined it and has more time', async () => {
    const { clock, rateLimiter, calls, look, before } = await withLateId(2000);
    void look(sms, ['late'], new Client(clock.now() + 10_000));
    rateLimiter.pause(1800);
    await clock.advance(1800);
    expect(calls.slice(before).map(({ ids }) => ids)).toEqual([['late']]);
  });

  test('is sent for somebody whom it adopted and who has more time', async () => {
    const { clock, rateLimiter, calls, look, before } = await withLateId(2000);
    void look(sms, ['thin'], new Client(clock.now() + 10_000));
    void look(smsWithBody, ['thin'], new Client(clock.now() + 3000));
    rateLimiter.pause(2800);
    await clock.advance(3 * windowMs);
    expect(calls.slice(before).flatMap(({ ids }) => ids)).toEqual(['thin']);
  });
});

test('where more is asked for than can be served, what is paid for is in time', async () => {
  const [latencyMs, waitsMs, ratePerSecond] = [800, 5000, 2];
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
  const ask = async (id: string) => {
    const client = new Client(clock.now() + waitsMs);
    clock.setTimer(waitsMs + 1, () => client.leave('late'));
    try {
      await coalescer.load({ lane: sms, id, key: id }, client);
      outcomes.responded += 1;
    } catch (error) {
      outcomes[error === 'late' ? 'late' : 'refused'] += 1;
    }
  };
  // Four times as many as two calls a second can answer, for six times as long as anybody waits.
  for (let each = 0; each < 30 * 160; each += 1) {
    void ask(`id ${each}`);
    await clock.advance(1000 / 160);
  }
  await clock.advance(waitsMs);
  expect(sent).toBeGreaterThan(30 * 2 * 20 * 0.9);
  expect(outcomes.responded).toBe(sent);
  expect(outcomes).toMatchObject({ late: 0, refused: 4800 - sent });
});

describe('the estimate', () => {
  test('for calls that are yet to come counts those that wait', async () => {
    const { clock, look, coalescer } = setUp();
    expect(coalescer.estimateMs(10)).toBe(0);
    void look(sms, numbered(120));
    expect([4, 5, 15].map((calls) => coalescer.estimateMs(calls))).toEqual([0, windowMs, 2 * windowMs]);
    await clock.tick();
    expect(coalescer.estimateMs(4)).toBe(0);
  });
});

describe('a batch', () => {
  test('knows how many callers it serves, without those who have left', async () => {
    const { clock, calls, look } = setUp();
    const gone = new Client();
    for (const caller of [new Client(), new Client(), gone]) void look(sms, ['a', 'b'], caller);
    gone.leave();
    await clock.tick();
    expect(calls[0]?.batch.callers).toBe(2);
  });

  test('knows which of its ids nobody waits for any more', async () => {
    const { clock, calls, look } = setUp();
    const client = new Client();
    void look(sms, ['a', 'b'], client);
    void look(sms, ['b']);
    await clock.tick();
    client.leave();
    expect(calls[0]?.batch.entries.map(({ isWanted }) => isWanted)).toEqual([false, true]);
  });
});

describe('what is left behind', () => {
  test('nothing, after answers, failures and departures', async () => {
    const { clock, calls, look, coalescer } = setUp();
    const [client, other] = [new Client(), new Client()];
    void look(sms, numbered(50), client);
    void look(smsWithBody, numbered(25), other);
    void look(verify, numbered(10), client);
    expect(coalescer).toMatchObject({ waiting: 60, inFlight: 0, pending: 85, lanes: 3 });
    other.leave();
    await clock.tick();
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 60, lanes: 3 });
    calls[0]?.answerAll();
    calls[1]?.ended.fail(new Error('reset'));
    client.leave();
    for (const call of calls.slice(2)) call.ended.open();
    await settled();
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 0, pending: 0, lanes: 0 });
    expect(clock.pending).toBe(0);
  });

  test('no answer, in the memory of a caller that stays', async () => {
    const answers: WeakRef<object>[] = [];
    const clock = new ManualClock();
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
    const send = async ({ entries, settle }: Batch<LaneKey, object>) => {
      const value = {};
      answers.push(new WeakRef(value));
      for (const { key } of entries) settle(key, { value });
    };
    const coalescer = new Coalescer<LaneKey, object>({ rateLimiter, clock, send });
    const client = new Client();
    void coalescer.load({ lane: sms, id: 'a', key: 'a' }, client);
    await clock.tick();
    collectGarbage();
    expect(answers.map((answer) => answer.deref())).toEqual([undefined]);
    expect(client.signal.aborted).toBe(false);
  });

  test('no spent token and no lane, when everyone leaves while the budget pauses', async () => {
    const { clock, rateLimiter, calls, look, coalescer } = setUp({ ratePerSecond: 3 });
    rateLimiter.pause(1000);
    for (let each = 0; each < 100; each += 1) {
      const client = new Client();
      void look({ ...verify, name: `lane ${each}` }, numbered(5), client);
      await clock.advance(1);
      client.leave();
    }
    expect(coalescer).toMatchObject({ waiting: 0, inFlight: 0, lanes: 0 });
    await clock.advance(1000);
    void look(sms, numbered(60));
    await clock.tick();
    expect(calls.map(({ ids }) => ids.length)).toEqual([20, 20, 20]);
  });
});
