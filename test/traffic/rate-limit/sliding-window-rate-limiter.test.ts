import fc from 'fast-check';
import type { Clock } from '../../../src/clock.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

/** One second, and the margin that the rate limiter adds to it. */
const windowMs = 1015;

/** A rate limiter with its history: when tokens were requested and used, and when it was paused. */
class Observed {
  readonly clock = new ManualClock(0);
  readonly rateLimiter: SlidingWindowRateLimiter;
  readonly requestedAtMs: number[] = [];
  readonly usedAtMs: number[] = [];
  readonly pauses: { readonly fromMs: number; readonly untilMs: number }[] = [];
  released = 0;

  constructor(ratePerSecond: number) {
    this.rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond, clock: this.clock });
  }

  use(count: number): void {
    for (let each = 0; each < count; each += 1) {
      this.requestedAtMs.push(this.clock.now());
      void this.rateLimiter.acquire().then(() => {
        this.rateLimiter.started();
        this.usedAtMs.push(this.clock.now());
      });
    }
  }

  release(count: number): void {
    for (let each = 0; each < count; each += 1) {
      void this.rateLimiter.acquire().then(() => {
        this.released += 1;
        this.rateLimiter.release();
      });
    }
  }

  pause(durationMs: number): void {
    this.pauses.push({ fromMs: this.clock.now(), untilMs: this.clock.now() + durationMs });
    this.rateLimiter.pause(durationMs);
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const { act, amount, thenWaitMs } of steps) {
      this[act](amount);
      await this.clock.advance(thenWaitMs);
    }
  }

  /** The moment from which the token that was used `index`-th could have been used. */
  freeAtMs(index: number): number {
    const windowEndMs = (this.usedAtMs[index - this.rateLimiter.ratePerSecond] ?? -Infinity) + windowMs;
    const unpausedMs = Math.max(this.requestedAtMs[index] ?? 0, windowEndMs);
    return this.pauses.reduce(
      (atMs, { fromMs, untilMs }) => (atMs > fromMs && atMs < untilMs ? untilMs : atMs),
      unpausedMs,
    );
  }
}

interface Step {
  readonly act: 'use' | 'release' | 'pause';
  readonly amount: number;
  readonly thenWaitMs: number;
}

const thenWaitMs = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2500 }));
const use = fc.record({ act: fc.constant('use'), amount: fc.integer({ min: 1, max: 15 }), thenWaitMs });
const release = fc.record({
  act: fc.constant('release'),
  amount: fc.integer({ min: 1, max: 4 }),
  thenWaitMs,
});
const pause = fc.record({ act: fc.constant('pause'), amount: fc.integer({ min: 0, max: 3000 }), thenWaitMs });
const rates = fc.integer({ min: 1, max: 12 });

/** Runs steps, and waits until every request has a token. */
async function runToEnd(ratePerSecond: number, steps: readonly Step[]): Promise<Observed> {
  const observed = new Observed(ratePerSecond);
  await observed.run(steps);
  await observed.clock.advance(3000 + windowMs * (observed.requestedAtMs.length + 1));
  return observed;
}

