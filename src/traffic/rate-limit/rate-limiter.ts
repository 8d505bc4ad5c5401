/** A call that has started. */
export interface StartedCall {
  /**
   * Reports the first byte of a response with status 200. The call has arrived by then, so its token may become free
   * earlier; a response that comes later than usual can show that the call was delayed, and then it becomes free later.
   * Other responses take a time of their own.
   */
  responded(): void;
  /** Reports a response with status 429: calls start further apart from now on. */
  refused(): void;
}

/** Limits how many calls start per second. Each call needs one token. */
export interface RateLimiter {
  /** The number of calls that may start in any sliding second. */
  readonly ratePerSecond: number;
  /**
   * Resolves when a token is acquired. The holder must either start its call and report it with `started`, or return the
   * token with `release`.
   */
  acquire(): Promise<void>;
  /**
   * Reports that the call of the longest held token starts now. A busy process or a slow connection may delay a call by
   * seconds after its token was acquired, and the window counts from its start. Returns undefined where the response does
   * not matter.
   *
   * @param kind names calls whose responses take a similar time. One of a fixed few. Default: one kind for all calls.
   */
  started(kind?: string): StartedCall | undefined;
  /** Returns a token that was acquired and not used. */
  release(): void;
  /** Grants no tokens for `durationMs` from now. Of overlapping pauses the one that ends last counts. */
  pause(durationMs: number): void;
  /** Milliseconds until this many further tokens could be acquired without competition; 0 when they are free. */
  estimateMs(tokens: number): number;
}
