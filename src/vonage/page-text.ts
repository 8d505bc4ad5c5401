import { nextTurn } from '../event-loop.js';
import { parsePartialRows } from './parse-partial-rows.js';

/** Characters that are parsed in one go: some 80 rows, or less than a millisecond. */
const stepCharacters = 64 * 1024;
/** Places between rows that are tried for the end of a step. A text of a message can hold what looks like one. */
const maxTries = 4;
const listStart = /"records"\s*:\s*\[/;
const betweenRows = /\}\s*,(?=\s*\{)/g;

/** The text of a page as far as it was parsed in steps. */
interface ParsedPart {
  /** The text up to the list of records, without a bracket that closes the list. */
  readonly head: string;
  readonly rows: readonly unknown[];
  /** The text from the first row on that is not in `rows`. */
  readonly rest: string;
}

/**
 * Parses the text of a page in steps between which other events have their turn. Undefined for a text that is no JSON, such
 * as that of a page that was cut.
 */
export async function parsePageText(text: string): Promise<unknown> {
  const part = text.length > stepCharacters ? await parseRows(text) : undefined;
  const head = part && parseObject(`${part.head}]}`);
  // The list of records is that of an object inside, or the text is none of an object.
  if (!part || !head) return parseJson(text);
  const tail = parseObject(`{"records":[${part.rest}`);
  if (!tail || !Array.isArray(tail.records)) return undefined;
  return { ...head, ...tail, records: [...part.rows, ...tail.records] };
}

/** The complete rows of a page that was cut, parsed in steps. */
export async function parseCutPage(text: string): Promise<readonly unknown[]> {
  const { rows, rest } = (await parseRows(text)) ?? { rows: [], rest: '' };
  return [...rows, ...parsePartialRows(`{"records":[${rest}`)];
}

/** Undefined for a text without a list of records. */
async function parseRows(text: string): Promise<ParsedPart | undefined> {
  const list = listStart.exec(text);
  if (!list) return undefined;
  let start = list.index + list[0].length;
  const head = text.slice(0, start);
  const rows: unknown[] = [];
  for (let step = parseStep(text, start); step; step = parseStep(text, start)) {
    rows.push(...step.rows);
    start = step.end;
    await nextTurn();
  }
  return { head, rows, rest: text.slice(start) };
}

/** Undefined where no step can be cut off. What parses as a list of whole rows is one, since JSON is read from left to right. */
function parseStep(
  text: string,
  start: number,
): { readonly rows: readonly unknown[]; readonly end: number } | undefined {
  betweenRows.lastIndex = start + stepCharacters;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const boundary = betweenRows.exec(text);
    if (!boundary) return undefined;
    const rows = parseJson(`[${text.slice(start, boundary.index + 1)}]`);
    if (Array.isArray(rows)) return { rows, end: boundary.index + boundary[0].length };
  }
  return undefined;
}

/** Undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
