import type { Cache } from './cache.js';
import type { MemoryCache } from './memory-cache.js';

export interface TieredCacheOptions<Value> {
  /** Asked first. */
  readonly memory: MemoryCache<Value>;
  /** Asked for what memory has not, and shared with other replicas. */
  readonly shared: Cache<Value>;
  /**
   * Milliseconds for which a value found in the shared store is kept in memory. How much of its time is left is not
   * known there, so this is how long it may outlive it; 0 or less does not keep it.
   */
  copyTtlMs(value: Value): number;
}

/** Memory in front of a store that replicas share. */
export class TieredCache<Value> implements Cache<Value> {
  readonly #memory: MemoryCache<Value>;
  readonly #shared: Cache<Value>;
  readonly #copyTtlMs: (value: Value) => number;
  /** Look-ups that the shared store has not answered; equal ones share one. */
  readonly #asked = new Map<string, Promise<Value | undefined>>();

  constructor({ memory, shared, copyTtlMs }: TieredCacheOptions<Value>) {
    this.#memory = memory;
    this.#shared = shared;
    this.#copyTtlMs = copyTtlMs;
  }

  get(key: string): Value | undefined | Promise<Value | undefined> {
    return this.#memory.get(key) ?? this.#asked.get(key) ?? this.#ask(key);
  }

  set(key: string, value: Value, ttlMs: number): void {
    // An answer that is on its way is older than this value, and must not be copied over it.
    this.#asked.delete(key);
    this.#memory.set(key, value, ttlMs);
    this.#shared.set(key, value, ttlMs);
  }

  async close(): Promise<void> {
    await Promise.all([this.#memory.close(), this.#shared.close()]);
  }

  #ask(key: string): Value | undefined | Promise<Value | undefined> {
    const answer = this.#shared.get(key);
    if (!(answer instanceof Promise)) return this.#copied(key, answer);
    const asked: Promise<Value | undefined> = answer.then((value) => {
      if (this.#asked.get(key) !== asked) return value;
      this.#asked.delete(key);
      return this.#copied(key, value);
    });
    this.#asked.set(key, asked);
    return asked;
  }

  #copied(key: string, value: Value | undefined): Value | undefined {
    if (value !== undefined) this.#memory.set(key, value, this.#copyTtlMs(value));
    return value;
  }
}
