import type { Outcome } from './outcome.js';

/** Whoever waits for look-ups. All look-ups of one operation name the same caller; fairness is between callers. */
export interface Caller<Value = unknown> {
  /** Aborted when the caller has gone or its time is up; the reason is what its look-ups fail with. */
  readonly signal: AbortSignal;
  /** Moment after which the caller does not wait any more, in epoch milliseconds. */
  readonly deadlineAtMs: number;
  /** Called when the caller goes while an id is on its way. What it answers with is told how that ended, once. */
  leaveBehind?(key: string): (outcome: Outcome<Value>) => void;
}
