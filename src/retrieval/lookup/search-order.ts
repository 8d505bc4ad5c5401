import { Product } from '../../catalogue/product.js';
import type { RecordLane } from './lanes.js';

/** What an id looks like: ids of one product look alike. */
type Shape =
  | 'hex 16'
  | 'hex 32'
  | 'hex 32 with suffix'
  | 'uuid'
  | 'conversation'
  | 'network request'
  | 'video session'
  | 'other';

const shapes: readonly (readonly [Shape, RegExp])[] = [
  ['conversation', /^CON-/i],
  ['network request', /^vn-/i],
  ['video session', /^1_/],
  ['hex 16', /^[0-9a-f]{16}$/i],
  ['hex 32', /^[0-9a-f]{32}$/i],
  ['hex 32 with suffix', /^[0-9a-f]{32}-\d+$/i],
  // The UUIDs of Vonage's own samples are one digit short.
  ['uuid', /^[0-9a-f]{8}-([0-9a-f]{3,4}-){3}[0-9a-f]{11,12}$/i],
];

/** Hits of one shape after which all its counts are halved, so that what was found lately weighs most. */
const maxHits = 1000;

const calls = [
  Product.VOICE_CALL,
  Product.VOICE_FAILED,
  Product.WEBSOCKET_CALL,
  Product.ASR,
  Product.AMD,
  Product.VOICE_TTS,
];

/** Where Vonage's samples and SDKs show ids of each shape, the likeliest first, until this process has learned better. */
const usualProducts: Readonly<Record<Shape, readonly Product[]>> = {
  'hex 16': [Product.SMS],
  'hex 32': [Product.VERIFY_API, ...calls, Product.NUMBER_INSIGHT],
  'hex 32 with suffix': calls,
  uuid: [
    Product.MESSAGES,
    Product.VERIFY_V2,
    Product.VOICE_CALL,
    Product.VERIFY_API,
    Product.SMS,
    Product.NUMBER_INSIGHT,
  ],
  conversation: [Product.CONVERSATION_EVENT, Product.CONVERSATION_MESSAGE, Product.IN_APP_VOICE],
  'network request': [Product.NETWORK_API_EVENT],
  'video session': [Product.VIDEO_API],
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

  /**
   * Whether the id fits other lanes of a search, but not this one. Where nothing is known of ids of its shape, no lane is
   * unlikely.
   */
  isUnlikely(id: string, lane: RecordLane, lanes: readonly RecordLane[]): boolean {
    const shape = shapeOf(id);
    if (shape === 'other' || this.#isLikely(shape, lane)) return false;
    return lanes.some((each) => this.#isLikely(shape, each));
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

  #isLikely(shape: Shape, lane: RecordLane): boolean {
    return (
      usualProducts[shape].includes(lane.product) || (this.#hits.get(shape)?.get(placeOf(lane)) ?? 0) > 0
    );
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

/** The shape of an id; `other` where no product is known for it. */
function shapeOf(id: string): Shape {
  return shapes.find(([, form]) => form.test(id))?.[0] ?? 'other';
}
