import fc from 'fast-check';
import { CallScheduler, type Schedulable } from '../../../src/traffic/batching/call-scheduler.js';
import type { RateLimiter } from '../../../src/traffic/rate-limit/rate-limiter.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { Gate } from '../../support/gate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

/** Grants a token when the test says so. */
class GatedRateLimiter implements RateLimiter {
  readonly ratePerSecond = 1;
  readonly requests: Gate[] = [];
  released = 0;

  acquire(): Promise<void> {
    const gate = new Gate();
    this.requests.push(gate);
    return gate.opened;
  }

  async grant(): Promise<void> {
    this.requests.shift()?.open();
    await settled();
  }

  started(): undefined {}

  release(): void {
    this.released += 1;
  }

  pause(): void {}

  estimateMs(): number {
    return 0;
  }
}

/** A source with a number of calls to make, which logs each of them. Only the last one may be less than full. */
class Calls implements Schedulable {
  constructor(
    readonly name: string,
    readonly log: string[],
    public left = 1,
    readonly isLastFull = false,
  ) {}

  hasWork(): boolean {
    return this.left > 0;
  }

  isFull(): boolean {
    return this.left > (this.isLastFull ? 0 : 1);
  }

  send(): void {
    this.left -= 1;
    this.log.push(this.name);
  }
}

function setUp() {
  const clock = new ManualClock();
  const rateLimiter = new GatedRateLimiter();
  const log: string[] = [];
  return { clock, rateLimiter, log, scheduler: new CallScheduler(rateLimiter, clock) };
}

describe('a new source', () => {
  test('sends nothing before the macrotask ends, so that everything of one tick is sent together', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const source = new Calls('a', log, 0);
    source.left += 1;
    scheduler.enqueue(source);
    await settled();
    expect(rateLimiter.requests).toHaveLength(0);
    await clock.tick();
    expect(rateLimiter.requests).toHaveLength(1);
  });

  test('uses every free token in that one macrotask', async () => {
    const { clock, log } = setUp();
    const scheduler = new CallScheduler(new SlidingWindowRateLimiter({ ratePerSecond: 10, clock }), clock);
    for (const name of 'abcdefghij') scheduler.enqueue(new Calls(name, log));
    await clock.tick();
    expect(log.join('')).toBe('abcdefghij');
  });

  test('requests one token at a time, so that each call is chosen when it is sent', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('a', log, 5));
    scheduler.enqueue(new Calls('b', log, 5));
    await settled();
    expect(rateLimiter.requests).toHaveLength(1);
    await clock.tick();
    expect(rateLimiter.requests).toHaveLength(1);
  });

  test('starts the queue again after everything was sent', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    for (const name of ['a', 'b']) {
      scheduler.enqueue(new Calls(name, log));
      await clock.tick();
      await rateLimiter.grant();
    }
    expect(log).toEqual(['a', 'b']);
    expect(clock.pending).toBe(0);
  });
});

describe('order', () => {
  test('the source that has waited longest goes first', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    for (const name of ['a', 'b', 'c']) scheduler.enqueue(new Calls(name, log));
    await clock.tick();
    for (let token = 0; token < 3; token += 1) await rateLimiter.grant();
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('a queued source keeps its place when it is queued again', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const first = new Calls('a', log);
    for (const source of [first, new Calls('b', log), first]) scheduler.enqueue(source);
    await clock.tick();
    await rateLimiter.grant();
    expect(log).toEqual(['a']);
  });

  test('a source with more calls goes to the end, behind sources that came meanwhile', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('long', log, 3));
    scheduler.enqueue(new Calls('a', log));
    await clock.tick();
    await rateLimiter.grant();
    scheduler.enqueue(new Calls('b', log));
    for (let token = 0; token < 4; token += 1) await rateLimiter.grant();
    expect(log).toEqual(['long', 'a', 'long', 'b', 'long']);
  });

  test('between two calls of one source every other waiting source makes a call', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(lengths, async (callsOf) => {
      const { clock, rateLimiter, log, scheduler } = setUp();
      callsOf.forEach((calls, index) => void scheduler.enqueue(new Calls(String(index), log, calls)));
      await clock.tick();
      while (rateLimiter.requests.length > 0) await rateLimiter.grant();
      const rounds = Array.from({ length: Math.max(...callsOf) }, (_, round) =>
        callsOf.flatMap((calls, index) => (calls > round ? [String(index)] : [])),
      );
      expect(log).toEqual(rounds.flat());
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

describe('a full call', () => {
  test('is sent before the macrotask ends, and the rest when it does', async () => {
    const { clock, log } = setUp();
    const scheduler = new CallScheduler(new SlidingWindowRateLimiter({ ratePerSecond: 10, clock }), clock);
    scheduler.enqueue(new Calls('part', log));
    scheduler.enqueue(new Calls('much', log, 3));
    scheduler.enqueue(new Calls('full', log, 1, true));
    await settled();
    expect(log).toEqual(['much', 'full', 'much']);
    await clock.tick();
    expect(log).toEqual(['much', 'full', 'much', 'part', 'much']);
    expect(clock.pending).toBe(0);
  });

  test('waits for pending promise callbacks, which may add to it', async () => {
    const { log } = setUp();
    const clock = new ManualClock();
    const scheduler = new CallScheduler(new SlidingWindowRateLimiter({ ratePerSecond: 1, clock }), clock);
    const source = new Calls('full', log, 1, true);
    source.send = () => log.push('sent');
    scheduler.enqueue(source);
    await Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => log.push('requested'));
    await settled();
    expect(log).toEqual(['requested', 'sent']);
  });

  test('is sent at once also when it fills up later in the macrotask', async () => {
    const { clock, log } = setUp();
    const scheduler = new CallScheduler(new SlidingWindowRateLimiter({ ratePerSecond: 10, clock }), clock);
    for (const name of ['first', 'second']) {
      scheduler.enqueue(new Calls(name, log, 1, true));
      await settled();
      expect(log.at(-1)).toBe(name);
    }
  });

  test('that has to wait for a token does not overtake a source that has waited longer', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('part', log));
    scheduler.enqueue(new Calls('full', log, 1, true));
    await clock.tick();
    for (let token = 0; token < 2; token += 1) await rateLimiter.grant();
    expect(log).toEqual(['part', 'full']);
    expect(rateLimiter.requests).toHaveLength(0);
  });

  test('that is withdrawn releases its token, and sends no partial call early', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const withdrawn = new Calls('withdrawn', log, 1, true);
    scheduler.enqueue(new Calls('part', log));
    scheduler.enqueue(withdrawn);
    await settled();
    scheduler.withdraw(withdrawn);
    await rateLimiter.grant();
    expect(log).toEqual([]);
    expect(rateLimiter.released).toBe(1);
    await clock.tick();
    await rateLimiter.grant();
    expect(log).toEqual(['part']);
  });

  test('comes after a further call of a batch', async () => {
    const { rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('full', log, 1, true));
    void scheduler.acquireNext().then(() => log.push('retry'));
    for (let token = 0; token < 2; token += 1) {
      await settled();
      await rateLimiter.grant();
    }
    expect(log).toEqual(['retry', 'full']);
  });
});

