import { cellOf, withFormulaMark } from '../src/records-client/text.js';
import type { TableRow } from './fields.js';

/**
 * CSV as RFC 4180 has it, as the command line writes it: a cell that a spreadsheet would run as a formula begins with an
 * apostrophe.
 */
export function toCsv(columns: readonly string[], rows: readonly TableRow[]): string {
  const lines = rows.map(({ requestedId, record }) => [
    requestedId,
    ...columns.map((column) => cellOf(record[column])),
  ]);
  return [['requestedId', ...columns], ...lines]
    .map((line) => `${line.map((cell) => quoted(withFormulaMark(cell))).join(',')}\r\n`)
    .join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A list of objects, one for each row. */
export function toJson(rows: readonly TableRow[]): string {
  const objects = rows.map(({ requestedId, record }) => ({ requestedId, ...record }));
  return JSON.stringify(objects, undefined, 2);
}
