import type { Codec } from '../../traffic/cache/cache.js';
import { isReasonableRow } from '../../vonage/records-response.js';
import type { Rows } from '../lookup/lanes.js';

/** The same bound as for Vonage's responses: more rows would block the event loop. */
const maxRows = 10_000;

/** Rows as text for a shared cache. What comes back is checked to be a list of objects; decoders trust it no further. */
export const rowsCodec: Codec<Rows> = {
  encode: (rows) => JSON.stringify(rows),
  decode(text) {
    try {
      const value: unknown = JSON.parse(text);
      return isRows(value) ? value : undefined;
    } catch {
      return undefined;
    }
  },
};

/** Tells whether a value out of a shared cache is a list of rows. */
export function isRows(value: unknown): value is Rows {
  return Array.isArray(value) && value.length <= maxRows && value.every(isRow);
}

function isRow(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isReasonableRow(value);
}

/** What an object costs beside its texts: its header, its keys' slots, the cache's own entry. */
const overheadBytes = 256;

/** Bytes that rows take in memory, roughly: two for each character of their keys and values. */
export function sizeOfRows(rows: Rows): number {
  let characters = 0;
  for (const row of rows)
    for (const key of Object.keys(row)) characters += key.length + charactersOf(row[key]);
  return overheadBytes * (1 + rows.length) + 2 * characters;
}

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 8;
}
