/**
 * Cost of one lookup in the coalescer while 1 to 10,000 ids wait. The ids share one lane or have a lane each; they share
 * one caller or have a caller each. No call is sent: the benchmark measures queueing, batching and settling. The cost of
 * an id must not grow with the number of waiting ids. `npm run bench -- scaling`
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Coalescer } from '../src/traffic/batching/coalescer.js';
import type { LaneKey } from '../src/traffic/batching/lane.js';
import type { Caller } from '../src/traffic/batching/pending-lookup.js';
import type { RateLimiter } from '../src/traffic/rate-limit/rate-limiter.js';
import { ManualClock } from '../test/support/manual-clock.js';
import { fixed, print, printTable } from './support/print.js';

const sizes = [1, 10, 100, 1000, 10_000] as const;
/** Number of ids looked up for each figure, whatever the number of waiting ids. */
const idsEach = 30_000;

/** Distribution of the waiting ids over lanes and callers. */
interface Distribution {
  readonly name: string;
  lanes(size: number): number;
  callers(size: number): number;
}

const distributions: readonly Distribution[] = [
  { name: 'one lane, one caller', lanes: () => 1, callers: () => 1 },
  { name: 'one lane, a caller for each id', lanes: () => 1, callers: (size) => size },
  { name: 'a lane for each id', lanes: (size) => size, callers: () => 1 },
];

export async function benchScaling(): Promise<void> {
  for (const distribution of distributions) await lookupAll(distribution, 100);
  const rows: string[][] = [];
  for (const distribution of distributions) {
    const costs: Cost[] = [];
    for (const size of sizes) costs.push(await cheapest(distribution, size));
    rows.push([
      `${distribution.name}, CPU`,
      ...costs.map(({ microseconds }) => `${fixed(microseconds, 2)} us`),
    ]);
    // The heap statistics are too coarse for the memory of a few ids.
    rows.push([
      `${distribution.name}, memory`,
      ...costs.map(({ bytes }, index) => (index < 3 ? '' : `${fixed(bytes, 0)} B`)),
    ]);
    const [, ten, , , tenThousand] = costs;
    const ratio = (tenThousand?.microseconds ?? Number.NaN) / (ten?.microseconds ?? Number.NaN);
    rows.push([`${distribution.name}, 10,000 over 10`, '', '', '', '', `${fixed(ratio, 2)}`]);
  }
  printTable(['cost of an id while this many wait', ...sizes.map((size) => size.toLocaleString('en'))], rows);
  print('CPU covers queueing, batching and settling one id; memory is what one waiting id holds.');
}

interface Cost {
  readonly microseconds: number;
  readonly bytes: number;
}

/** The best of three runs, because other work on the machine can only add to the cost. */
async function cheapest(distribution: Distribution, size: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < 3; run += 1) costs.push(await lookupAll(distribution, size));
  return {
    microseconds: Math.min(...costs.map(({ microseconds }) => microseconds)),
    bytes: Math.min(...costs.map(({ bytes }) => bytes)),
  };
}

/** Looks up ids in rounds of one size until the sample is large enough. The first round measures the memory. */
async function lookupAll(distribution: Distribution, size: number): Promise<Cost> {
  const clock = new ManualClock();
  const rateLimiter = new GatedRateLimiter();
  const coalescer = new Coalescer<LaneKey, string>({
    rateLimiter,
    clock,
    send: async (batch) => {
      for (const { key } of batch.entries) batch.settle(key, { value: key });
    },
  });
  const lanes = Array.from({ length: distribution.lanes(size) }, (_, index) => ({
    name: `lane ${index}`,
    servedBy: [],
    serves: [],
  }));
  const rounds = Math.ceil(idsEach / size);
  let cpuUs = 0;
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const callers = Array.from({ length: distribution.callers(size) }, newCaller);
    const lookups = Array.from({ length: size }, (_, index) => {
      const id = `id-${index}`;
      const lane = lanes[index % lanes.length] as LaneKey;
      return { lookup: { lane, id, key: id }, caller: callers[index % callers.length] as Caller };
    });
    const heapBefore = round === 0 ? usedHeap() : 0;
    const before = process.cpuUsage();
    const results = lookups.map(({ lookup, caller }) => coalescer.load(lookup, caller));
    if (round === 0) bytes = (usedHeap() - heapBefore) / size;
    const beforeDrain = round === 0 ? process.cpuUsage() : before;
    rateLimiter.open();
    await clock.tick();
    await Promise.all(results);
    rateLimiter.shut();
    // The first round includes the garbage collections of its memory measurement.
    if (round > 0 || rounds === 1) cpuUs += cpuSince(beforeDrain);
  }
  return { microseconds: cpuUs / (Math.max(1, rounds - 1) * size), bytes };
}

function newCaller(): Caller {
  return { signal: new AbortController().signal, deadlineAtMs: Number.POSITIVE_INFINITY };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function usedHeap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Holds every acquisition until the gate opens, then grants them all. */
class GatedRateLimiter implements RateLimiter {
  readonly ratePerSecond = 10;
  readonly #waiting: (() => void)[] = [];
  #isOpen = false;

  async acquire(): Promise<void> {
    if (this.#isOpen) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  started(): undefined {}

  release(): void {}

  pause(): void {}

  estimateMs(tokens: number): number {
    return tokens * 100;
  }

  open(): void {
    this.#isOpen = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  shut(): void {
    this.#isOpen = false;
  }
}
