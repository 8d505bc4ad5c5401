import type { RecordsAnswer } from './records-answer.js';

/**
 * The complete rows at the beginning of an answer that was cut short. They are billed already, so they are kept; where
 * the cut is, the last row is not.
 */
export function salvageRows(text: string): RecordsAnswer['rows'] {
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

/** Strings as a whole, so that brackets inside them do not count. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
const steps: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Index after the object that begins next, if it is complete. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  token.lastIndex = from;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    depth += steps[match[0]] ?? 0;
    if (depth < 0) return undefined;
    if (depth === 0 && match[0] === '}') return token.lastIndex;
  }
  return undefined;
}
