import fc from 'fast-check';
import { MemoryQuotaStore } from '../../../src/traffic/quota/memory-quota-store.js';
import type { Reservation } from '../../../src/traffic/quota/quota-store.js';
import { ManualClock } from '../../support/manual-clock.js';
import { dayMs, errorOf } from './quota-store-contract.js';

interface Held {
  readonly reservation: Reservation;
  readonly records: number;
  readonly day: number;
}

/** The expected usage, computed by sums. */
class ExpectedUsage {
  readonly #usedOrReserved = new Map<number, number>();

  on(day: number): number {
    return this.#usedOrReserved.get(day) ?? 0;
  }

  add(day: number, records: number): void {
    this.#usedOrReserved.set(day, this.on(day) + records);
  }
}

type Step =
  | { readonly act: 'reserve'; readonly records: number }
  | { readonly act: 'settle'; readonly which: number; readonly billed: number }
  | { readonly act: 'wait'; readonly ms: number };

const reserve = fc.record({ act: fc.constant('reserve' as const), records: fc.integer({ min: 0, max: 5 }) });
const settle = fc.record({ act: fc.constant('settle' as const), which: fc.nat(), billed: fc.nat(8) });
const waiting = fc.oneof(fc.nat(1000), fc.nat(dayMs), fc.nat(3 * dayMs));
const wait = fc.record({ act: fc.constant('wait' as const), ms: waiting });
const steps = fc.array<Step>(
  fc.oneof(
    { weight: 6, arbitrary: reserve },
    { weight: 5, arbitrary: settle },
    { weight: 1, arbitrary: wait },
  ),
  { maxLength: 80 },
);

/** Runs reservations and settlements, and compares every result with the sums. */
class Simulation {
  readonly clock = new ManualClock();
  readonly quotaStore = new MemoryQuotaStore({ clock: this.clock });
  readonly expected = new ExpectedUsage();
  readonly held: Held[] = [];

  constructor(readonly recordsPerDay: number) {}

  get day(): number {
    return Math.floor(this.clock.now() / dayMs);
  }

  async run(step: Step): Promise<void> {
    if (step.act === 'wait') await this.clock.advance(step.ms);
    else if (step.act === 'reserve') this.#reserve(step.records);
    else this.#settle(step.which, step.billed);
  }

  #reserve(records: number): void {
    const fits = this.expected.on(this.day) + records <= this.recordsPerDay;
    const request = () => this.quotaStore.reserve('ann', records, this.recordsPerDay);
    if (!fits) return void expect(request).toThrow('The daily quota');
    this.held.push({ reservation: request(), records, day: this.day });
    this.expected.add(this.day, records);
  }

  #settle(which: number, billed: number): void {
    const [held] = this.held.splice(which % Math.max(1, this.held.length), 1);
    if (!held) return;
    held.reservation.settle(billed);
    held.reservation.settle(billed + 1);
    this.expected.add(held.day, billed - held.records);
  }
}

describe('records', () => {
  test('are granted exactly while they fit into their own day, for any order of settlements', async () => {
    const property = fc.asyncProperty(fc.nat(20), steps, async (recordsPerDay, events) => {
      const simulation = new Simulation(recordsPerDay);
      for (const step of events) await simulation.run(step);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('are all available again when no reserved record was billed', async () => {
    const property = fc.asyncProperty(fc.nat(20), steps, async (recordsPerDay, events) => {
      const simulation = new Simulation(recordsPerDay);
      for (const step of events) {
        await simulation.run(step.act === 'settle' ? { ...step, billed: 0 } : step);
      }
      for (const { reservation } of simulation.held) reservation.settle(0);
      simulation.quotaStore.reserve('ann', recordsPerDay, recordsPerDay);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

describe('ids', () => {
  interface Taken {
    readonly atMs: number;
    readonly ids: number;
  }

  /** The largest excess over the burst and the refilled ids in any period between two requests; above 0 for a violation. */
  function excess(taken: readonly Taken[], capacity: number, idsPerSecond: number): number {
    let worst = -Infinity;
    for (const [index, { atMs }] of taken.entries()) {
      let sum = 0;
      for (const each of taken.slice(index)) {
        sum += each.ids;
        worst = Math.max(worst, sum - capacity - ((each.atMs - atMs) / 1000) * idsPerSecond);
      }
    }
    return worst;
  }

  const rates = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.01, max: 50, noNaN: true }));
  const act = fc.record({
    ids: fc.nat(120),
    isCharge: fc.boolean(),
    thenMs: fc.oneof(fc.nat(50), fc.double({ min: 0, max: 5000, noNaN: true })),
  });
  const acts = fc.array(act, { maxLength: 40 });

  test('of any period are never more than the burst and the ids that refill in it', async () => {
    const property = fc.asyncProperty(rates, acts, async (idsPerSecond, events) => {
      const clock = new ManualClock();
      const quotaStore = new MemoryQuotaStore({ clock, burst: 100 });
      const taken: Taken[] = [];
      for (const { ids, isCharge, thenMs } of events) {
        if (isCharge) quotaStore.charge('ann', ids, idsPerSecond);
        else if (!(await errorOf(() => quotaStore.take('ann', ids, idsPerSecond)))) {
          taken.push({ atMs: clock.now(), ids });
        }
        await clock.advance(thenMs);
      }
      expect(excess(taken, Math.max(100, idsPerSecond), idsPerSecond)).toBeLessThan(1e-5);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('are available after `retryAfterMs`, not two milliseconds before', async () => {
    const wanted = fc.integer({ min: 1, max: 100 });
    const property = fc.asyncProperty(rates, acts, wanted, async (idsPerSecond, events, ids) => {
      const clock = new ManualClock();
      const quotaStore = new MemoryQuotaStore({ clock, burst: 100 });
      for (const { ids: charged, thenMs } of events) {
        quotaStore.charge('ann', charged, idsPerSecond);
        await clock.advance(thenMs);
      }
      const error = await errorOf(() => quotaStore.take('ann', ids, idsPerSecond));
      fc.pre(error?.retryAfterMs !== undefined && error.retryAfterMs > 2);
      await clock.advance((error?.retryAfterMs ?? 0) - 2);
      expect(await errorOf(() => quotaStore.take('ann', ids, idsPerSecond))).toBeDefined();
      await clock.advance(2);
      quotaStore.take('ann', ids, idsPerSecond);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
