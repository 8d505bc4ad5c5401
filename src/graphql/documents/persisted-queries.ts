import { LRUCache } from 'lru-cache';

/** What a document takes besides its text, roughly. */
const overheadBytes = 512;

/** Part of the bytes that is for documents that were registered, but not asked for since. */
const newcomersPart = 1 / 4;

/**
 * The documents that callers registered by automatic persisted queries. A flood of documents that nobody asks for again
 * only turns over the part for newcomers: what was asked for by its hash stays, until it is the one used longest ago.
 * Looking up takes no room. It has the shape of Apollo's key-value caches.
 */
export class PersistedQueries {
  readonly #unverifiedKeys: LRUCache<string, string>;
  readonly #proven: LRUCache<string, string>;

  /**
   * @param maxBytes a number from 0 up; 0 keeps none
   */
  constructor(maxBytes: number) {
    const newcomerBytes = Math.floor(maxBytes * newcomersPart);
    this.#unverifiedKeys = cacheOf(newcomerBytes);
    this.#proven = cacheOf(Math.floor(maxBytes) - newcomerBytes);
  }

  /** Bytes of all documents kept, roughly. */
  get bytes(): number {
    return this.#unverifiedKeys.calculatedSize + this.#proven.calculatedSize;
  }

  async get(key: string): Promise<string | undefined> {
    const text = this.#proven.get(key) ?? this.#unverifiedKeys.get(key);
    if (text !== undefined && this.#unverifiedKeys.delete(key)) this.#proven.set(key, text);
    return text;
  }

  async set(key: string, text: string): Promise<void> {
    if (!this.#proven.has(key)) this.#unverifiedKeys.set(key, text);
  }

  async delete(key: string): Promise<boolean> {
    return this.#unverifiedKeys.delete(key) || this.#proven.delete(key);
  }
}

/** Nothing fits into the one byte that a cache has at least. */
function cacheOf(maxBytes: number): LRUCache<string, string> {
  return new LRUCache({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: (text, key) => overheadBytes + 2 * (key.length + text.length),
  });
}
