import type { Finality, ProductRules } from '../catalogue/product.js';
import type { WireRow } from './base.js';
import { parseVonageTime, vonageTimeText } from './date-time.js';

/** Vonage allows a receipt up to 72 hours; after that no state is expected to change. */
const finalAfterMs = 72 * 60 * 60 * 1000;

/** Whether Vonage will not change this row any more, as far as its state or its age tells at `nowMs`. */
export function isFinalRow(row: WireRow, rules: ProductRules, nowMs: number): boolean {
  if (rules.finality.kind === 'written-when-finished' || isTerminal(row, rules.finality)) return true;
  const moment = occurredAt(row, rules);
  return moment !== null && nowMs - moment.getTime() >= finalAfterMs;
}

function isTerminal(row: WireRow, finality: Finality): boolean {
  if (finality.kind !== 'by-status') return false;
  const status = row[finality.statusField];
  return typeof status === 'string' && finality.terminal.has(status.toUpperCase());
}

/** Moment of receipt, or of the start for calls and sessions; null when the row does not tell. */
export function occurredAt(row: WireRow, rules: ProductRules): Date | null {
  return parseVonageTime(dateText(row, rules)) ?? null;
}

/** The same as RFC 3339 writes it. */
export function occurredAtText(row: WireRow, rules: ProductRules): string | null {
  return vonageTimeText(dateText(row, rules)) ?? null;
}

function dateText(row: WireRow, { dateField }: ProductRules): string {
  const value = dateField === null ? undefined : row[dateField];
  return typeof value === 'string' ? value : '';
}
