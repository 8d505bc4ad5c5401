import { LRUCache } from 'lru-cache';
import { canonicalId, type IdShape, idShape } from '../../catalogue/ids.js';
import { rulesOf } from '../../catalogue/products.js';
import { candidateLanes, type LookupScope, type RecordLane } from './lanes.js';

/** One id to find, prepared once for everything that finds it. */
export interface Lookup {
  /** The spelling to send. */
  readonly id: string;
  /** What makes two spellings the same id. */
  readonly key: string;
  /** The lanes to search, the likeliest first. */
  readonly lanes: readonly RecordLane[];
  /** Equal for lookups that have the same records. */
  readonly cacheKey: string;
}

/** A scope whose lanes are known. */
export interface PreparedScope {
  readonly lanes: readonly RecordLane[];
  /** Equal for equal scopes, and much shorter than they are. */
  readonly name: string;
}

/** Scopes that are kept; callers of a gateway use few. */
const maxScopes = 1000;

/** Prepares lookups. Operations ask for the same scopes again and again, so the lanes of each are made once. */
export class LookupPreparation {
  readonly #order: SearchOrder;
  readonly #scopes = new LRUCache<string, PreparedScope>({ max: maxScopes });
  #nextNumber = 1;

  constructor(order: SearchOrder) {
    this.#order = order;
  }

  /** The lanes of a scope. */
  scope(scope: LookupScope): PreparedScope {
    const { accountId, products, direction, content } = scope;
    const selected = `${[...content.messageBodyOf].sort()}/${[...content.concatenatedOf].sort()}`;
    const text = `${accountId}/${products.join()}/${direction ?? ''}/${selected}`;
    const known = this.#scopes.get(text);
    if (known) return known;
    const prepared = { lanes: candidateLanes(scope), name: `${accountId}/${this.#nextNumber}` };
    this.#nextNumber += 1;
    this.#scopes.set(text, prepared);
    return prepared;
  }

  /** One id in a scope. */
  lookup(id: string, { lanes, name }: PreparedScope): Lookup {
    const key = canonicalId(id);
    return { id, key, lanes: this.#order.sort(id, lanes), cacheKey: `${name}/${key}` };
  }
}

/** Hits of one shape after which all its counts are halved, so that what was found lately weighs most. */
const maxHits = 1000;

/** Accounts whose order is remembered. The one that was searched least recently makes room. */
const maxAccounts = 1000;

type Hits = Map<string, number>;

/**
 * Orders the lanes of a search by the id's shape and by where ids like it were found lately. What is learned belongs to the
 * account of the lanes: the order of one account tells nothing of what another one looks up.
 */
export class SearchOrder {
  readonly #byAccount = new LRUCache<string, Map<IdShape, Hits>>({ max: maxAccounts });

  /** The lanes, the likeliest first; lanes that nothing is known about keep their order. */
  sort(id: string, lanes: readonly RecordLane[]): readonly RecordLane[] {
    if (lanes.length < 2) return lanes;
    const shape = idShape(id);
    const hits = this.#hitsOf(lanes[0], shape);
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
    const hits = this.#hitsToLearn(lane, shape);
    const place = placeOf(lane);
    hits.set(place, (hits.get(place) ?? 0) + 1);
    if ((hits.get(place) ?? 0) >= maxHits)
      for (const [each, count] of hits) hits.set(each, Math.floor(count / 2));
  }

  #isLikely(shape: IdShape, lane: RecordLane): boolean {
    const hits = this.#hitsOf(lane, shape)?.get(placeOf(lane)) ?? 0;
    return hits > 0 || rulesOf(lane.product).searchRanks[shape] !== undefined;
  }

  #hitsOf(lane: RecordLane | undefined, shape: IdShape): Hits | undefined {
    return lane && this.#byAccount.get(lane.accountId)?.get(shape);
  }

  #hitsToLearn({ accountId }: RecordLane, shape: IdShape): Hits {
    const shapes = this.#byAccount.get(accountId) ?? new Map<IdShape, Hits>();
    this.#byAccount.set(accountId, shapes);
    const hits = shapes.get(shape) ?? new Map<string, number>();
    shapes.set(shape, hits);
    return hits;
  }
}

/** At most one place a product and direction. */
function placeOf({ product, direction }: RecordLane): string {
  return `${product}/${direction ?? ''}`;
}
