import fc from 'fast-check';
import { CallScheduler, type Schedulable } from '../../../src/traffic/batching/call-scheduler.js';
import type { RateLimiter } from '../../../src/traffic/rate-limit/rate-limiter.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { Gate } from '../../support/gate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

/** Grants a token when told to. */
class GatedBudget implements RateLimiter {
  readonly ratePerSecond = 1;
  readonly asked: Gate[] = [];
  returned = 0;

  acquire(): Promise<void> {
    const gate = new Gate();
    this.asked.push(gate);
    return gate.opened;
  }

  async grant(): Promise<void> {
    this.asked.shift()?.open();
    await settled();
  }

  started(): undefined {}

  release(): void {
    this.returned += 1;
  }

  pause(): void {}

  estimateMs(): number {
    return 0;
  }
}

/** Work with a number of calls to make, which notes each in a log; only the last may be less than full. */
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
  const rateLimiter = new GatedBudget();
  const log: string[] = [];
  return { clock, rateLimiter, log, scheduler: new CallScheduler(rateLimiter, clock) };
}

describe('beginning', () => {
  test('sends nothing before the macrotask ends, so that what comes in one tick leaves together', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const work = new Calls('a', log, 0);
    work.left += 1;
    scheduler.enqueue(work);
    await settled();
    expect(rateLimiter.asked).toHaveLength(0);
    await clock.tick();
    expect(rateLimiter.asked).toHaveLength(1);
  });

  test('spends every free token in that one macrotask', async () => {
    const { clock, log } = setUp();
    const scheduler = new CallScheduler(new SlidingWindowRateLimiter({ ratePerSecond: 10, clock }), clock);
    for (const name of 'abcdefghij') scheduler.enqueue(new Calls(name, log));
    await clock.tick();
    expect(log.join('')).toBe('abcdefghij');
  });

  test('asks for one token at a time, so that what leaves is decided when it leaves', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('a', log, 5));
    scheduler.enqueue(new Calls('b', log, 5));
    await settled();
    expect(rateLimiter.asked).toHaveLength(1);
    await clock.tick();
    expect(rateLimiter.asked).toHaveLength(1);
  });

  test('begins again after everything was sent', async () => {
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
  test('whoever has waited longest goes first', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    for (const name of ['a', 'b', 'c']) scheduler.enqueue(new Calls(name, log));
    await clock.tick();
    for (let token = 0; token < 3; token += 1) await rateLimiter.grant();
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('work that is queued already keeps its place', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const first = new Calls('a', log);
    for (const work of [first, new Calls('b', log), first]) scheduler.enqueue(work);
    await clock.tick();
    await rateLimiter.grant();
    expect(log).toEqual(['a']);
  });

  test('work with more calls to make goes to the end, behind whoever came meanwhile', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('long', log, 3));
    scheduler.enqueue(new Calls('a', log));
    await clock.tick();
    await rateLimiter.grant();
    scheduler.enqueue(new Calls('b', log));
    for (let token = 0; token < 4; token += 1) await rateLimiter.grant();
    expect(log).toEqual(['long', 'a', 'long', 'b', 'long']);
  });

  test('between two calls of one work everyone who waits gets a call', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
    const isFresh = fc.asyncProperty(lengths, async (callsOf) => {
      const { clock, rateLimiter, log, scheduler } = setUp();
      callsOf.forEach((calls, index) => void scheduler.enqueue(new Calls(String(index), log, calls)));
      await clock.tick();
      while (rateLimiter.asked.length > 0) await rateLimiter.grant();
      const rounds = Array.from({ length: Math.max(...callsOf) }, (_, round) =>
        callsOf.flatMap((calls, index) => (calls > round ? [String(index)] : [])),
      );
      expect(log).toEqual(rounds.flat());
    });
    await fc.assert(isFresh, { numRuns: 50 });
  });
});

describe('a full call', () => {
  test('leaves before the macrotask ends, and the rest when it does', async () => {
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

  test('holds what promises ask for in one go with it', async () => {
    const { log } = setUp();
    const clock = new ManualClock();
    const scheduler = new CallScheduler(new SlidingWindowRateLimiter({ ratePerSecond: 1, clock }), clock);
    const work = new Calls('full', log, 1, true);
    work.send = () => log.push('sent');
    scheduler.enqueue(work);
    await Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => log.push('asked'));
    await settled();
    expect(log).toEqual(['asked', 'sent']);
  });

  test('leaves at once also when it fills up later in the macrotask', async () => {
    const { clock, log } = setUp();
    const scheduler = new CallScheduler(new SlidingWindowRateLimiter({ ratePerSecond: 10, clock }), clock);
    for (const name of ['first', 'second']) {
      scheduler.enqueue(new Calls(name, log, 1, true));
      await settled();
      expect(log.at(-1)).toBe(name);
    }
  });

  test('that has to wait for a token goes no earlier than who has waited longer', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    scheduler.enqueue(new Calls('part', log));
    scheduler.enqueue(new Calls('full', log, 1, true));
    await clock.tick();
    for (let token = 0; token < 2; token += 1) await rateLimiter.grant();
    expect(log).toEqual(['part', 'full']);
    expect(rateLimiter.asked).toHaveLength(0);
  });

  test('whose callers have gone gives its token back, and opens no door to others', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const gone = new Calls('gone', log, 1, true);
    scheduler.enqueue(new Calls('part', log));
    scheduler.enqueue(gone);
    await settled();
    scheduler.withdraw(gone);
    await rateLimiter.grant();
    expect(log).toEqual([]);
    expect(rateLimiter.returned).toBe(1);
    await clock.tick();
    await rateLimiter.grant();
    expect(log).toEqual(['part']);
  });

  test('comes after the turn of a call that goes on', async () => {
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

describe('turns', () => {
  test('go before all queued work, in the order in which they were asked for', async () => {
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

  test('may be asked for by a call that is being sent', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const work = new Calls('call', log);
    work.send = () => {
      work.left = 0;
      log.push('call');
      void scheduler.acquireNext().then(() => log.push('retry'));
    };
    scheduler.enqueue(work);
    await clock.tick();
    await rateLimiter.grant();
    await rateLimiter.grant();
    expect(log).toEqual(['call', 'retry']);
  });
});

describe('withdrawn work', () => {
  test('is not called, and its token is given back', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const work = new Calls('a', log);
    scheduler.enqueue(work);
    await clock.tick();
    scheduler.withdraw(work);
    await rateLimiter.grant();
    expect(log).toEqual([]);
    expect(rateLimiter.returned).toBe(1);
    expect(rateLimiter.asked).toHaveLength(0);
  });

  test('leaves its token to the next in the queue', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const gone = new Calls('gone', log);
    for (const work of [gone, new Calls('b', log)]) scheduler.enqueue(work);
    await clock.tick();
    scheduler.withdraw(gone);
    await rateLimiter.grant();
    expect(log).toEqual(['b']);
    expect(rateLimiter.returned).toBe(0);
  });

  test('asks for no token when it goes before the macrotask ends', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const work = new Calls('a', log);
    scheduler.enqueue(work);
    scheduler.withdraw(work);
    await clock.tick();
    expect(rateLimiter.asked).toHaveLength(0);
  });

  test('that comes back waits at the end', async () => {
    const { clock, rateLimiter, log, scheduler } = setUp();
    const first = new Calls('a', log);
    for (const work of [first, new Calls('b', log)]) scheduler.enqueue(work);
    scheduler.withdraw(first);
    scheduler.enqueue(first);
    await clock.tick();
    await rateLimiter.grant();
    expect(log).toEqual(['b']);
  });
});