describe('rate', () => {
  test('grants the whole rate at once to the first requests', async () => {
    const observed = new Observed(10);
    observed.use(10);
    await settled();
    expect(observed.usedAtMs).toEqual(Array(10).fill(0));
  });

  test('makes the next request wait until the oldest call is a second and the margin old', async () => {
    const observed = new Observed(10);
    observed.use(11);
    await observed.clock.advance(windowMs - 1);
    expect(observed.usedAtMs).toHaveLength(10);
    await observed.clock.advance(1);
    expect(observed.usedAtMs).toHaveLength(11);
  });

  test('frees tokens one by one as they were used, not all at once', async () => {
    const observed = new Observed(2);
    observed.use(1);
    await observed.clock.advance(400);
    observed.use(3);
    await observed.clock.advance(5000);
    expect(observed.usedAtMs).toEqual([0, 400, windowMs, windowMs + 400]);
  });

  test('serves requests in their order', async () => {
    const { rateLimiter, clock } = new Observed(1);
    const served: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      void rateLimiter.acquire().then(() => {
        rateLimiter.started();
        served.push(name);
      });
    }
    await clock.advance(3 * windowMs);
    expect(served).toEqual(['first', 'second', 'third']);
  });

  test('keeps the second exactly with a margin of 0', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock, rateMarginMs: 0 });
    await rateLimiter.acquire();
    rateLimiter.started();
    let granted = false;
    void rateLimiter.acquire().then(() => {
      granted = true;
    });
    await clock.advance(999);
    expect(granted).toBe(false);
    await clock.advance(1);
    expect(granted).toBe(true);
  });

  test('never starts more calls than the rate in any sliding second, for any order of events', async () => {
    const steps = fc.array(fc.oneof(use, release, pause) as fc.Arbitrary<Step>, { maxLength: 25 });
    const property = fc.asyncProperty(rates, steps, async (rate, events) => {
      const observed = await runToEnd(rate, events);
      assertWithinRate(observed.usedAtMs, rate);
      expect(observed.usedAtMs).toHaveLength(observed.requestedAtMs.length);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test('uses every token within five milliseconds of becoming free, pauses included', async () => {
    const steps = fc.array(fc.oneof(use, pause) as fc.Arbitrary<Step>, { maxLength: 25 });
    const property = fc.asyncProperty(rates, steps, async (rate, events) => {
      const observed = await runToEnd(rate, events);
      const lateByMs = observed.usedAtMs.map((atMs, index) => atMs - observed.freeAtMs(index));
      expect(lateByMs.filter((ms) => ms < 0 || ms > 5)).toEqual([]);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test('loses no token when calls start at fractions of a millisecond', async () => {
    const observed = new Observed(2);
    observed.use(1);
    await observed.clock.advance(0.7);
    observed.use(9);
    await observed.clock.advance(5 * windowMs);
    const lateByMs = observed.usedAtMs.map((atMs, index) => atMs - observed.freeAtMs(index));
    expect(observed.usedAtMs).toHaveLength(10);
    expect(Math.max(...lateByMs)).toBeLessThanOrEqual(5);
    assertWithinRate(observed.usedAtMs, 2);
  });
});

describe('released tokens', () => {
  test('go to the next request at once', async () => {
    const observed = new Observed(1);
    observed.release(1);
    observed.use(1);
    await settled();
    expect(observed.usedAtMs).toEqual([0]);
  });

  test('leave the rate as if they had never been acquired', async () => {
    const observed = new Observed(3);
    observed.release(50);
    await settled();
    expect(observed.released).toBe(50);
    observed.use(4);
    await observed.clock.advance(windowMs);
    expect(observed.usedAtMs).toEqual([0, 0, 0, windowMs]);
  });

  test('do not free a token that an earlier call still uses', async () => {
    const observed = new Observed(2);
    observed.use(1);
    await observed.clock.advance(500);
    observed.release(1);
    await settled();
    observed.use(2);
    await observed.clock.advance(2 * windowMs);
    expect(observed.usedAtMs).toEqual([0, 500, windowMs]);
  });
});

describe('pause', () => {
  test('holds back free tokens until it ends', async () => {
    const observed = new Observed(10);
    observed.pause(1000);
    observed.use(3);
    await observed.clock.advance(999);
    expect(observed.usedAtMs).toEqual([]);
    await observed.clock.advance(1);
    expect(observed.usedAtMs).toEqual([1000, 1000, 1000]);
  });

  test('holds back requests that wait already', async () => {
    const observed = new Observed(1);
    observed.use(2);
    await observed.clock.advance(500);
    observed.pause(5000);
    await observed.clock.advance(4999);
    expect(observed.usedAtMs).toEqual([0]);
    await observed.clock.advance(1);
    expect(observed.usedAtMs).toEqual([0, 5500]);
  });

  test('does not free a token early that becomes free after it', async () => {
    const observed = new Observed(1);
    observed.use(2);
    await observed.clock.tick();
    observed.pause(100);
    await observed.clock.advance(2 * windowMs);
    expect(observed.usedAtMs).toEqual([0, windowMs]);
  });

  test.each([
    ['longest first', [3000, 500]],
    ['longest last', [500, 3000]],
  ])('overlapping others ends with the last of them: %s', async (_order, durationsMs) => {
    const observed = new Observed(10);
    observed.use(1);
    await settled();
    for (const durationMs of durationsMs) observed.pause(durationMs);
    observed.use(1);
    await observed.clock.advance(10_000);
    expect(observed.usedAtMs).toEqual([0, 3000]);
  });

  test('that is over changes nothing', async () => {
    const observed = new Observed(1);
    observed.pause(-5);
    observed.pause(0);
    observed.use(1);
    await settled();
    expect(observed.usedAtMs).toEqual([0]);
  });
});

describe('the estimate', () => {
  test('is 0 while tokens are free', () => {
    const { rateLimiter } = new Observed(10);
    expect([1, 10].map((tokens) => rateLimiter.estimateMs(tokens))).toEqual([0, 0]);
  });

  test('counts a burst after a quiet period from now', async () => {
    const observed = new Observed(10);
    observed.use(10);
    await observed.clock.advance(60_000);
    expect([10, 11, 21].map((tokens) => observed.rateLimiter.estimateMs(tokens))).toEqual([
      0,
      windowMs,
      2 * windowMs,
    ]);
  });

  test('counts from the end of a pause', () => {
    const { rateLimiter } = new Observed(10);
    rateLimiter.pause(5000);
    expect([1, 10, 11].map((tokens) => rateLimiter.estimateMs(tokens))).toEqual([
      5000,
      5000,
      5000 + windowMs,
    ]);
  });

  test('counts from started calls when only some tokens are free', async () => {
    const observed = new Observed(3);
    observed.use(1);
    await observed.clock.advance(100);
    observed.use(1);
    await observed.clock.advance(100);
    const estimates = [1, 2, 3, 4].map((tokens) => observed.rateLimiter.estimateMs(tokens));
    expect(estimates).toEqual([0, windowMs - 200, windowMs - 100, windowMs]);
  });

  test('is exact without competing requests', async () => {
    const useFew = use.map((step) => ({ ...step, amount: Math.ceil(step.amount / 5) }));
    const steps = fc.array(fc.oneof(useFew, pause) as fc.Arbitrary<Step>, { maxLength: 10 });
    const tokens = fc.integer({ min: 1, max: 40 });
    const property = fc.asyncProperty(rates, steps, tokens, async (rate, events, count) => {
      const observed = new Observed(rate);
      await observed.run(events);
      fc.pre(observed.usedAtMs.length === observed.requestedAtMs.length);
      const expectedAtMs = observed.clock.now() + observed.rateLimiter.estimateMs(count);
      observed.use(count);
      await observed.clock.advance(3000 + windowMs * 41);
      expect(observed.usedAtMs.at(-1)).toBe(expectedAtMs);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

describe('timers', () => {
  test('there is one, however many requests wait', async () => {
    const observed = new Observed(1);
    observed.use(500);
    for (const durationMs of [10, 20, 30]) observed.pause(durationMs);
    expect(observed.clock.pending).toBe(1);
  });

  test('there is none while no request waits', async () => {
    const observed = new Observed(2);
    observed.use(2);
    observed.pause(5000);
    await settled();
    expect(observed.clock.pending).toBe(0);
  });
});

/** A realistic clock: timers have whole milliseconds and fire late, and an iteration of the event loop takes time. */
class LateClock implements Clock {
  readonly exact = new ManualClock();
  iterations = 0;

  constructor(readonly lateMs: () => number) {}

  now(): number {
    return this.exact.now();
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    if (delayMs > 0) return this.exact.setTimer(Math.ceil(delayMs) + this.lateMs(), callback);
    this.iterations += 1;
    return this.exact.setTimer(iterationMs, callback);
  }
}

const iterationMs = 0.05;

/** Uses each token as soon as it is granted. Returns the times of use, counted from the first. */
async function useAtOnce(clock: LateClock, ratePerSecond: number, tokens: number): Promise<number[]> {
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond, clock });
  const usedAtMs: number[] = [];
  for (let each = 0; each < tokens; each += 1) {
    void rateLimiter.acquire().then(() => {
      rateLimiter.started();
      usedAtMs.push(clock.now());
    });
  }
  await clock.exact.advance((tokens / ratePerSecond + 1) * (windowMs + 10));
  return usedAtMs.map((atMs) => atMs - (usedAtMs[0] ?? 0));
}

describe('timers that fire late', () => {
  test('do not add up from window to window', async () => {
    const usedAtMs = await useAtOnce(new LateClock(() => 0.9), 10, 200);
    const lateByMs = usedAtMs.map((atMs, index) => atMs - Math.floor(index / 10) * windowMs);
    expect(lateByMs).toHaveLength(200);
    expect(lateByMs.filter((ms) => ms < 0 || ms > 20 * iterationMs)).toEqual([]);
  });

  test('never let a call start early', async () => {
    const lateness = fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 1 });
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 50 }), lateness, async (rate, latenessMs) => {
      let timers = 0;
      const clock = new LateClock(() => latenessMs[timers++ % latenessMs.length] ?? 0);
      const usedAtMs = await useAtOnce(clock, rate, 4 * rate);
      expect(usedAtMs).toHaveLength(4 * rate);
      assertWithinRate(usedAtMs, rate, windowMs - 1e-3);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test.each([1, 10, 100, 1000])(
    'keep the process busy for little of the time, at %i calls a second',
    async (rate) => {
      const clock = new LateClock(() => 0);
      const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: rate, clock });
      for (let token = 0; token < 5 * rate; token += 1) {
        // The worst case: every token frees at a moment of its own.
        if (token < rate) await clock.exact.advance(1000 / rate);
        void rateLimiter.acquire().then(() => rateLimiter.started());
      }
      const startedAtMs = clock.now();
      await clock.exact.advance(4 * windowMs);
      expect(clock.iterations * iterationMs).toBeLessThanOrEqual(0.025 * (clock.now() - startedAtMs));
    },
  );
});

describe('a call that starts later than its token was acquired', () => {
  test('counts from its start', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
    await rateLimiter.acquire();
    await clock.advance(40);
    rateLimiter.started();
    let second = -1;
    void rateLimiter.acquire().then(() => {
      second = clock.now();
    });
    await clock.advance(2000);
    expect(second).toBe(40 + windowMs);
  });

  test('keeps the rate for any delay between tokens and their calls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.oneof(fc.nat(60), fc.nat(5000)), { minLength: 1, maxLength: 80 }),
        async (rate, delaysMs) => {
          const clock = new ManualClock(0);
          const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: rate, clock, rateMarginMs: 0 });
          const startedAtMs: number[] = [];
          for (const delayMs of delaysMs) {
            void rateLimiter.acquire().then(() =>
              clock.setTimer(delayMs, () => {
                rateLimiter.started();
                startedAtMs.push(clock.now());
              }),
            );
          }
          await clock.advance(6100 * (delaysMs.length / rate + 1));
          expect(startedAtMs).toHaveLength(delaysMs.length);
          assertWithinRate(startedAtMs, rate);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('has one place in the window, on a clock whose readings always differ', async () => {
    const clock = new ManualClock(0);
    let driftMs = 0;
    const now = () => {
      driftMs += 1e-6;
      return clock.now() + driftMs;
    };
    const restless = { now, setTimer: clock.setTimer.bind(clock) };
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 10, clock: restless });
    for (let call = 0; call < 10; call += 1) {
      await rateLimiter.acquire();
      rateLimiter.started();
    }
    await clock.advance(windowMs + 1);
    let acquired = 0;
    for (let call = 0; call < 10; call += 1) {
      void rateLimiter.acquire().then(() => {
        acquired += 1;
        rateLimiter.started();
      });
    }
    await clock.advance(5);
    expect(acquired).toBe(10);
  });

  test('costs nothing when it never starts', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
    await rateLimiter.acquire();
    rateLimiter.release();
    let acquired = false;
    void rateLimiter.acquire().then(() => {
      acquired = true;
    });
    await settled();
    expect(acquired).toBe(true);
  });

  test('keeps its token until then, so that calls without a connection do not accumulate', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 10, clock });
    let acquired = 0;
    for (let call = 0; call < 100; call += 1) void rateLimiter.acquire().then(() => (acquired += 1));
    await clock.advance(60_000);
    expect(acquired).toBe(10);
    for (let call = 0; call < 4; call += 1) rateLimiter.started();
    await clock.advance(windowMs - 1);
    expect(acquired).toBe(10);
    await clock.advance(1);
    expect(acquired).toBe(14);
  });

  test('gives its token to the next request when it is released, however late', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
    await rateLimiter.acquire();
    let acquired = false;
    void rateLimiter.acquire().then(() => {
      acquired = true;
    });
    await clock.advance(15_000);
    expect(acquired).toBe(false);
    rateLimiter.release();
    await settled();
    expect(acquired).toBe(true);
  });

  test('is distinct from lost tokens, so that the whole rate is available three minutes later', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 10, clock });
    for (let lost = 0; lost < 5; lost += 1) await rateLimiter.acquire();
    await clock.advance(180_000);
    // A call every 105 ms is below the rate, so none of them may have to wait.
    for (let call = 0; call < 30; call += 1) {
      let isAcquired = false;
      void rateLimiter.acquire().then(() => {
        isAcquired = true;
      });
      await clock.advance(5);
      expect(isAcquired).toBe(true);
      rateLimiter.started();
      await clock.advance(100);
    }
  });
});

