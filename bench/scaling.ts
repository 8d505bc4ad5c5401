/**
 * Growth: what one look-up costs the engine when 1 to 10,000 ids wait, all in one lane or each in a lane of its own,
 * for one caller or each for its own. Nothing is sent: only queueing, drawing and settling are measured. The cost of an
 * id must not grow with the crowd. `npm run bench -- growth`
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
/** Ids looked up for each figure, however many wait at once. */
const idsEach = 30_000;

/** Who waits for what. */
interface Crowd {
  readonly name: string;
  lanes(size: number): number;
  callers(size: number): number;
}

const crowds: readonly Crowd[] = [
  { name: 'one lane, one caller', lanes: () => 1, callers: () => 1 },
  { name: 'one lane, a caller for each id', lanes: () => 1, callers: (size) => size },
  { name: 'a lane for each id', lanes: (size) => size, callers: () => 1 },
];

export async function benchGrowth(): Promise<void> {
  for (const crowd of crowds) await lookupAll(crowd, 100);
  const rows: string[][] = [];
  for (const crowd of crowds) {
    const costs: Cost[] = [];
    for (const size of sizes) costs.push(await cheapest(crowd, size));
    rows.push([`${crowd.name}, CPU`, ...costs.map(({ microseconds }) => `${fixed(microseconds, 2)} us`)]);
    // What a few ids hold is less than what a heap can tell.
    rows.push([
      `${crowd.name}, memory`,
      ...costs.map(({ bytes }, index) => (index < 3 ? '' : `${fixed(bytes, 0)} B`)),
    ]);
    const [, ten, , , tenThousand] = costs;
    const ratio = (tenThousand?.microseconds ?? Number.NaN) / (ten?.microseconds ?? Number.NaN);
    rows.push([`${crowd.name}, 10,000 over 10`, '', '', '', '', `${fixed(ratio, 2)}`]);
  }
  printTable(['cost of an id while so many wait', ...sizes.map((size) => size.toLocaleString('en'))], rows);
  print('CPU is of queueing, drawing and settling one id; memory is what one waiting id holds.');
}

interface Cost {
  readonly microseconds: number;
  readonly bytes: number;
}

/** The best of three, since whatever else the machine does only ever adds. */
async function cheapest(crowd: Crowd, size: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let turn = 0; turn < 3; turn += 1) costs.push(await lookupAll(crowd, size));
  return {
    microseconds: Math.min(...costs.map(({ microseconds }) => microseconds)),
    bytes: Math.min(...costs.map(({ bytes }) => bytes)),
  };
}

/** Looks ids up in crowds of one size until enough were looked up; memory is taken in the first crowd. */
async function lookupAll(crowd: Crowd, size: number): Promise<Cost> {
  const clock = new ManualClock();
  const rateLimiter = new GateBudget();
  const coalescer = new Coalescer<LaneKey, string>({
    rateLimiter,
    clock,
    send: async (batch) => {
      for (const { key } of batch.entries) batch.settle(key, { value: key });
    },
  });
  const lanes = Array.from({ length: crowd.lanes(size) }, (_, index) => ({
    name: `lane ${index}`,
    servedBy: [],
    serves: [],
  }));
  const rounds = Math.ceil(idsEach / size);
  let cpuUs = 0;
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const callers = Array.from({ length: crowd.callers(size) }, newCaller);
    const lookups = Array.from({ length: size }, (_, index) => {
      const id = `id-${index}`;
      const lane = lanes[index % lanes.length] as LaneKey;
      return { lookup: { lane, id, key: id }, caller: callers[index % callers.length] as Caller };
    });
    const heapBefore = round === 0 ? usedHeap() : 0;
    const before = process.cpuUsage();
    const answers = lookups.map(({ lookup, caller }) => coalescer.load(lookup, caller));
    if (round === 0) bytes = (usedHeap() - heapBefore) / size;
    const beforeDrain = round === 0 ? process.cpuUsage() : before;
    rateLimiter.open();
    await clock.tick();
    await Promise.all(answers);
    rateLimiter.shut();
    // The first round holds the collections that its memory was measured with.
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

/** Lets everything wait until it is opened, and then lets everything go. */
class GateBudget implements RateLimiter {
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
