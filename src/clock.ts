/** Time as a parameter, so that a test can control it. */
export interface Clock {
  /** Milliseconds since the Unix epoch; never runs backwards within one process. */
  now(): number;
  /**
   * Calls `callback` once, `delayMs` from now; a delay of 0 means the end of the current macrotask.
   * Returns a function that cancels the call; cancelling twice, or too late, does nothing.
   */
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** The process's own time. Monotonic, because a stepped wall clock must not open the rate window early. */
export const monotonicClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimer(delayMs, callback) {
    if (delayMs <= 0) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};

/** The time of day, for absolute times such as the expiry of a token. It stays correct after the process was suspended. */
export const systemClock: Clock = { ...monotonicClock, now: () => Date.now() };