/** Makes calls that arrive and respond after given times. Returns when each started and arrived. */
async function callAll(ratePerSecond: number, trips: readonly Trip[]): Promise<Called> {
  const clock = new ManualClock(0);
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond, clock });
  const called: Called = { startedAtMs: [], arrivedAtMs: [] };
  for (const { arrivesAfterMs, respondsAfterMs } of trips) {
    void rateLimiter.acquire().then(() => {
      const call = rateLimiter.started();
      called.startedAtMs.push(clock.now());
      clock.setTimer(arrivesAfterMs, () => called.arrivedAtMs.push(clock.now()));
      clock.setTimer(arrivesAfterMs + respondsAfterMs, () => call.responded());
    });
  }
  await clock.advance(2 * (windowMs + 15) * (trips.length / ratePerSecond + 1));
  return called;
}

interface Trip {
  readonly arrivesAfterMs: number;
  readonly respondsAfterMs: number;
}

interface Called {
  readonly startedAtMs: number[];
  readonly arrivedAtMs: number[];
}

async function expectWithinRate(ratePerSecond: number, trips: readonly Trip[]): Promise<void> {
  const { arrivedAtMs } = await callAll(ratePerSecond, trips);
  expect(arrivedAtMs).toHaveLength(trips.length);
  assertWithinRate(arrivedAtMs, ratePerSecond);
}

