/**
 * Keeps values for a while. It may forget any of them at any time, and it never fails a look-up: a store that is slow,
 * full, down or poisoned answers as if it had nothing.
 */
export interface Cache<Value> {
  /** The value under a key, at once where it is at hand; undefined when there is none. Never throws or rejects. */
  get(key: string): Value | undefined | Promise<Value | undefined>;
  /** Keeps a value for `ttlMs`; a value under the same key is replaced. Never throws. */
  set(key: string, value: Value, ttlMs: number): void;
  /** Ends what the cache holds open. */
  close(): Promise<void>;
}

/** How a value is written where only text is kept. */
export interface Codec<Value> {
  encode(value: Value): string;
  /** Undefined for text that is no value of this kind, whatever it is: a shared store is not to be trusted. */
  decode(text: string): Value | undefined;
}
