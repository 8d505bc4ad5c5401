import fc from 'fast-check';
import { TokensInUse } from '../../../src/traffic/rate-limit/tokens-in-use.js';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { ManualClock } from '../../support/manual-clock.js';

const marginMs = 15;
const windowMs = 1000 + marginMs;

function setUp(ratePerSecond = 10) {
  const clock = new ManualClock(0);
  return { clock, tokens: new TokensInUse(clock, ratePerSecond, marginMs) };
}

describe('a token', () => {
  test('is held until its call starts, and frees one window after that', async () => {
    const { clock, tokens } = setUp();
    tokens.acquire();
    await clock.advance(5000);
    expect([tokens.held, tokens.freesInMs]).toEqual([1, []]);
    tokens.start();
    expect([tokens.held, tokens.freesInMs]).toEqual([0, [windowMs]]);
    await clock.advance(windowMs);
    expect([tokens.held, tokens.freesInMs]).toEqual([0, []]);
  });

  test('is free when it is released', () => {
    const { tokens } = setUp();
    tokens.acquire();
    tokens.release();
    tokens.release();
    expect([tokens.held, tokens.freesInMs]).toEqual([0, []]);
  });

  test('that is held for three minutes is lost, and another one is not mistaken for it', async () => {
    const { clock, tokens } = setUp();
    tokens.acquire();
    await clock.advance(179_999);
    tokens.acquire();
    expect(tokens.held).toBe(2);
    await clock.advance(1);
    expect(tokens.stats()).toEqual({ held: 1, inWindow: 0, acquired: 2, lost: 1 });
  });

  test('counts for a call that starts without one', () => {
    const { tokens } = setUp();
    tokens.start();
    expect(tokens.freesInMs).toEqual([windowMs]);
  });
});

describe('the wait for a token below a limit', () => {
  test('ends when enough of the tokens in use are free', async () => {
    const { clock, tokens } = setUp();
    for (let call = 0; call < 3; call += 1) {
      tokens.start();
      await clock.advance(100);
    }
    expect([4, 3, 2, 1].map((limit) => tokens.waitMs(limit))).toEqual([0, 715, 815, 915]);
  });

  test('assumes that the calls of held tokens start now', () => {
    const { tokens } = setUp();
    tokens.acquire();
    expect([2, 1].map((limit) => tokens.waitMs(limit))).toEqual([0, windowMs]);
  });
});

describe('a response', () => {
  test('frees the token a second and a millisecond later, because the call has arrived by then', async () => {
    const { clock, tokens } = setUp();
    const { responded } = tokens.start();
    await clock.advance(3);
    responded();
    expect(tokens.freesInMs).toEqual([1001]);
  });

  test('that is slow keeps the token for longer while responses are fast as a rule', async () => {
    const { clock, tokens } = setUp();
    const { responded } = tokens.start();
    await clock.advance(700);
    responded();
    expect(tokens.freesInMs).toEqual([1001]);
  });

  test('tells nothing where more in a row than the rate are slow', async () => {
    const { clock, tokens } = setUp(1);
    const [first, second] = [tokens.start(), tokens.start()];
    await clock.advance(700);
    first.responded();
    second.responded();
    expect(tokens.freesInMs).toEqual([windowMs - 700, 1001]);
  });

  /** Responses of so many calls, one after another, until the last one's token says when it becomes free. */
  async function respondAfter(durationsMs: readonly number[], kind?: string, { clock, tokens } = setUp()) {
    let windowOfLastMs = 0;
    for (const durationMs of durationsMs) {
      await clock.advance(2000);
      const { responded } = tokens.start(kind);
      await clock.advance(durationMs);
      responded();
      windowOfLastMs = durationMs + (tokens.freesInMs.at(-1) ?? 0);
    }
    return windowOfLastMs;
  }

  /** More than as many calls as start in a second. */
  const usual = (durationMs: number) => Array<number>(11).fill(durationMs);

  test('that comes when it usually does leaves the token as it is', async () => {
    expect(await respondAfter([...usual(50), 50])).toBe(windowMs);
    expect(await respondAfter([...usual(50), 64])).toBe(windowMs);
  });

  test('that comes later than usual keeps the token longer, because its call may have been delayed', async () => {
    expect(await respondAfter([...usual(50), 92])).toBe(1000 + 42 + 1);
    expect(await respondAfter([...usual(400), 440, 400, 650])).toBe(1000 + 250 + 1);
  });

  test('tells nothing where the times of responses vary', async () => {
    const varying = [100, 180, 240, 120, 310, 150, 200, 100, 260, 140, 220, 170];
    expect(await respondAfter([...varying, 300])).toBe(windowMs);
  });

  test('is compared with the latest forty, so that a Vonage that has become slower is soon usual', async () => {
    expect(await respondAfter([...usual(50), ...Array<number>(40).fill(120), 130])).toBe(windowMs);
  });

  test('is compared with responses to calls of the same kind', async () => {
    const both = setUp();
    await respondAfter(usual(50), 'ids', both);
    await respondAfter(usual(400), 'page', both);
    expect(await respondAfter([400], 'page', both)).toBe(windowMs);
    expect(await respondAfter([150], 'ids', both)).toBe(1000 + 100 + 1);
  });

  test('changes nothing after its token is free', async () => {
    const { clock, tokens } = setUp();
    const { responded } = tokens.start();
    await clock.advance(windowMs);
    expect(tokens.freesInMs).toEqual([]);
    responded();
    expect(tokens.freesInMs).toEqual([]);
  });
});

const rates = fc.integer({ min: 1, max: 12 });

test('no more calls than the rate start in any sliding second, however late they start', async () => {
  const delays = fc.array(fc.oneof(fc.nat(60), fc.nat(5000)), { minLength: 1, maxLength: 80 });
  const holds = fc.asyncProperty(rates, delays, async (rate, delaysMs) => {
    const { clock, tokens } = setUp(rate);
    const startedAtMs: number[] = [];
    for (const delayMs of delaysMs) {
      while (tokens.waitMs(rate) > 0) await clock.advance(tokens.waitMs(rate));
      tokens.acquire();
      clock.setTimer(delayMs, () => {
        tokens.start();
        startedAtMs.push(clock.now());
      });
    }
    await clock.advance(5000);
    expect(startedAtMs).toHaveLength(delaysMs.length);
    assertWithinRate(startedAtMs, rate, windowMs);
  });
  await fc.assert(holds, { numRuns: 50 });
});

test('no more calls than the rate arrive in any sliding second, however long a response takes', async () => {
  const trips = fc.array(
    fc.record({ arrivalMs: fc.nat(marginMs), responseMs: fc.oneof(fc.nat(20), fc.nat(400)) }),
  );
  const holds = fc.asyncProperty(rates, trips, async (rate, made) => {
    const { clock, tokens } = setUp(rate);
    const arrivedAtMs: number[] = [];
    for (const { arrivalMs, responseMs } of made) {
      while (tokens.waitMs(rate) > 0) await clock.advance(tokens.waitMs(rate));
      const { responded } = tokens.start();
      clock.setTimer(arrivalMs, () => arrivedAtMs.push(clock.now()));
      clock.setTimer(arrivalMs + responseMs, responded);
    }
    await clock.advance(marginMs);
    expect(arrivedAtMs).toHaveLength(made.length);
    assertWithinRate(arrivedAtMs, rate);
  });
  await fc.assert(holds, { numRuns: 100 });
});
