import type { LaneKey } from './lane.js';
import type { Outcome } from './pending-lookup.js';

/** One id to look up in one lane. */
export interface LaneLookup<Key extends LaneKey> {
  readonly lane: Key;
  /** The spelling to send. */
  readonly id: string;
  /** The canonical form, equal for all spellings of one id. */
  readonly key: string;
}

/** One id of a batch. */
interface BatchEntry {
  readonly id: string;
  readonly key: string;
  /** When it started to wait, in epoch milliseconds. */
  readonly enqueuedAtMs: number;
  /** False once every caller that waited for it is gone. */
  readonly isWanted: boolean;
  /** When the last of those who wait stops waiting, in epoch milliseconds. */
  readonly latestDeadlineMs: number;
  /** Those who wait for it; the object of a caller is its identity. */
  readonly waiters: Iterable<{ readonly caller: object }>;
}

/** The ids of one call. */
export interface Batch<Key extends LaneKey, Value> {
  readonly lane: Key;
  readonly entries: readonly BatchEntry[];
  /** Number of distinct callers that waited for its ids when it was closed. */
  readonly callers: number;
  /** Settles one id. Unknown keys and second outcomes are ignored. */
  settle(key: string, outcome: Outcome<Value>): void;
  /** Resolves when one more call may be made for this batch; it takes precedence over calls of new batches. */
  acquireNext(): Promise<void>;
}
