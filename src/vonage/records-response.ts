import { GatewayError } from '../errors.js';

/** A records response reduced to what a lookup needs, and checked. */
export interface RecordsResponse {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** As Vonage spelled them, trimmed, without empty ones. */
  readonly idsNotFound: readonly string[];
  /** True when Vonage had more rows than fit the page, so that an id can lack rows. */
  readonly isCutPage?: boolean;
  /** Why the response is not whole. Its rows are good; what it does not hold is not known. */
  readonly failure?: GatewayError;
  /**
   * Of a response that arrived to its end, the short texts and numbers of each entry that was left out, which tell what it was for.
   * Undefined for a response that broke off.
   */
  readonly omitted?: readonly Readonly<Record<string, unknown>>[];
}

/** Characters of a text that may be an id. */
const shortLength = 256;

/**
 * The text of a value that may be an id. A number counts as its digits, but not one so large that JSON has rounded it:
 * that would be another id.
 */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Rows that are read at most. A page of Vonage's holds a thousand; work on empty rows without end would stop all else. */
export const maxRows = 10_000;

/** The parts of a response's envelope that are read; none of them is there for certain. */
interface Envelope {
  readonly records?: unknown;
  readonly ids_not_found?: unknown;
  readonly items_count?: unknown;
  readonly request_status?: unknown;
}

/** Undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the body of a 200. TRUNCATED is no failure: it means more rows than fit a page, and the rows at hand are good.
 * Entries of `records` that are no objects are left out, and so are rows that are larger than rows can be, since the rows
 * beside them are good and already billed; but what such an entry was for is not known, so it is not taken for missing.
 * Throws UPSTREAM_MALFORMED for a body without a list of records.
 */
export function parseRecordsResponse(body: unknown): RecordsResponse {
  const envelope: Envelope = isObject(body) ? body : {};
  const idsNotFound = readIds(envelope.ids_not_found);
  const entries = readEntries(envelope, idsNotFound ?? []);
  const rows = entries.filter(isReadable);
  const omitted = rows.length === entries.length ? [] : entries.filter((row) => !isReadable(row));
  const isCutPage = statusOf(envelope) === 'TRUNCATED';
  const failure = faultOf(envelope, { idsNotFound, rows: rows.length, omitted: omitted.length });
  return {
    rows,
    idsNotFound: idsNotFound ?? [],
    ...(isCutPage && { isCutPage }),
    ...(failure && { failure, omitted: omitted.map(shortTextsOf) }),
  };
}

/** No source shows a response without a single hit: one that names the missing ids, or counts no items, is taken at its word. */
function readEntries(envelope: Envelope, idsNotFound: readonly string[]): readonly unknown[] {
  const { records, items_count: count } = envelope;
  const isEmpty = idsNotFound.length > 0 || count === 0 || count === '0' || isFailedStatus(envelope);
  const entries = records ?? (isEmpty ? [] : undefined);
  if (!Array.isArray(entries)) throw malformed('without a list of records');
  if (entries.length > maxRows) throw malformed(`with more than ${maxRows} rows`);
  return entries;
}

/** What a response holds. */
interface Contents {
  /** Undefined where they could not be read. */
  readonly idsNotFound: readonly string[] | undefined;
  readonly rows: number;
  readonly omitted: number;
}

/** What is wrong with a response whose rows are good. */
function faultOf(envelope: Envelope, { idsNotFound, rows, omitted }: Contents): GatewayError | undefined {
  if (omitted > 0) return malformed('with a row that is no object, nested too deeply, or too large');
  if (!idsNotFound) return malformed('whose ids_not_found is neither text nor a list');
  if (rows > 0) return undefined;
  if (isFailedStatus(envelope)) return malformed('without records and with a status other than SUCCESS');
  return statusOf(envelope) === 'TRUNCATED' && idsNotFound.length === 0
    ? malformed('with a page that ends before its first record')
    : undefined;
}

/** Upper case, since only the word counts; undefined where there is none. */
function statusOf({ request_status: status }: Envelope): string | undefined {
  return typeof status === 'string' ? status.trim().toUpperCase() : undefined;
}

/** A status of a report that is not finished, or has failed, does not say that its ids have no records. */
function isFailedStatus(envelope: Envelope): boolean {
  const status = statusOf(envelope);
  return status !== undefined && status !== '' && status !== 'SUCCESS' && status !== 'TRUNCATED';
}

/** Ids of a comma-separated text, a number or a list of both; undefined for anything else. */
function readIds(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return splitIds(value);
  if (Array.isArray(value)) return value.flatMap((each) => splitIds(idText(each) ?? ''));
  const single = idText(value);
  return single === undefined ? undefined : [single];
}

function splitIds(list: string): string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function isReadable(row: unknown): row is Readonly<Record<string, unknown>> {
  return isObject(row) && isReasonableRow(row);
}

function shortTextsOf(row: unknown): Readonly<Record<string, unknown>> {
  const isShort = (value: unknown) => (idText(value)?.length ?? Number.POSITIVE_INFINITY) <= shortLength;
  return isObject(row) ? Object.fromEntries(Object.entries(row).filter(([, value]) => isShort(value))) : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(what: string): GatewayError {
  return new GatewayError('UPSTREAM_MALFORMED', `Vonage answered 200 ${what}.`, {
    upstream: { status: 200 },
  });
}

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

const jsonSteps: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Index after the object that begins next, if it is complete. Each character is looked at once, whatever the text holds. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < text.length; index += 1) {
    const character = text.charAt(index);
    // Strings as a whole, so that brackets inside them do not count.
    if (character === '"') index = endOfString(text, index);
    else depth += jsonSteps[character] ?? 0;
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

/** Vonage's rows are flat; endless brackets would break whoever walks them. */
const maxRowDepth = 32;
/** Keys and list entries together; Vonage's widest rows have sixty fields. */
const maxRowValues = 1000;
/** Of all keys and texts together; the longest message that is one record has some thousands. */
const maxRowCharacters = 100_000;

/**
 * Tells whether an object or list out of JSON is no larger or deeper than a row can be. What is would hold up everybody
 * whenever it is walked through, and its `raw` would be shown under as many names as a caller likes.
 */
export function isReasonableRow(row: object): boolean {
  let [values, characters] = [0, 0];
  const fits = (value: unknown, depth: number): boolean => {
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (values > maxRowValues || characters > maxRowCharacters) return false;
    return typeof value !== 'object' || value === null || (depth > 0 && allFit(value, depth - 1));
  };
  const allFit = (parent: object, depth: number): boolean => {
    for (const key of Object.keys(parent)) {
      characters += key.length;
      if (!fits(parent[key as keyof typeof parent], depth)) return false;
    }
    return true;
  };
  return fits(row, maxRowDepth);
}
