import type { WireRow } from '../../records/base.js';

/** The rows of one id; none when Vonage does not know it in that lane. */
export type Rows = readonly WireRow[];

/** One call to Vonage, shared by every id that it answered. */
export interface CallReport {
  /** Moment it was sent, in epoch milliseconds. */
  readonly sentAtMs: number;
  /** Ids that it named. */
  readonly ids: number;
  /** Operations that waited for it when it was sent. */
  readonly callers: number;
}

/** What is known of one id in one lane, and how it came to be known. */
export interface LookupResult {
  readonly rows: Rows;
  /** Null for an answer out of the cache. */
  readonly call: CallReport | null;
}
