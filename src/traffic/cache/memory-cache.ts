import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import type { Cache } from './cache.js';

export interface MemoryCacheOptions<Value> {
  /** Bytes of values at most. A number from 0 up; 0 keeps none. */
  readonly maxBytes: number;
  /** Bytes that a value takes, with what keeping it costs. A value whose size is not known is not kept. */
  sizeOf(value: Value): number;
  readonly clock: Clock;
}

interface CachedValue<Value> {
  readonly value: Value;
  readonly expiresAtMs: number;
}

/** Keeps values in this process; the ones used longest ago make room for new ones. */
export class MemoryCache<Value> implements Cache<Value> {
  readonly #options: MemoryCacheOptions<Value>;
  readonly #cached: LRUCache<string, CachedValue<Value>>;
  #hits = 0;
  #misses = 0;

  constructor(options: MemoryCacheOptions<Value>) {
    const { maxBytes } = options;
    if (!(maxBytes >= 0 && maxBytes < Infinity)) {
      throw new RangeError(`Expected \`maxBytes\` to be a number from 0 up, got ${maxBytes}`);
    }
    this.#options = options;
    this.#cached = new LRUCache({ maxSize: Math.max(1, Math.floor(maxBytes)) });
  }

  /** Look-ups that found a value. */
  get hits(): number {
    return this.#hits;
  }

  /** Look-ups that found none. */
  get misses(): number {
    return this.#misses;
  }

  /** Bytes of all values kept. */
  get bytes(): number {
    return this.#cached.calculatedSize;
  }

  /** Number of values kept. */
  get size(): number {
    return this.#cached.size;
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
    // What is not kept replaces what was, all the same.
    if (!(ttlMs > 0 && bytes <= this.#options.maxBytes)) return void this.#cached.delete(key);
    this.#cached.set(key, { value, expiresAtMs: this.#options.clock.now() + ttlMs }, { size: bytes });
  }

  async close(): Promise<void> {
    this.#cached.clear();
  }

  /** Whole bytes, of which even an empty value takes one; NaN when the size is not known. */
  #sizeOf(value: Value): number {
    try {
      const bytes = Math.ceil(this.#options.sizeOf(value));
      return bytes >= 0 ? Math.max(1, bytes) : Number.NaN;
    } catch {
      return Number.NaN;
    }
  }
}
