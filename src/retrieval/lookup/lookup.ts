import { LRUCache } from 'lru-cache';
import { canonicalId } from '../../catalogue/ids.js';
import { candidateLanes, type LookupScope, type RecordLane } from './lanes.js';
import type { SearchOrder } from './search-order.js';

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
