import type { RecordsResponse } from './records-response.js';

/**
 * The complete rows at the beginning of an answer that was cut short. They are billed already, so they are kept; where
 * the cut is, the last row is not.
 */
export function parsePartialRows(text: string): RecordsResponse['rows'] {
  const list = /"records"\s*:\s*\[/.exec(text);
  if (!list) return [];
  const rows: Record<string, unknown>[] = [];
  let start = list.index + list[0].length;
  for (let end = endOfObject(text, start); end !== undefined; end = endOfObject(text, start)) {
    try {
      rows.push(JSON.parse(text.slice(text.indexOf('{', start), end)));
    } catch {
      return rows;
    }
    start = end;
  }
  return rows;
}

const steps: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Index after the object that begins next, if it is complete. Each character is looked at once, whatever the text holds. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < text.length; index += 1) {
    const character = text.charAt(index);
    // Strings as a whole, so that brackets inside them do not count.
    if (character === '"') index = endOfString(text, index);
    else depth += steps[character] ?? 0;
    if (depth < 0) return undefined;
    if (depth === 0 && character === '}') return index + 1;
  }
  return undefined;
}

/** Index of the quote that ends a string, or that of the text's end. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') return index;
    if (character === '\\') index += 1;
  }
  return text.length;
}
