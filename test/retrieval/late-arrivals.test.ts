import { Direction, Product } from '../../src/catalogue/product.js';
import { recordLane } from '../../src/retrieval/lookup/lanes.js';
import { RateWindow } from '../../src/simulator/rate-window.js';
import { SlidingWindowRateLimiter } from '../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import type { CallLifecycleListener } from '../../src/vonage/call-lifecycle.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';
import { engineWith, operationOf, smsAnswer } from '../support/engine.js';
import { ManualClock } from '../support/manual-clock.js';

const ratePerSecond = 10;
const place = { accountId: 'abcd1234', product: Product.SMS, direction: Direction.OUTBOUND };
const lane = recordLane(place, { messageBody: false, concatenated: false });
const dayMs = 86_400_000;

interface Vonage {
  /** Milliseconds that the responses to lookups and to pages take. */
  readonly idsMs: number;
  readonly pageMs: number;
  /** Milliseconds by which a call arrives late. */
  lateMs(call: number): number;
  /** Whether the ids of a call are refused, at once. */
  isRefused?(call: number): boolean;
}

/** Lookups and lists of several clients, one at a time each and without pause, for half a minute. */
async function readFrom({ idsMs, pageMs, lateMs, isRefused = () => false }: Vonage) {
  const clock = new ManualClock(Date.UTC(2026, 0, 9));
  const untilMs = clock.now() + 30_000;
  const vonage = new RateWindow({ ratePerSecond, minGapMs: 0 });
  const counts = { ids: 0, pages: 0, rateLimited: 0 };
  const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve));
  const call = async (responseMs: number, listener: CallLifecycleListener) => {
    const number = counts.ids + counts.pages + counts.rateLimited;
    listener.onRequestStart();
    await wait(lateMs(number));
    const isAdmitted = vonage.admits(clock.now());
    const status = isAdmitted ? (isRefused(number) ? 422 : 200) : 429;
    if (status === 200) await wait(responseMs);
    listener.onResponseStart(status);
    if (status === 429) counts.rateLimited += 1;
    if (status !== 200) throw upstreamProblem(status, undefined, { retryAfterMs: 1000 });
  };
  const { engine, find } = await engineWith((query) => smsAnswer(query), {
    clock,
    rateLimiter: new SlidingWindowRateLimiter({ ratePerSecond, clock }),
    source: {
      async recordsByIds(query, _credentials, listener) {
        counts.ids += 1;
        await call(idsMs, listener);
        return smsAnswer(query);
      },
    },
    pageSource: {
      async recordsByDate(_query, _credentials, listener) {
        counts.pages += 1;
        await call(pageMs, listener);
        return { rows: [], next: null, recordsBilled: 0 };
      },
    },
  });
  let next = 0;
  const lookUp = () => find(`id-${next}`, {}, operationOf(clock));
  const list = () => {
    const sinceMs = Date.UTC(2026, 0, 1) + next * 1000;
    const request = { lane, sinceMs, untilMs: sinceMs + dayMs, filters: [], start: null };
    return engine.pages.find(request, operationOf(clock));
  };
  const client = async (read: () => PromiseLike<unknown> | unknown) => {
    while (clock.now() < untilMs) {
      next += 1;
      await Promise.resolve(read()).catch(() => undefined);
    }
  };
  for (let index = 0; index < 40; index += 1) void client(lookUp);
  for (let index = 0; index < 8; index += 1) void client(list);
  await clock.advance(30_000);
  return counts;
}

/** Two calls in a row of every fourteen, by up to 200 ms, as where a machine stands still for a moment. */
const twoOfFourteen = (call: number) => (call > 10 && call % 14 < 2 ? 60 + (call % 9) * 17 : 0);

test.each([
  [50, 50],
  [50, 400],
  [300, 120],
])(
  'no call is refused where some arrive late, while lookups take %i ms and pages %i ms',
  async (idsMs, pageMs) => {
    const { ids, pages, rateLimited } = await readFrom({ idsMs, pageMs, lateMs: twoOfFourteen });
    expect(rateLimited).toBe(0);
    expect(Math.min(ids, pages)).toBeGreaterThan(80);
    expect(ids + pages).toBeGreaterThanOrEqual(280);
  },
);

test('a quick refusal does not make the usual responses look late', async () => {
  const isRefused = (call: number) => call % 42 === 41;
  const counts = await readFrom({ idsMs: 50, pageMs: 50, lateMs: twoOfFourteen, isRefused });
  expect(counts.rateLimited).toBe(0);
});
