import type { WireRow } from '../../records/base.js';
import type { Dataset, StoredRow } from '../dataset.js';
import type { SimulatedQuery } from '../read-query.js';
import { type PageCursor, sealPosition } from './cursor.js';
import { matchesFilters } from './filters.js';
import type { DateQuery } from './read-date-query.js';

/** A page of a query by date. */
export interface DatePage {
  readonly rows: readonly WireRow[];
  /** Null on the last page. */
  readonly next: PageCursor | null;
}

/**
 * The rows after those of the page before, in the order in which they were added. A row that is added while a client
 * reads page after page is on the last page.
 */
export function pageByDate(
  { product, direction, accountId }: SimulatedQuery,
  { startMs, endMs, filters, afterRank, parameters }: DateQuery,
  dataset: Dataset,
  maxRows: number,
): DatePage {
  const isAsked = ({ row, rank, momentMs }: StoredRow) =>
    rank > afterRank &&
    momentMs >= startMs &&
    momentMs < endMs &&
    row.account_id === accountId &&
    matchesFilters(row, product, filters);
  const asked = dataset.stored(product, direction).filter(isAsked);
  const page = asked.slice(0, maxRows);
  const last = page.at(-1);
  const next = last && asked.length > page.length ? sealPosition({ rank: last.rank, parameters }) : null;
  return { rows: page.map(({ row }) => row), next };
}

/** Parameters of the link to the next page, less those that a quirk leaves out. */
export function nextSearch(
  { parameters }: DateQuery,
  next: PageCursor,
  omitted: readonly string[],
): URLSearchParams {
  const named = Object.entries({ ...parameters, ...next }).filter(([name]) => !omitted.includes(name));
  return new URLSearchParams(named);
}

/** What Vonage repeats of a query by date in its response: the dates and the filters, as they were sent. */
export function echoOf({ parameters, filters }: DateQuery): Record<string, string> {
  const echoed = Object.entries(parameters).filter(
    ([name]) => name === 'date_start' || name === 'date_end' || filters.has(name),
  );
  return Object.fromEntries(echoed);
}
