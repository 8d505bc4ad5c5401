import fc from 'fast-check';
import { Dispatcher, type Work } from '../../../src/traffic/batching/call-scheduler.js';
import type { Budget } from '../../../src/traffic/rate-limit/rate-limiter.js';
import { SlidingWindowBudget } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { Gate } from '../../support/gate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

/** Grants a token when told to. */
class GatedBudget implements Budget {
  readonly ratePerSecond = 1;
  readonly asked: Gate[] = [];
  returned = 0;

  take(): Promise<void> {
    const gate = new Gate();
    this.asked.push(gate);
    return gate.opened;
  }

  async grant(): Promise<void> {
    this.asked.shift()?.open();
    await settled();
  }

  begun(): undefined {}

  giveBack(): void {
    this.returned += 1;
  }

  pause(): void {}

  estimateMs(): number {
    return 0;
  }
}

/** Work with a number of calls to make, which notes each in a log; only the last may be less than full. */
class Calls implements Work {
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
  const budget = new GatedBudget();
  const log: string[] = [];
  return { clock, budget, log, dispatcher: new Dispatcher(budget, clock) };
}

describe('beginning', () => {
  test('sends nothing before the macrotask ends, so that what comes in one tick leaves together', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const work = new Calls('a', log, 0);
    work.left += 1;
    dispatcher.enqueue(work);
    await settled();
    expect(budget.asked).toHaveLength(0);
    await clock.tick();
    expect(budget.asked).toHaveLength(1);
  });

  test('spends every free token in that one macrotask', async () => {
    const { clock, log } = setUp();
    const dispatcher = new Dispatcher(new SlidingWindowBudget({ ratePerSecond: 10, clock }), clock);
    for (const name of 'abcdefghij') dispatcher.enqueue(new Calls(name, log));
    await clock.tick();
    expect(log.join('')).toBe('abcdefghij');
  });

  test('asks for one token at a time, so that what leaves is decided when it leaves', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    dispatcher.enqueue(new Calls('a', log, 5));
    dispatcher.enqueue(new Calls('b', log, 5));
    await settled();
    expect(budget.asked).toHaveLength(1);
    await clock.tick();
    expect(budget.asked).toHaveLength(1);
  });

  test('begins again after everything was sent', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    for (const name of ['a', 'b']) {
      dispatcher.enqueue(new Calls(name, log));
      await clock.tick();
      await budget.grant();
    }
    expect(log).toEqual(['a', 'b']);
    expect(clock.pending).toBe(0);
  });
});

describe('order', () => {
  test('whoever has waited longest goes first', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    for (const name of ['a', 'b', 'c']) dispatcher.enqueue(new Calls(name, log));
    await clock.tick();
    for (let token = 0; token < 3; token += 1) await budget.grant();
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('work that is queued already keeps its place', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const first = new Calls('a', log);
    for (const work of [first, new Calls('b', log), first]) dispatcher.enqueue(work);
    await clock.tick();
    await budget.grant();
    expect(log).toEqual(['a']);
  });

  test('work with more calls to make goes to the end, behind whoever came meanwhile', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    dispatcher.enqueue(new Calls('long', log, 3));
    dispatcher.enqueue(new Calls('a', log));
    await clock.tick();
    await budget.grant();
    dispatcher.enqueue(new Calls('b', log));
    for (let token = 0; token < 4; token += 1) await budget.grant();
    expect(log).toEqual(['long', 'a', 'long', 'b', 'long']);
  });

  test('between two calls of one work everyone who waits gets a call', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
    const holds = fc.asyncProperty(lengths, async (callsOf) => {
      const { clock, budget, log, dispatcher } = setUp();
      callsOf.forEach((calls, index) => void dispatcher.enqueue(new Calls(String(index), log, calls)));
      await clock.tick();
      while (budget.asked.length > 0) await budget.grant();
      const rounds = Array.from({ length: Math.max(...callsOf) }, (_, round) =>
        callsOf.flatMap((calls, index) => (calls > round ? [String(index)] : [])),
      );
      expect(log).toEqual(rounds.flat());
    });
    await fc.assert(holds, { numRuns: 50 });
  });
});

