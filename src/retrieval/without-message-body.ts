import type { WireRow } from '../records/wire-row.js';

/** The row without the text of its message. */
export function withoutMessageBody(row: WireRow): WireRow {
  if (!Object.hasOwn(row, 'message_body')) return row;
  const { message_body: _text, ...rest } = row;
  return rest;
}
