/** Permission to make calls: one token a call. */
export interface Budget {
  /** Resolves when a token was taken for the caller, who must make its call at once or give the token back. */
  take(): Promise<void>;
  /** Returns a token that was taken and not used. */
  giveBack(): void;
  /** Grants nothing for `durationMs` from now; of overlapping pauses the longest counts. */
  pause(durationMs: number): void;
  /** Milliseconds until so many tokens from now would be taken, if nobody else took one; 0 when they are free. */
  estimateMs(tokens: number): number;
  /** Calls that may begin in any second. */
  readonly ratePerSecond: number;
}
