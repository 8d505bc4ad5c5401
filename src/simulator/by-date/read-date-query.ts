import type { ProductRules } from '../../catalogue/product.js';
import { parseVonageTime } from '../../records/date-time.js';
import { invalidParameter, type Problem } from '../problems.js';
import { openPosition } from './cursor.js';
import { filtersOf, wrongFilters } from './filters.js';
import type { DateQuirks } from './quirks.js';

/** A query for the rows of a range of dates. */
export interface DateQuery {
  /** Inclusive. */
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly filters: ReadonlyMap<string, string>;
  /** Rank of the last row of the page before; below every rank on the first page. */
  readonly afterRank: number;
  /** Every parameter but cursor and iv, as it was sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

const weekMs = 7 * 24 * 60 * 60 * 1000;
const documentedFormat = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:?\d\d)$/;
/** The rank of no row. */
const beforeAll = -1;

/** Checks the parameters of a query by date; a problem is what Vonage would answer instead. */
export function readDateQuery(
  query: URLSearchParams,
  rules: ProductRules,
  nowMs: number,
  quirks: Readonly<DateQuirks>,
): DateQuery | Problem {
  const { cursor, iv, ...parameters } = Object.fromEntries(query);
  const refused =
    wrongFilters(query, rules) ?? wrongDates(query, nowMs, quirks) ?? wrongCursor(cursor, iv, parameters);
  if (refused) return refused;
  const position = cursor !== undefined && iv !== undefined ? openPosition({ cursor, iv }) : undefined;
  return {
    startMs: momentOf(query.get('date_start'), nowMs - weekMs),
    endMs: momentOf(query.get('date_end'), nowMs),
    filters: filtersOf(query, rules.filters),
    afterRank: position?.rank ?? beforeAll,
    parameters,
  };
}

function wrongDates(
  query: URLSearchParams,
  nowMs: number,
  { requiresDates, refusesFutureEnd }: Readonly<DateQuirks>,
): Problem | undefined {
  for (const name of ['date_start', 'date_end']) {
    const text = query.get(name);
    if (text === null && requiresDates) return invalidParameter(name, 'is required');
    if (text === null) continue;
    // A `+` that was not percent-encoded arrives as a space, and its date is none.
    const moment = documentedFormat.test(text) ? parseVonageTime(text) : undefined;
    if (!moment) return invalidParameter(name, 'must be a date and time in ISO 8601 format');
    const mustBePast = name === 'date_start' || refusesFutureEnd;
    if (mustBePast && moment.getTime() >= nowMs) return invalidParameter(name, 'must be in the past');
  }
  return undefined;
}

/** A cursor goes with its iv, and with the parameters of the page that gave it. */
function wrongCursor(
  cursor: string | undefined,
  iv: string | undefined,
  parameters: DateQuery['parameters'],
): Problem | undefined {
  if (cursor === undefined && iv === undefined) return undefined;
  if (cursor === undefined) return invalidParameter('cursor', 'is required with iv');
  if (iv === undefined) return invalidParameter('iv', 'is required with cursor');
  const position = openPosition({ cursor, iv });
  if (!position) return invalidParameter('cursor', 'is not valid with this iv');
  const missing = Object.keys(position.parameters).find((name) => parameters[name] === undefined);
  if (missing !== undefined) return invalidParameter(missing, 'is required');
  const changed = Object.keys(parameters).find((name) => parameters[name] !== position.parameters[name]);
  return changed === undefined
    ? undefined
    : invalidParameter('cursor', `belongs to a query with another ${changed}`);
}

function momentOf(text: string | null, fallbackMs: number): number {
  return parseVonageTime(text ?? '')?.getTime() ?? fallbackMs;
}
