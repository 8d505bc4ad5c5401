/**
 * Stores values for a limited time. It may lose any of them at any time, and it never fails a lookup: a store that is
 * slow, full, down or corrupted behaves as if it were empty.
 */
export interface Cache<Value> {
  /**
   * The value under a key, or undefined. Returned without a promise when it is known at once. Never throws or rejects.
   */
  get(key: string): Value | undefined | Promise<Value | undefined>;
  /**
   * Stores a value for `ttlMs` milliseconds and replaces the one under the same key. A value that cannot be stored still
   * removes the old one. Never throws.
   */
  set(key: string, value: Value, ttlMs: number): void;
  stats(): CacheStats;
  /** Releases what the cache holds open. A closed cache behaves as if it were empty. */
  close(): Promise<void>;
}

/** Counters of a cache. Some caches add more. */
export interface CacheStats {
  /** Lookups that found a value. */
  readonly hits: number;
  /** Lookups that found none, whatever the reason. */
  readonly misses: number;
}

/** Converts values to text and back, for stores that hold text only. */
export interface Codec<Value> {
  encode(value: Value): string;
  /** Undefined for any text that is not a valid value, because other programs may write to a shared store. */
  decode(text: string): Value | undefined;
}
