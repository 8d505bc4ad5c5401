import type { Rows } from './answer.js';

/** What an object costs beside its text: its header, its keys' slots, the cache's own entry. */
const overheadBytes = 256;

/** Bytes that rows take in memory, roughly: two for each character of their text. */
export function sizeOfRows(rows: Rows): number {
  return overheadBytes + rows.reduce((sum, row) => sum + overheadBytes + 2 * JSON.stringify(row).length, 0);
}
