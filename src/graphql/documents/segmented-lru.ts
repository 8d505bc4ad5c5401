import { LRUCache } from 'lru-cache';

/** Share of the bytes for values that no client has requested since they were stored. */
const unrequestedShare = 1 / 4;

/**
 * A cache of Apollo's interface, bounded by bytes. A flood of new values displaces only unrequested ones: a value that a
 * client requests again moves to a larger part.
 */
export class SegmentedLru<Value extends object | string> {
  readonly #unrequested: LRUCache<string, Value>;
  readonly #requested: LRUCache<string, Value>;

  /**
   * @param maxBytes a number from 0 up; 0 stores none, and a value larger than a quarter is not stored
   * @param bytesOf the bytes of memory that an entry takes
   */
  constructor(maxBytes: number, bytesOf: (value: Value, key: string) => number) {
    const unrequestedBytes = Math.floor(maxBytes * unrequestedShare);
    this.#unrequested = cacheOf(unrequestedBytes, bytesOf);
    this.#requested = cacheOf(Math.floor(maxBytes) - unrequestedBytes, bytesOf);
  }

  /** Bytes of all stored values, roughly. */
  get bytes(): number {
    return this.#unrequested.calculatedSize + this.#requested.calculatedSize;
  }

  /** Number of stored values. */
  get entries(): number {
    return this.#unrequested.size + this.#requested.size;
  }

  async get(key: string): Promise<Value | undefined> {
    return this.find(key);
  }

  /** The same at once. */
  find(key: string): Value | undefined {
    const value = this.#requested.get(key) ?? this.#unrequested.get(key);
    if (value !== undefined && this.#unrequested.delete(key)) this.#requested.set(key, value);
    return value;
  }

  async set(key: string, value: Value): Promise<void> {
    if (!this.#requested.has(key)) this.#unrequested.set(key, value);
  }

  async delete(key: string): Promise<boolean> {
    return this.#unrequested.delete(key) || this.#requested.delete(key);
  }
}

/** LRUCache needs a size of at least one byte; no value fits into it. */
function cacheOf<Value extends object | string>(
  maxBytes: number,
  bytesOf: (value: Value, key: string) => number,
): LRUCache<string, Value> {
  return new LRUCache<string, Value>({ maxSize: Math.max(1, maxBytes), sizeCalculation: bytesOf });
}
