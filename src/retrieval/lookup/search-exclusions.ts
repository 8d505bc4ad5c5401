import type { GatewayError } from '../../errors.js';
import type { RecordLane } from './lanes.js';
import type { Lookup } from './lookup.js';
import type { MissedLanes } from './missed-lanes.js';
import type { SearchOrder } from './search-order.js';

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