describe('further calls', () => {
  test('go before all queued sources, in the order of their requests', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('queued', log));
    for (const name of ['retry 1', 'retry 2']) void scheduler.acquireNext().then(() => log.push(name));
    await clock.tick();
    for (let token = 0; token < 3; token += 1) await rateLimiter.grant();
    expect(log).toEqual(['retry 1', 'retry 2', 'queued']);
  });

  test('take a token each', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    for (const name of ['retry 1', 'retry 2']) void scheduler.acquireNext().then(() => log.push(name));
    await clock.tick();
    expect(log).toEqual([]);
    await rateLimiter.grant();
    expect(log).toEqual(['retry 1']);
  });

  test('may be requested by a call that is being sent', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const source = new Calls('call', log);
    source.send = () => {
      source.left = 0;
      log.push('call');
      void scheduler.acquireNext().then(() => log.push('retry'));
    };
    scheduler.enqueue(source);
    await clock.tick();
    await rateLimiter.grant();
    await rateLimiter.grant();
    expect(log).toEqual(['call', 'retry']);
  });
});

describe('a withdrawn source', () => {
  test('makes no call, and its token is released', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const source = new Calls('a', log);
    scheduler.enqueue(source);
    await clock.tick();
    scheduler.withdraw(source);
    await rateLimiter.grant();
    expect(log).toEqual([]);
    expect(rateLimiter.released).toBe(1);
    expect(rateLimiter.requests).toHaveLength(0);
  });

  test('leaves its token to the next in the queue', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const withdrawn = new Calls('withdrawn', log);
    for (const source of [withdrawn, new Calls('b', log)]) scheduler.enqueue(source);
    await clock.tick();
    scheduler.withdraw(withdrawn);
    await rateLimiter.grant();
    expect(log).toEqual(['b']);
    expect(rateLimiter.released).toBe(0);
  });

  test('requests no token when it is withdrawn before the macrotask ends', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const source = new Calls('a', log);
    scheduler.enqueue(source);
    scheduler.withdraw(source);
    await clock.tick();
    expect(rateLimiter.requests).toHaveLength(0);
  });

  test('that comes back waits at the end', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const first = new Calls('a', log);
    for (const source of [first, new Calls('b', log)]) scheduler.enqueue(source);
    scheduler.withdraw(first);
    scheduler.enqueue(first);
    await clock.tick();
    await rateLimiter.grant();
    expect(log).toEqual(['b']);
  });
});

describe('bulk calls', () => {
  async function run(pages: readonly object[], lookups: number): Promise<string[]> {
    const rateLimiter = new GatedRateLimiter();
    const clock = new ManualClock();
    const scheduler = new CallScheduler(rateLimiter, clock);
    const log: string[] = [];
    const names = new Map([...new Set(pages)].map((owner, index) => [owner, `page of ${index}`]));
    for (const owner of pages)
      scheduler.enqueueBulk(owner, async () => void log.push(names.get(owner) ?? ''));
    if (lookups > 0) scheduler.enqueue(new Calls('lookup', log, lookups));
    await clock.advance(0);
    for (let granted = 0; granted < pages.length + lookups; granted += 1) await rateLimiter.grant();
    return log;
  }

  test('get at most every other token while lookups wait, and every token afterwards', async () => {
    const one = {};
    const log = await run([one, one, one, one, one, one], 3);
    expect(log.filter((name) => name === 'lookup')).toHaveLength(3);
    const untilLastLookup = log.slice(0, log.lastIndexOf('lookup') + 1);
    expect(untilLastLookup.join()).not.toContain('page of 0,page of 0');
    expect(log.slice(untilLastLookup.length)).toEqual(Array(9 - untilLastLookup.length).fill('page of 0'));
  });

  test('take turns between the operations that asked for them', async () => {
    const [one, other] = [{}, {}];
    expect(await run([one, one, one, other], 0)).toEqual([
      'page of 0',
      'page of 1',
      'page of 0',
      'page of 0',
    ]);
  });
});
