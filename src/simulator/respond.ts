import type { WireRow } from '../records/base.js';
import { recordsPath, type WireRecordsResponse } from '../vonage/wire.js';
import type { PageCursor } from './by-date/cursor.js';
import { echoOf, nextSearch, pageByDate } from './by-date/page.js';
import type { Dataset } from './dataset.js';
import type { Faults } from './faults.js';
import type { SimulatedQuery } from './read-query.js';
import { wireTime } from './row-maker.js';
import { seededUuid } from './seeded.js';

const address = `https://api.nexmo.com${recordsPath}`;

/** Answers a query from the dataset, in the envelope of the vendor's sample. */
export function answer(
  query: SimulatedQuery,
  dataset: Dataset,
  search: string,
  nowMs: number,
  { maxPageRows, dateQuirks }: Faults,
): WireRecordsResponse {
  const { dates } = query;
  const { rows, idsNotFound, isCut, next } = find(query, dataset, maxPageRows);
  const links = {
    self: { href: `${address}?${search}` },
    ...(dates &&
      next && { next: { href: `${address}?${nextSearch(dates, next, dateQuirks.nextLinkOmits)}` } }),
  };
  return {
    _links: links,
    request_id: seededUuid('request', search),
    request_status: isCut ? 'TRUNCATED' : 'SUCCESS',
    ...(query.ids && { id: query.ids.join(',') }),
    received_at: wireTime(nowMs),
    price: 0,
    currency: 'EUR',
    account_id: query.accountId,
    product: query.product,
    ...(query.direction && { direction: query.direction }),
    ...(dates && echoOf(dates)),
    include_message: query.includeMessage,
    items_count: rows.length,
    ...next,
    records: rows.map((row) => shownPart(row, query)),
    ...(idsNotFound.length > 0 && { ids_not_found: idsNotFound.join(',') }),
  };
}

interface Found {
  readonly rows: readonly WireRow[];
  readonly idsNotFound: readonly string[];
  /** Whether there are more rows than those of the page. */
  readonly isCut: boolean;
  readonly next: PageCursor | null;
}

function find(query: SimulatedQuery, dataset: Dataset, maxRows: number): Found {
  if (query.dates) {
    const page = pageByDate(query, query.dates, dataset, maxRows);
    return { ...page, idsNotFound: [], isCut: page.next !== null };
  }
  const { rows, idsNotFound } = byIds(query, query.ids ?? [], dataset);
  return { rows: rows.slice(0, maxRows), idsNotFound, isCut: rows.length > maxRows, next: null };
}

/** Missing ids are named in another order than they were asked in, as the vendor's sample does. */
function byIds(
  { product, direction, accountId }: SimulatedQuery,
  ids: readonly string[],
  dataset: Dataset,
): Pick<Found, 'rows' | 'idsNotFound'> {
  const rowsOf = (id: string) =>
    dataset.find(product, direction, id).filter((row) => row.account_id === accountId);
  const rows = new Set(ids.flatMap(rowsOf));
  return { rows: [...rows].reverse(), idsNotFound: ids.filter((id) => rowsOf(id).length === 0).reverse() };
}

/** The text and the flag are there only when they were asked for. */
function shownPart(row: WireRow, { includeMessage, showConcatenated }: SimulatedQuery): WireRow {
  const { message_body: text, concatenated, ...shown } = row;
  return {
    ...shown,
    ...(includeMessage && text !== undefined && { message_body: text }),
    ...(showConcatenated && concatenated !== undefined && { concatenated }),
  };
}
