import type { Finality, ProductRules } from '../catalogue/product.js';
import type { WireRow } from './base.js';
import { isAbsent, parseVonageTime, vonageTimeText } from './convert.js';

/** Vonage allows a receipt up to 72 hours; after that no state is expected to change. */
const finalAfterMs = 72 * 60 * 60 * 1000;

/** Whether Vonage will not change this row again: its status is final and its price settled, or it is old enough. */
export function isFinalRow(row: WireRow, rules: ProductRules, nowMs: number): boolean {
  const isFinished = rules.finality.kind === 'written-when-finished' || isTerminal(row, rules.finality);
  if (isFinished && isSettled(row, rules)) return true;
  const moment = occurredAt(row, rules);
  return moment !== null && nowMs - moment.getTime() >= finalAfterMs;
}

function isTerminal(row: WireRow, finality: Finality): boolean {
  return (
    finality.kind === 'by-status' && finality.terminal.has(wordIn(row, finality.statusField).toUpperCase())
  );
}

function isSettled(row: WireRow, { settling }: ProductRules): boolean {
  if (!settling) return true;
  const { priceField, late } = settling;
  return !isAbsent(row[priceField]) && !late.values.includes(wordIn(row, late.field).toLowerCase());
}

function wordIn(row: WireRow, field: string): string {
  const value = row[field];
  return typeof value === 'string' ? value.trim() : '';
}

/** Time of receipt, or of the start for calls and sessions; null when the row does not tell. */
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