describe('the response of a call', () => {
  const trip = (respondsAfterMs: number): Trip => ({ arrivesAfterMs: 0, respondsAfterMs });

  test('frees its token a second and a millisecond later, because the call has arrived by then', async () => {
    const { startedAtMs } = await callAll(1, [trip(2), trip(5), trip(2)]);
    expect(startedAtMs).toEqual([0, 1003, 2009]);
  });

  test('that is slightly slow frees it later than the margin would, because the call may have arrived late', async () => {
    const { startedAtMs } = await callAll(1, [trip(14), trip(29), trip(2)]);
    expect(startedAtMs).toEqual([0, windowMs, windowMs + 1030]);
  });

  test('that is slow frees it late where responses are usually fast, because the call may have been delayed', async () => {
    const { startedAtMs } = await callAll(1, [trip(2), trip(700), trip(2), trip(30), trip(2)]);
    expect(startedAtMs).toEqual([0, 1003, 2704, 3707, 4738]);
  });

  test('that is slow is ignored where responses are usually slow: more in a row than calls start in a second', async () => {
    const { startedAtMs } = await callAll(1, [trip(30), trip(700), trip(3000), trip(3000)]);
    expect(startedAtMs).toEqual([0, 1031, 1031 + windowMs, 1031 + 2 * windowMs]);
  });

  test('counts again after one fast response', async () => {
    const { startedAtMs } = await callAll(1, [trip(700), trip(700), trip(2), trip(700), trip(2)]);
    expect(startedAtMs).toEqual([0, 1701, 1701 + windowMs, 2704 + windowMs, 4405 + windowMs]);
  });

  test('changes nothing with a margin of 0', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock, rateMarginMs: 0 });
    await rateLimiter.acquire();
    const call = rateLimiter.started();
    await clock.advance(0.5);
    call.responded();
    expect(rateLimiter.estimateMs(1)).toBe(999.5);
  });

  test('frees no more than its own token', async () => {
    const { startedAtMs } = await callAll(2, [trip(900), trip(1), trip(900), trip(900)]);
    expect(startedAtMs).toEqual([0, 0, 1002, 1901]);
  });

  test('lets no more calls arrive in any sliding second than the rate, for any distance and response time', async () => {
    const call = fc.record({ jitterMs: fc.nat(15), respondsAfterMs: fc.oneof(fc.nat(20), fc.nat(400)) });
    const trips = fc.array(call, { maxLength: 120 });
    const property = fc.asyncProperty(rates, fc.nat(80), trips, async (rate, distanceMs, made) => {
      await expectWithinRate(
        rate,
        made.map(({ jitterMs, respondsAfterMs }) => ({
          arrivesAfterMs: distanceMs + jitterMs,
          respondsAfterMs,
        })),
      );
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('lets no more calls arrive than the rate, however long every second call is delayed', async () => {
    const fast = fc.record({ arrivesAfterMs: fc.nat(14), respondsAfterMs: fc.nat(14) });
    const delayed = fc.record({ arrivesAfterMs: fc.nat(500), respondsAfterMs: fc.nat(500) });
    const trips = fc.array(fc.tuple(fast, delayed), { maxLength: 60 });
    const property = fc.asyncProperty(rates, trips, async (rate, made) => {
      await expectWithinRate(rate, made.flat());
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('lets no more calls arrive than the rate, however long one of four is delayed, where Vonage takes the same time for each', async () => {
    const late = fc.tuple(fc.constant(0), fc.nat(15), fc.nat(15), fc.oneof(fc.nat(60), fc.nat(500)));
    const lateness = fc.array(late, { minLength: 4, maxLength: 25 });
    const responses = fc.integer({ min: 31, max: 450 });
    const property = fc.asyncProperty(rates, responses, lateness, async (rate, respondsAfterMs, lateMs) => {
      const trips = lateMs.flat().map((arrivesAfterMs) => ({ arrivesAfterMs, respondsAfterMs }));
      await expectWithinRate(rate, trips);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('changes nothing after the token was used again', async () => {
    const clock = new ManualClock(0);
    const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1, clock });
    await rateLimiter.acquire();
    const call = rateLimiter.started();
    await clock.advance(windowMs);
    await rateLimiter.acquire();
    call.responded();
    expect(rateLimiter.estimateMs(1)).toBe(windowMs);
  });
});

test('the stats count what waits, what is held and what is in the window', async () => {
  const clock = new ManualClock(0);
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 3, clock });
  for (let request = 0; request < 5; request += 1) void rateLimiter.acquire();
  rateLimiter.started();
  rateLimiter.pause(200);
  expect(rateLimiter.stats()).toEqual({
    waiting: 2,
    held: 2,
    inWindow: 1,
    pausedForMs: 200,
    spacingMs: 0,
    acquired: 3,
    lost: 0,
  });
  await clock.advance(SlidingWindowRateLimiter.lostAfterMs);
  expect(rateLimiter.stats()).toMatchObject({
    waiting: 0,
    inWindow: 0,
    pausedForMs: 0,
    acquired: 5,
    lost: 2,
  });
});
