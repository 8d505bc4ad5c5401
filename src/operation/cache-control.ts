import { rulesOf } from '../catalogue/products.js';
import type { Records } from '../retrieval/record-store.js';

/**
 * How long a response stays true, for caches between the gateway and its callers: routers, proxies and browsers. A response
 * of final records does not change. One with a pending record, a miss, or an id that can get another row does.
 */
export class CacheControl {
  #hasLookups = false;
  #isFinal = true;

  /** Records what one lookup found. */
  record(records: Records): void {
    this.#hasLookups = true;
    const isFinal = records.every((record) => record.isFinal && rulesOf(record.product).rowsPerId === 'one');
    if (records.length === 0 || !isFinal) this.#isFinal = false;
  }

  /** Records a list: a later page, or the same window a minute later, can hold other records. */
  recordList(): void {
    this.#hasLookups = true;
    this.#isFinal = false;
  }

  /**
   * Value of the `Cache-Control` header; undefined for a response without lookups. Never for caches that callers share,
   * since records are personal data.
   *
   * @param maxAgeMs milliseconds for which a response of final records can be cached
   */
  header(maxAgeMs: number): string | undefined {
    if (!this.#hasLookups) return undefined;
    return this.#isFinal && maxAgeMs >= 1000 ? `private, max-age=${Math.floor(maxAgeMs / 1000)}` : 'no-store';
  }
}
