import type { Clock } from '../../clock.js';
import type { GatewayError } from '../../errors.js';
import type { RecordLane } from './lanes.js';
import type { Lookup, SearchOrder } from './lookup.js';

/** Why a search does not ask a lane. */
export interface Exclusion {
  /** For the trace of an operation. */
  readonly reason: 'product refused by Vonage' | 'missed lately and unlikely for this id';
  /** What Vonage refused the product with. */
  readonly refusal?: GatewayError;
}

export interface SearchExclusionsOptions {
  readonly order: SearchOrder;
  readonly misses: MissedLanes;
  /** What Vonage refused the product of a lane with; undefined where it does not refuse it. */
  refusalOf(lane: RecordLane): GatewayError | undefined;
}

/**
 * Decides which lanes a search over several products does without. A lookup that names its product asks in any case: it
 * costs one call, and tells the caller what Vonage says now.
 */
export class SearchExclusions {
  readonly #options: SearchExclusionsOptions;

  constructor(options: SearchExclusionsOptions) {
    this.#options = options;
  }

  /** Why the search does not ask a lane; undefined where it does. */
  of(lane: RecordLane, { id, key, lanes }: Lookup): Exclusion | undefined {
    if (!isSearch(lanes)) return undefined;
    const { order, misses, refusalOf } = this.#options;
    const refusal = refusalOf(lane);
    if (refusal) return { reason: 'product refused by Vonage', refusal };
    const isUnlikely = misses.has(lane, key) && order.isUnlikely(id, lane, lanes);
    return isUnlikely ? { reason: 'missed lately and unlikely for this id' } : undefined;
  }
}

function isSearch(lanes: readonly RecordLane[]): boolean {
  return lanes.some(({ product }) => product !== lanes[0]?.product);
}

/** Milliseconds for which a miss is remembered. */
const memoryMs = 10 * 60 * 1000;

/** Ids whose misses are remembered. Twenty lanes each take about a kilobyte, so all of them take ten megabytes. */
const maxIds = 10_000;

interface Misses {
  readonly untilMs: number;
  /** Product and direction of each lane that missed. */
  readonly places: Set<string>;
}

/** Remembers which lanes did not know an id, whatever detail they were asked for. */
export class MissedLanes {
  readonly #clock: Clock;
  /** By account and id, the oldest first, so that expired misses stand at the beginning. */
  readonly #misses = new Map<string, Misses>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ids with misses, expired ones included. */
  get size(): number {
    return this.#misses.size;
  }

  /** Records that Vonage does not know an id in a lane. */
  record(lane: RecordLane, key: string): void {
    this.#forgetOld();
    const name = nameOf(lane, key);
    const known = this.#misses.get(name);
    if (known) known.places.add(placeOf(lane));
    else this.#misses.set(name, { untilMs: this.#clock.now() + memoryMs, places: new Set([placeOf(lane)]) });
  }

  /** Records that Vonage knows an id in a lane. */
  forget(lane: RecordLane, key: string): void {
    this.#misses.get(nameOf(lane, key))?.places.delete(placeOf(lane));
  }

  /** Whether Vonage did not know an id in a lane within the last ten minutes. */
  has(lane: RecordLane, key: string): boolean {
    const known = this.#misses.get(nameOf(lane, key));
    return known !== undefined && known.untilMs > this.#clock.now() && known.places.has(placeOf(lane));
  }

  #forgetOld(): void {
    const nowMs = this.#clock.now();
    for (const [name, { untilMs }] of this.#misses) {
      if (untilMs > nowMs && this.#misses.size <= maxIds) return;
      this.#misses.delete(name);
    }
  }
}

function nameOf({ accountId }: RecordLane, key: string): string {
  return `${accountId}/${key}`;
}

function placeOf({ product, direction }: RecordLane): string {
  return `${product}/${direction ?? ''}`;
}