describe('a full call', () => {
  test('leaves before the macrotask ends, and the rest when it does', async () => {
    const { clock, log } = setUp();
    const dispatcher = new Dispatcher(new SlidingWindowBudget({ ratePerSecond: 10, clock }), clock);
    dispatcher.enqueue(new Calls('part', log));
    dispatcher.enqueue(new Calls('much', log, 3));
    dispatcher.enqueue(new Calls('full', log, 1, true));
    await settled();
    expect(log).toEqual(['much', 'full', 'much']);
    await clock.tick();
    expect(log).toEqual(['much', 'full', 'much', 'part', 'much']);
    expect(clock.pending).toBe(0);
  });

  test('holds what promises ask for in one go with it', async () => {
    const { log } = setUp();
    const clock = new ManualClock();
    const dispatcher = new Dispatcher(new SlidingWindowBudget({ ratePerSecond: 1, clock }), clock);
    const work = new Calls('full', log, 1, true);
    work.send = () => log.push('sent');
    dispatcher.enqueue(work);
    await Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => log.push('asked'));
    await settled();
    expect(log).toEqual(['asked', 'sent']);
  });

  test('leaves at once also when it fills up later in the macrotask', async () => {
    const { clock, log } = setUp();
    const dispatcher = new Dispatcher(new SlidingWindowBudget({ ratePerSecond: 10, clock }), clock);
    for (const name of ['first', 'second']) {
      dispatcher.enqueue(new Calls(name, log, 1, true));
      await settled();
      expect(log.at(-1)).toBe(name);
    }
  });

  test('that has to wait for a token goes no earlier than who has waited longer', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    dispatcher.enqueue(new Calls('part', log));
    dispatcher.enqueue(new Calls('full', log, 1, true));
    await clock.tick();
    for (let token = 0; token < 2; token += 1) await budget.grant();
    expect(log).toEqual(['part', 'full']);
    expect(budget.asked).toHaveLength(0);
  });

  test('whose callers have gone gives its token back, and opens no door to others', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const gone = new Calls('gone', log, 1, true);
    dispatcher.enqueue(new Calls('part', log));
    dispatcher.enqueue(gone);
    await settled();
    dispatcher.withdraw(gone);
    await budget.grant();
    expect(log).toEqual([]);
    expect(budget.returned).toBe(1);
    await clock.tick();
    await budget.grant();
    expect(log).toEqual(['part']);
  });

  test('comes after the turn of a call that goes on', async () => {
    const { budget, log, dispatcher } = setUp();
    dispatcher.enqueue(new Calls('full', log, 1, true));
    void dispatcher.turn().then(() => log.push('retry'));
    for (let token = 0; token < 2; token += 1) {
      await settled();
      await budget.grant();
    }
    expect(log).toEqual(['retry', 'full']);
  });
});

describe('turns', () => {
  test('go before all queued work, in the order in which they were asked for', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    dispatcher.enqueue(new Calls('queued', log));
    for (const name of ['retry 1', 'retry 2']) void dispatcher.turn().then(() => log.push(name));
    await clock.tick();
    for (let token = 0; token < 3; token += 1) await budget.grant();
    expect(log).toEqual(['retry 1', 'retry 2', 'queued']);
  });

  test('take a token each', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    for (const name of ['retry 1', 'retry 2']) void dispatcher.turn().then(() => log.push(name));
    await clock.tick();
    expect(log).toEqual([]);
    await budget.grant();
    expect(log).toEqual(['retry 1']);
  });

  test('may be asked for by a call that is being sent', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const work = new Calls('call', log);
    work.send = () => {
      work.left = 0;
      log.push('call');
      void dispatcher.turn().then(() => log.push('retry'));
    };
    dispatcher.enqueue(work);
    await clock.tick();
    await budget.grant();
    await budget.grant();
    expect(log).toEqual(['call', 'retry']);
  });
});

describe('withdrawn work', () => {
  test('is not called, and its token is given back', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const work = new Calls('a', log);
    dispatcher.enqueue(work);
    await clock.tick();
    dispatcher.withdraw(work);
    await budget.grant();
    expect(log).toEqual([]);
    expect(budget.returned).toBe(1);
    expect(budget.asked).toHaveLength(0);
  });

  test('leaves its token to the next in the queue', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const gone = new Calls('gone', log);
    for (const work of [gone, new Calls('b', log)]) dispatcher.enqueue(work);
    await clock.tick();
    dispatcher.withdraw(gone);
    await budget.grant();
    expect(log).toEqual(['b']);
    expect(budget.returned).toBe(0);
  });

  test('asks for no token when it goes before the macrotask ends', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const work = new Calls('a', log);
    dispatcher.enqueue(work);
    dispatcher.withdraw(work);
    await clock.tick();
    expect(budget.asked).toHaveLength(0);
  });

  test('that comes back waits at the end', async () => {
    const { clock, budget, log, dispatcher } = setUp();
    const first = new Calls('a', log);
    for (const work of [first, new Calls('b', log)]) dispatcher.enqueue(work);
    dispatcher.withdraw(first);
    dispatcher.enqueue(first);
    await clock.tick();
    await budget.grant();
    expect(log).toEqual(['b']);
  });
});
