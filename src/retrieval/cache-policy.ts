import type { ProductRules } from '../catalogue/product-rules.js';
import { isFinalRow, occurredAt } from '../records/finality.js';
import type { Rows } from './answer.js';

export interface CachePolicy {
  /** Milliseconds for which rows that cannot change any more are kept; 0 keeps none. */
  readonly finalTtlMs: number;
  /** The same for rows that may still change. */
  readonly openTtlMs: number;
  /** The same for ids that were not found: a record may be written a moment after it was asked for. */
  readonly missTtlMs: number;
}

/** Rows that come in several may be joined by another while the event is young; afterwards they are complete. */
const completeAfterMs = 72 * 60 * 60 * 1000;

/** How long an answer may be given again without asking. */
export function timeToLiveMs(rows: Rows, rules: ProductRules, policy: CachePolicy, nowMs: number): number {
  if (rows.length === 0) return policy.missTtlMs;
  const settled = rows.every((row) => isFinalRow(row, rules, nowMs) && isComplete(row, rules, nowMs));
  return settled ? policy.finalTtlMs : policy.openTtlMs;
}

function isComplete(row: Rows[number], rules: ProductRules, nowMs: number): boolean {
  if (rules.rowsPerId === 'one') return true;
  const moment = occurredAt(row, rules);
  return moment !== null && nowMs - moment.getTime() >= completeAfterMs;
}
