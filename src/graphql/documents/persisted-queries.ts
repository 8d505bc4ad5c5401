import { LRUCache } from 'lru-cache';

/** Rough size of an entry without its texts. */
const overheadBytes = 512;

/** Share of the bytes for documents that no client has requested since their registration. */
const unrequestedShare = 1 / 4;

/**
 * The documents that clients registered by automatic persisted queries, as a cache of Apollo's interface. A flood of new
 * documents displaces only unrequested ones: a document that a client has requested by its hash moves to a larger part.
 */
export class PersistedQueries {
  readonly #unrequested: LRUCache<string, string>;
  readonly #requested: LRUCache<string, string>;

  /**
   * @param maxBytes a number from 0 up; 0 stores none
   */
  constructor(maxBytes: number) {
    const unrequestedBytes = Math.floor(maxBytes * unrequestedShare);
    this.#unrequested = cacheOf(unrequestedBytes);
    this.#requested = cacheOf(Math.floor(maxBytes) - unrequestedBytes);
  }

  /** Bytes of all stored documents, roughly. */
  get bytes(): number {
    return this.#unrequested.calculatedSize + this.#requested.calculatedSize;
  }

  async get(key: string): Promise<string | undefined> {
    const text = this.#requested.get(key) ?? this.#unrequested.get(key);
    if (text !== undefined && this.#unrequested.delete(key)) this.#requested.set(key, text);
    return text;
  }

  async set(key: string, text: string): Promise<void> {
    if (!this.#requested.has(key)) this.#unrequested.set(key, text);
  }

  async delete(key: string): Promise<boolean> {
    return this.#unrequested.delete(key) || this.#requested.delete(key);
  }
}

/** LRUCache needs a size of at least one byte; no document fits into it. */
function cacheOf(maxBytes: number): LRUCache<string, string> {
  return new LRUCache({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: (text, key) => overheadBytes + 2 * (key.length + text.length),
  });
}
