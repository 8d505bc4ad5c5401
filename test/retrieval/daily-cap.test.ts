import fc from 'fast-check';
import { GatewayError } from '../../src/errors.js';
import { DailyCap, type DailyUsageLevel } from '../../src/retrieval/calls/daily-cap.js';
import { MemoryQuotaStore } from '../../src/traffic/quota/memory-quota-store.js';
import { engineWith, operationOf, range, type Script, smsAnswer } from '../support/engine.js';
import { ManualClock, settled } from '../support/manual-clock.js';

const dayMs = 86_400_000;

async function rejection(promise: unknown): Promise<GatewayError> {
  return Promise.resolve(promise).then(
    (value) => Promise.reject(new Error(`Expected a rejection, got: ${String(value)}`)),
    (error) => error,
  );
}

function capOf(recordsPerDay: number, clock = new ManualClock()) {
  const levels: DailyUsageLevel[] = [];
  const dailyCap = new DailyCap({
    quotaStore: new MemoryQuotaStore({ clock }),
    name: 'key',
    recordsPerDay,
    clock,
    onUsageLevel: (level) => void levels.push(level),
  });
  return { dailyCap, clock, levels };
}

describe('the cap of the records that a key is billed in a day', () => {
  test('is warned of once at 80 percent and once when it is reached, on each day anew', async () => {
    const { dailyCap, clock, levels } = capOf(10);
    for (let day = 0; day < 2; day += 1) {
      for (let each = 0; each < 10; each += 1) (await dailyCap.reserve(1)).settle(1);
      await rejection(dailyCap.reserve(1));
      await clock.advance(dayMs);
    }
    const [near, reached] = [8, 10].map((recordsUsed) => ({
      isReached: recordsUsed === 10,
      recordsUsed,
      recordsPerDay: 10,
    }));
    expect(levels).toEqual([near, reached, near, reached]);
  });

  test('tells in `retryAfterMs` when the next day begins', async () => {
    const { dailyCap, clock } = capOf(10);
    (await dailyCap.reserve(10)).settle(10);
    const { code, retryAfterMs } = await rejection(dailyCap.reserve(1));
    expect([code, retryAfterMs]).toEqual(['RATE_LIMITED', dayMs - (clock.now() % dayMs)]);
    expect(() => dailyCap.throwIfReached()).toThrow(GatewayError);
    await clock.advance(retryAfterMs ?? 0);
    dailyCap.throwIfReached();
    (await dailyCap.reserve(10)).settle(0);
  });

  test('makes a call wait for what other calls have only reserved', async () => {
    const { dailyCap } = capOf(1000);
    const page = await dailyCap.reserve(1000);
    const lookup = dailyCap.reserve(20, 1);
    const secondPage = dailyCap.reserve(1000);
    page.settle(3);
    const { records, settle } = await lookup;
    settle(0);
    expect(records).toBe(20);
    const { message, code } = await rejection(secondPage);
    expect([code, message]).toEqual(['RATE_LIMITED', expect.stringContaining('leaves too few')]);
  });

  test('refuses at once what a whole day does not allow', async () => {
    const { dailyCap } = capOf(500);
    const { code, message, retryAfterMs } = await rejection(dailyCap.reserve(1000));
    expect([code, retryAfterMs]).toEqual(['RATE_LIMITED', undefined]);
    expect(message).toContain('1000 records');
  });

  test('is never exceeded, and every reservation has an outcome, in any order of calls', async () => {
    const call = fc.record({
      most: fc.integer({ min: 1, max: 40 }),
      billed: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.array(call, { maxLength: 30 }),
        async (perDay, calls) => {
          const { dailyCap } = capOf(perDay);
          let billed = 0;
          const made = calls.map(async ({ most, billed: part }) => {
            const reservation = await dailyCap.reserve(most, 1);
            await settled();
            const records = Math.round(part * reservation.records);
            billed += records;
            reservation.settle(records);
          });
          await Promise.allSettled(made);
          expect(billed).toBeLessThanOrEqual(perDay);
          expect(dailyCap.recordsLeft).toBe(perDay - billed);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('lookups near the cap', () => {
  async function engineNearCap(recordsPerDay: number, script: Script = (query) => smsAnswer(query)) {
    const clock = new ManualClock();
    const { dailyCap } = capOf(recordsPerDay, clock);
    return { dailyCap, ...(await engineWith(script, { clock, dailyCap, ratePerSecond: 1000 })) };
  }

  test('fill a call with as many ids as records are left, and no id is lost', async () => {
    const { find, calls, clock } = await engineNearCap(25);
    const outcomes = Promise.allSettled(range(40).map((id) => find(id)));
    await clock.advance(1000);
    expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
    expect(calls.map(({ ids }) => ids.length)).toEqual([20, 5]);
  });

  test('are sent again when ids that were not found have returned their records', async () => {
    const nothing: Script = (query) => smsAnswer(query, {}, query.id.split(','));
    const { find, calls, clock } = await engineNearCap(5, nothing);
    const found = Promise.all(range(20).map((id) => find(id)));
    await clock.advance(1000);
    expect(await found).toEqual(range(20).map(() => []));
    expect(calls.map(({ ids }) => ids.length)).toEqual([5, 5, 5, 5]);
  });

  test('count a response that was lost as billed', async () => {
    const { find, dailyCap, clock } = await engineNearCap(10, () => {
      throw new GatewayError('UPSTREAM_TIMEOUT', 'lost');
    });
    const failed = rejection(find('id'));
    await clock.advance(1000);
    expect([(await failed).code, dailyCap.recordsLeft]).toEqual(['UPSTREAM_TIMEOUT', 9]);
  });

  test('are not sent when their client has gone while they waited for room', async () => {
    const { find, calls, clock, dailyCap } = await engineNearCap(10);
    const page = await dailyCap.reserve(10);
    const operation = operationOf(clock);
    const lookup = rejection(find('id', {}, operation));
    await clock.advance(1000);
    operation.leave(new GatewayError('CANCELLED', 'left'));
    page.settle(0);
    await clock.advance(1000);
    expect([(await lookup).code, calls, dailyCap.recordsLeft]).toEqual(['CANCELLED', [], 10]);
  });
});
