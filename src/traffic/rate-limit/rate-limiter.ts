/** A call that counts against a budget. */
export interface StartedCall {
  /** Tells that its answer has begun to come. The call has arrived by then, so its token may free sooner than was feared. */
  responded(): void;
}

/** Permission to make calls: one token a call. */
export interface RateLimiter {
  /** Resolves when a token was taken for the caller, who must make its call and tell when it begins, or give the token back. */
  acquire(): Promise<void>;
  /**
   * Tells that the call of the longest held token begins now. Between a token and its call a busy process, or a connection
   * that has to be made, may put seconds; the window counts from the call. Answers undefined where a token frees when it
   * frees, whatever becomes of its call.
   */
  started(): StartedCall | undefined;
  /** Returns a token that was taken and not used. */
  release(): void;
  /** Grants nothing for `durationMs` from now; of overlapping pauses the longest counts. */
  pause(durationMs: number): void;
  /** Milliseconds until so many tokens from now would be taken, if nobody else took one; 0 when they are free. */
  estimateMs(tokens: number): number;
  /** Calls that may begin in any second. */
  readonly ratePerSecond: number;
}
