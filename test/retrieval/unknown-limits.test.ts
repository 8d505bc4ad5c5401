import { RateWindow } from '../../src/simulator/rate-window.js';
import { SlidingWindowRateLimiter } from '../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';
import { engineWith, operationOf, smsAnswer } from '../support/engine.js';
import { ManualClock } from '../support/manual-clock.js';

const ratePerSecond = 10;
const clients = 200;
const learningMs = 5000;
const measuredMs = 60_000;
const responseMs = 50;

interface Limits {
  /** Milliseconds that calls have to arrive apart. */
  readonly minGapMs?: number;
  /** Whether another program makes a call at a moment, a multiple of 10 ms. */
  otherCallsAt?(atMs: number): boolean;
  /** Milliseconds by which calls arrive late at most. */
  readonly jitterMs?: number;
}

/** Lookups of 200 clients, one at a time each and without pause, against a Vonage with limits that the gateway does not know. */
async function lookUpUnder({ minGapMs = 0, otherCallsAt = () => false, jitterMs = 0 }: Limits) {
  const clock = new ManualClock(0);
  const vonage = new RateWindow({ ratePerSecond, minGapMs });
  const otherProgram = () => {
    if (otherCallsAt(clock.now())) vonage.admits(clock.now());
    clock.setTimer(10, otherProgram);
  };
  const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve));
  const { find } = await engineWith(
    async (query, call) => {
      await wait((call * 7) % (jitterMs + 1));
      const isAdmitted = vonage.admits(clock.now());
      await wait(responseMs);
      // The simulator and Vonage name whole seconds.
      if (!isAdmitted) throw upstreamProblem(429, undefined, { retryAfterMs: 1000 });
      return smsAnswer(query);
    },
    { clock, rateLimiter: new SlidingWindowRateLimiter({ ratePerSecond, clock }) },
  );
  const counts = { found: 0, failed: 0 };
  let next = 0;
  const client = async () => {
    while (clock.now() < learningMs + measuredMs) {
      next += 1;
      const outcome = await find(`id-${next}`, {}, operationOf(clock)).then(
        () => 'found' as const,
        () => wait(100).then(() => 'failed' as const),
      );
      if (clock.now() > learningMs) counts[outcome] += 1;
    }
  };
  otherProgram();
  for (let index = 0; index < clients; index += 1) void client();
  await clock.advance(learningMs + measuredMs);
  return { foundPerSecond: counts.found / (measuredMs / 1000), failed: counts.failed };
}

test.each([0, 8, 15])(
  'a Vonage that allows ten calls a second without a burst gives at least 150 lookups a second, when calls arrive up to %i ms late',
  async (jitterMs) => {
    const { foundPerSecond, failed } = await lookUpUnder({ minGapMs: 100, jitterMs });
    expect(failed).toBe(0);
    expect(foundPerSecond).toBeGreaterThanOrEqual(150);
  },
);

test.each<[string, (atMs: number) => boolean]>([
  ['in step with the second', (atMs) => atMs % 200 === 0],
  ['between two of our calls', (atMs) => atMs % 200 === 150],
  ['at once, each second', (atMs) => atMs % 1000 < 50],
])(
  'while another program makes five of the ten calls a second, %s, lookups use at least 90 percent of the other five',
  async (_how, otherCallsAt) => {
    const { foundPerSecond, failed } = await lookUpUnder({ otherCallsAt, jitterMs: 5 });
    expect(failed).toBe(0);
    expect(foundPerSecond).toBeGreaterThanOrEqual(0.9 * 5 * 20);
  },
);
