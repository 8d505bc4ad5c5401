import { rulesOf } from '../catalogue/products.js';
import type { Records } from './record-loader.js';

/**
 * Tells how long an answer stays true, for caches between the gateway and its callers: routers, proxies and browsers.
 * An answer of final records does not change; one with an open record, a miss, or an id that another row may join does.
 */
export class CacheControl {
  #hasLooked = false;
  #isFinal = true;

  /** Notes what one look-up found. */
  note(records: Records): void {
    this.#hasLooked = true;
    const settled = records.every((record) => record.isFinal && rulesOf(record.product).rowsPerId === 'one');
    if (records.length === 0 || !settled) this.#isFinal = false;
  }

  /**
   * Value of the `Cache-Control` header; undefined for an answer without look-ups. Never for caches that callers share:
   * records are personal data.
   *
   * @param maxAgeMs milliseconds for which an answer of final records may be kept
   */
  header(maxAgeMs: number): string | undefined {
    if (!this.#hasLooked) return undefined;
    return this.#isFinal && maxAgeMs >= 1000 ? `private, max-age=${Math.floor(maxAgeMs / 1000)}` : 'no-store';
  }
}
