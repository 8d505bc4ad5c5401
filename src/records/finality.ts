import type { ProductRules } from '../catalogue/product-rules.js';
import { isAbsent } from './convert.js';
import { parseVonageTime } from './date-time.js';
import type { WireRow } from './wire-row.js';

/** Vonage allows a receipt up to 72 hours; after that no state is expected to change. */
const finalAfterMs = 72 * 60 * 60 * 1000;

/** Whether Vonage will not change this row any more, as far as its state or its age tells at `nowMs`. */
export function isFinalRow(row: WireRow, rules: ProductRules, nowMs: number): boolean {
  const { finality } = rules;
  if (finality.kind === 'written-when-finished') return true;
  if (finality.kind === 'by-status' && finality.terminal.has(String(row[finality.statusField]).toUpperCase())) return true;
  const moment = occurredAt(row, rules);
  return moment !== null && nowMs - moment.getTime() >= finalAfterMs;
}

/** Moment of receipt, or of the start for calls and sessions; null when the row does not tell. */
export function occurredAt(row: WireRow, { dateField }: ProductRules): Date | null {
  const value = dateField === null ? undefined : row[dateField];
  return isAbsent(value) || typeof value !== 'string' ? null : (parseVonageTime(value) ?? null);
}
