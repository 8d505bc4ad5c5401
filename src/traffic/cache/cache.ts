import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { checkNumber } from '../check-range.js';

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

export interface MemoryCacheOptions<Value> {
  /** Maximum size of all values, in bytes. A number from 0 up; 0 stores nothing. */
  readonly maxBytes: number;
  /** Bytes that a value takes, including the overhead of storing it. A value whose size is unknown is not stored. */
  sizeOf(value: Value): number;
  readonly clock: Clock;
}

export interface MemoryCacheStats extends CacheStats {
  /** Number of stored values, including expired ones that were not read since. */
  readonly entries: number;
  /** Size of all stored values. */
  readonly bytes: number;
}

interface CachedValue<Value> {
  readonly value: Value;
  readonly expiresAtMs: number;
}

/** Stores values in this process. The least recently used values make room for new ones. */
export class MemoryCache<Value> implements Cache<Value> {
  readonly #options: MemoryCacheOptions<Value>;
  readonly #cached: LRUCache<string, CachedValue<Value>>;
  #hits = 0;
  #misses = 0;

  /** Throws a RangeError for a `maxBytes` out of its range. */
  constructor(options: MemoryCacheOptions<Value>) {
    checkNumber('maxBytes', options.maxBytes, 0);
    this.#options = options;
    this.#cached = new LRUCache({ maxSize: Math.max(1, Math.floor(options.maxBytes)) });
  }

  stats(): MemoryCacheStats {
    const { size: entries, calculatedSize: bytes } = this.#cached;
    return { hits: this.#hits, misses: this.#misses, entries, bytes };
  }

  get(key: string): Value | undefined {
    const cached = this.#cached.get(key);
    if (cached && cached.expiresAtMs > this.#options.clock.now()) {
      this.#hits += 1;
      return cached.value;
    }
    if (cached) this.#cached.delete(key);
    this.#misses += 1;
    return undefined;
  }

  set(key: string, value: Value, ttlMs: number): void {
    const bytes = this.#sizeOf(value);
    if (!(ttlMs > 0 && bytes <= this.#options.maxBytes)) return void this.#cached.delete(key);
    this.#cached.set(key, { value, expiresAtMs: this.#options.clock.now() + ttlMs }, { size: bytes });
  }

  async close(): Promise<void> {
    this.#cached.clear();
  }

  /** Whole bytes, at least 1, so that empty values are bounded too. NaN when the size is unknown. */
  #sizeOf(value: Value): number {
    try {
      const bytes = Math.ceil(this.#options.sizeOf(value));
      return bytes >= 0 ? Math.max(1, bytes) : Number.NaN;
    } catch {
      return Number.NaN;
    }
  }
}

export interface TieredCacheOptions<Value> {
  /** Read first. */
  readonly memory: MemoryCache<Value>;
  /** Read for keys that are not in memory; shared with other replicas. */
  readonly shared: Cache<Value>;
  /**
   * Milliseconds for which a value found in the shared store is copied to memory; 0 or less does not copy it. The time
   * that the value has left in the shared store is unknown, so the copy may outlive it by this long.
   */
  copyTtlMs(value: Value): number;
}

/** Hits in either tier count as hits. Concurrent lookups of one key that share a read of the shared store count once. */
export interface TieredCacheStats extends CacheStats {
  readonly memory: MemoryCacheStats;
  readonly shared: CacheStats;
}

/** A cache in memory in front of a store that replicas share. */
export class TieredCache<Value> implements Cache<Value> {
  readonly #memory: MemoryCache<Value>;
  readonly #shared: Cache<Value>;
  readonly #copyTtlMs: (value: Value) => number;
  /** Reads of the shared store in flight, by key. */
  readonly #reads = new Map<string, Promise<Value | undefined>>();

  constructor({ memory, shared, copyTtlMs }: TieredCacheOptions<Value>) {
    this.#memory = memory;
    this.#shared = shared;
    this.#copyTtlMs = copyTtlMs;
  }

  stats(): TieredCacheStats {
    const [memory, shared] = [this.#memory.stats(), this.#shared.stats()];
    return { hits: memory.hits + shared.hits, misses: shared.misses, memory, shared };
  }

  get(key: string): Value | undefined | Promise<Value | undefined> {
    return this.#memory.get(key) ?? this.#reads.get(key) ?? this.#readShared(key);
  }

  set(key: string, value: Value, ttlMs: number): void {
    // A read in flight would return an older value than this one, so it must not be copied to memory.
    this.#reads.delete(key);
    this.#memory.set(key, value, ttlMs);
    this.#shared.set(key, value, ttlMs);
  }

  async close(): Promise<void> {
    await Promise.all([this.#memory.close(), this.#shared.close()]);
  }

  #readShared(key: string): Value | undefined | Promise<Value | undefined> {
    const found = this.#shared.get(key);
    if (!(found instanceof Promise)) return this.#copy(key, found);
    const read: Promise<Value | undefined> = found.then((value) => {
      if (this.#reads.get(key) !== read) return value;
      this.#reads.delete(key);
      return this.#copy(key, value);
    });
    this.#reads.set(key, read);
    return read;
  }

  #copy(key: string, value: Value | undefined): Value | undefined {
    if (value !== undefined) this.#memory.set(key, value, this.#copyTtlMs(value));
    return value;
  }
}
