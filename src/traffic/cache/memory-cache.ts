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

interface Kept<Value> {
  readonly value: Value;
  readonly expiresAtMs: number;
}

/** Keeps values in this process; the ones used longest ago make room for new ones. */
export class MemoryCache<Value> implements Cache<Value> {
  readonly #options: MemoryCacheOptions<Value>;
  readonly #kept: LRUCache<string, Kept<Value>>;
  #hits = 0;
  #misses = 0;

  constructor(options: MemoryCacheOptions<Value>) {
    const { maxBytes } = options;
    if (!(maxBytes >= 0 && maxBytes < Infinity)) {
      throw new RangeError(`Expected \`maxBytes\` to be a number from 0 up, got ${maxBytes}`);
    }
    this.#options = options;
    this.#kept = new LRUCache({ maxSize: Math.max(1, Math.floor(maxBytes)) });
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
    return this.#kept.calculatedSize;
  }

  /** Number of values kept. */
  get size(): number {
    return this.#kept.size;
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    if (kept && kept.expiresAtMs > this.#options.clock.now()) {
      this.#hits += 1;
      return kept.value;
    }
    if (kept) this.#kept.delete(key);
    this.#misses += 1;
    return undefined;
  }

  set(key: string, value: Value, ttlMs: number): void {
    const bytes = this.#sizeOf(value);
    // What is not kept replaces what was, all the same.
    if (!(ttlMs > 0 && bytes <= this.#options.maxBytes)) return void this.#kept.delete(key);
    this.#kept.set(key, { value, expiresAtMs: this.#options.clock.now() + ttlMs }, { size: bytes });
  }

  async close(): Promise<void> {
    this.#kept.clear();
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
