import { GatewayError } from '../errors.js';
import { isReasonableRow } from './is-reasonable-row.js';

/** A records response reduced to what a look-up needs, and checked. */
export interface RecordsResponse {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** As Vonage spelled them, trimmed, without empty ones. */
  readonly idsNotFound: readonly string[];
  /** Why the answer ended before its end. Its rows are good; what it does not hold is not known. */
  readonly failure?: GatewayError;
  /** Of a whole answer, the short texts of each entry that was left out, which tell what it was for. */
  readonly omitted?: readonly Readonly<Record<string, unknown>>[];
}

/** Characters of a text that may be an id. */
const shortLength = 256;

/** Rows that are read at most. A page of Vonage's holds a thousand; work on empty rows without end would stop all else. */
const maxRows = 10_000;

/**
 * Reads the body of a 200. TRUNCATED is no failure: it means more rows than fit a page, and the rows at hand are good.
 * Entries of `records` that are no objects are left out, and so are rows that are larger than rows can be, since the rows
 * beside them are good and already billed; but what such an entry was for is not known, so it is not taken for missing.
 */
export function parseRecordsResponse(body: unknown): RecordsResponse {
  const { records, ids_not_found: missing } = (isObject(body) ? body : {}) as Record<string, unknown>;
  if (missing !== undefined && missing !== null && typeof missing !== 'string')
    throw malformed('whose ids_not_found is no text');
  const idsNotFound = splitIds(missing ?? '');
  // No source shows an answer without a single hit: one that only names the missing ids is taken at its word.
  const rows = records ?? (idsNotFound.length > 0 ? [] : undefined);
  if (!Array.isArray(rows)) throw malformed('without a list of records');
  if (rows.length > maxRows) throw malformed(`with more than ${maxRows} rows`);
  const readable = rows.filter(isReadable);
  if (readable.length === rows.length) return { rows: readable, idsNotFound };
  const failure = malformed('with a row that is no object, nested too deeply, or too large');
  const omitted = rows.filter((row) => !isReadable(row)).map(shortTextsOf);
  return { rows: readable, idsNotFound, failure, omitted };
}

function isReadable(row: unknown): boolean {
  return isObject(row) && isReasonableRow(row);
}

function shortTextsOf(row: unknown): Readonly<Record<string, unknown>> {
  const isShort = (value: unknown) => typeof value === 'string' && value.length <= shortLength;
  return isObject(row) ? Object.fromEntries(Object.entries(row).filter(([, value]) => isShort(value))) : {};
}

function splitIds(list: string): string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(what: string): GatewayError {
  return new GatewayError('UPSTREAM_MALFORMED', `Vonage answered 200 ${what}.`, {
    upstream: { status: 200 },
  });
}
