import { Product } from '../../catalogue/product.js';
import type { RecordLane } from './lanes.js';

/** What an id looks like: ids of one product look alike. */
type Shape = 'conversation' | 'short hex' | 'call' | 'uuid' | 'other';

/** Hits of one shape after which all its counts are halved, so that what was found lately weighs most. */
const maxHits = 1000;

/** Where Vonage's samples and SDKs show ids of each shape, until this process has learned better. */
const usualProducts: Readonly<Record<Shape, readonly Product[]>> = {
  conversation: [Product.CONVERSATION_EVENT, Product.CONVERSATION_MESSAGE, Product.IN_APP_VOICE],
  'short hex': [Product.SMS],
  call: [Product.VOICE_CALL, Product.VOICE_FAILED],
  uuid: [Product.MESSAGES, Product.VERIFY_V2, Product.VOICE_CALL, Product.VERIFY_API, Product.SMS],
  other: [],
};

/** Orders the lanes of a search by the id's shape and by where ids like it were found lately. */
export class SearchOrder {
  readonly #hits = new Map<Shape, Map<string, number>>();

  /** The lanes, the likeliest first; lanes that nothing is known about keep their order. */
  sort(id: string, lanes: readonly RecordLane[]): readonly RecordLane[] {
    if (lanes.length < 2) return lanes;
    const shape = shapeOf(id);
    const hits = this.#hits.get(shape);
    const usual = usualProducts[shape];
    const rank = ({ product }: RecordLane) =>
      usual.includes(product) ? usual.indexOf(product) : usual.length;
    const learned = (lane: RecordLane) => hits?.get(placeOf(lane)) ?? 0;
    return [...lanes].sort((one, other) => learned(other) - learned(one) || rank(one) - rank(other));
  }

  /** Learns that an id was found in a lane. */
  learn(id: string, lane: RecordLane): void {
    const shape = shapeOf(id);
    const hits = this.#hits.get(shape) ?? new Map<string, number>();
    this.#hits.set(shape, hits);
    const place = placeOf(lane);
    hits.set(place, (hits.get(place) ?? 0) + 1);
    if ((hits.get(place) ?? 0) >= maxHits)
      for (const [each, count] of hits) hits.set(each, Math.floor(count / 2));
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

function shapeOf(id: string): Shape {
  if (/^CON-/i.test(id)) return 'conversation';
  if (/^[0-9a-f]{16}$/i.test(id)) return 'short hex';
  if (/^[0-9a-f]{32}(-\d+)?$/i.test(id)) return 'call';
  return /^[0-9a-f]{8}-([0-9a-f]{3,4}-){3}[0-9a-f]{11,12}$/i.test(id) ? 'uuid' : 'other';
}
