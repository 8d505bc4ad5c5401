import { GatewayError } from '../errors.js';
import { inSteps, nextTurn } from '../event-loop.js';
import {
  maxRows,
  parseJson,
  parsePartialRows,
  parseRecordsResponse,
  type RecordsResponse,
} from './records-response.js';

/** Where a page begins, as Vonage told it with the page before. Opaque; Vonage takes both parts together only. */
export interface PageStart {
  readonly cursor: string;
  readonly iv: string;
}

/** One page of the records in a window of time, checked. */
export interface PageResponse {
  readonly rows: RecordsResponse['rows'];
  /** Where the next page begins; null when none follows, or none can be reached. */
  readonly next: PageStart | null;
  /** Records that the response holds or announces, all of them billed; undefined where it broke off and tells no number. */
  readonly recordsBilled: number | undefined;
  /** Why rows of the page are missing. The rows that are here are good. */
  readonly failure?: GatewayError;
}

/** Characters of a cursor: URL-safe base64 by the documentation, and what other encodings of bytes consist of. */
const pageStartPart = /^[\w.~+/=:-]{1,2048}$/;

/** Tells whether two texts can be a cursor and its `iv`. */
export function isPageStart(cursor: unknown, iv: unknown): boolean {
  return [cursor, iv].every((part) => typeof part === 'string' && pageStartPart.test(part));
}

/**
 * Reads the body of a 200, in steps between which other events have their turn. TRUNCATED is no failure: another page
 * follows. Throws UPSTREAM_MALFORMED for a body without a list of records.
 */
export async function parsePageResponse(body: unknown): Promise<PageResponse> {
  const envelope = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const entries: readonly unknown[] = Array.isArray(envelope.records) ? envelope.records : [];
  const isUsual = entries.length > 0 && entries.length <= maxRows;
  // Tells what is wrong with the envelope; the first entry stands for all of them.
  const { isCutPage, failure } = parseRecordsResponse(isUsual ? { ...envelope, records: [{}] } : body);
  const next = readStart(envelope.cursor, envelope.iv);
  const rows = await readableRows(entries);
  return {
    rows,
    next,
    recordsBilled: entries.length,
    ...faultOf({ entries, rows, next, isCutPage, failure }),
  };
}

async function readableRows(entries: readonly unknown[]): Promise<RecordsResponse['rows']> {
  const rows: RecordsResponse['rows'][number][] = [];
  for await (const records of inSteps(entries)) rows.push(...parseRecordsResponse({ records }).rows);
  return rows;
}

interface ReadPage {
  readonly entries: readonly unknown[];
  readonly rows: RecordsResponse['rows'];
  readonly next: PageStart | null;
  readonly isCutPage: boolean | undefined;
  readonly failure: GatewayError | undefined;
}

/** A page without rows that names a next one is odd, and no reason to stop. */
function faultOf({ entries, rows, next, isCutPage, failure }: ReadPage): Pick<PageResponse, 'failure'> {
  if (isCutPage && !next)
    return { failure: malformed('with more records than it holds, and without a cursor to the next page') };
  if (rows.length < entries.length)
    return { failure: malformed(`with ${entries.length - rows.length} rows that cannot be read`) };
  return failure && !next ? { failure } : {};
}

/** What arrived of a page before it broke off: it is billed already, so it is kept. Rejects with the failure where nothing did. */
export async function salvagePage(text: string, failure: GatewayError): Promise<PageResponse> {
  const rows = await readableRows((await parseCutPage(text)).slice(0, maxRows));
  const head = text.slice(0, Math.max(0, text.indexOf('"records"')));
  const next = readStart(textIn(head, 'cursor'), textIn(head, 'iv'));
  if (rows.length === 0 && !next) throw failure;
  const count = Number(/"items_count"\s*:\s*"?(\d{1,6})\b/.exec(head)?.[1] ?? Number.NaN);
  return { rows, next, recordsBilled: count >= rows.length ? count : undefined, failure };
}

/** In the vendor's sample cursor and iv come before the records, so they are there although the page is cut. */
function textIn(head: string, name: string): string | undefined {
  return new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]*)"`).exec(head)?.[1];
}

function readStart(cursor: unknown, iv: unknown): PageStart | null {
  return isPageStart(cursor, iv) ? ({ cursor, iv } as PageStart) : null;
}

function malformed(what: string): GatewayError {
  return new GatewayError('UPSTREAM_MALFORMED', `Vonage answered 200 ${what}.`, {
    upstream: { status: 200 },
  });
}

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

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
