import type { Cache, CacheStats, MemoryCache, MemoryCacheStats } from './cache.js';

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
