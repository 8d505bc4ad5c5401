import { type IdShape, idShape } from '../../catalogue/ids.js';
import { rulesOf } from '../../catalogue/products.js';
import type { RecordLane } from './lanes.js';

/** Hits of one shape after which all its counts are halved, so that what was found lately weighs most. */
const maxHits = 1000;

/** Orders the lanes of a search by the id's shape and by where ids like it were found lately. */
export class SearchOrder {
  readonly #hits = new Map<IdShape, Map<string, number>>();

  /** The lanes, the likeliest first; lanes that nothing is known about keep their order. */
  sort(id: string, lanes: readonly RecordLane[]): readonly RecordLane[] {
    if (lanes.length < 2) return lanes;
    const shape = idShape(id);
    const hits = this.#hits.get(shape);
    const rank = ({ product }: RecordLane) => rulesOf(product).searchRanks[shape] ?? Number.MAX_SAFE_INTEGER;
    const learned = (lane: RecordLane) => hits?.get(placeOf(lane)) ?? 0;
    return [...lanes].sort((one, other) => learned(other) - learned(one) || rank(one) - rank(other));
  }

  /**
   * Whether the id fits other lanes of a search, but not this one. Where nothing is known of ids of its shape, no lane is
   * unlikely.
   */
  isUnlikely(id: string, lane: RecordLane, lanes: readonly RecordLane[]): boolean {
    const shape = idShape(id);
    if (shape === 'other' || this.#isLikely(shape, lane)) return false;
    return lanes.some((each) => this.#isLikely(shape, each));
  }

  /** Learns that an id was found in a lane. */
  learn(id: string, lane: RecordLane): void {
    const shape = idShape(id);
    const hits = this.#hits.get(shape) ?? new Map<string, number>();
    this.#hits.set(shape, hits);
    const place = placeOf(lane);
    hits.set(place, (hits.get(place) ?? 0) + 1);
    if ((hits.get(place) ?? 0) >= maxHits)
      for (const [each, count] of hits) hits.set(each, Math.floor(count / 2));
  }

  #isLikely(shape: IdShape, lane: RecordLane): boolean {
    const hits = this.#hits.get(shape)?.get(placeOf(lane)) ?? 0;
    return hits > 0 || rulesOf(lane.product).searchRanks[shape] !== undefined;
  }

  /** Hits by shape and place, the most frequent first. */
  get learned(): readonly { readonly shape: string; readonly place: string; readonly hits: number }[] {
    const all = [...this.#hits].flatMap(([shape, places]) =>
      [...places].map(([place, hits]) => ({ shape, place, hits })),
    );
    return all.sort((one, other) => other.hits - one.hits);
  }
}

/** At most one place a product and direction, however many accounts there are. */
function placeOf({ product, direction }: RecordLane): string {
  return `${product}/${direction ?? ''}`;
}
