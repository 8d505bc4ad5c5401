import type { Codec } from '../traffic/cache.js';
import type { Rows } from './answer.js';

/** Rows as text for a shared store. What comes back is checked to be a list of objects; decoders trust it no further. */
export const rowsCodec: Codec<Rows> = {
  encode: (rows) => JSON.stringify(rows),
  decode(text) {
    try {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) && value.every(isRow) ? value : undefined;
    } catch {
      return undefined;
    }
  },
};

function isRow(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
