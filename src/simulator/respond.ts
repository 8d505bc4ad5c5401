import type { ProductRules } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import type { WireRow } from '../records/base.js';
import { parseVonageTime } from '../records/date-time.js';
import { recordsPath, type WireRecordsResponse } from '../vonage/wire.js';
import type { Dataset } from './dataset.js';
import type { SimulatedQuery } from './read-query.js';
import { wireTime } from './row-maker.js';
import { seededUuid } from './seeded.js';

/**
 * Answers a query from the dataset, in the envelope of the vendor's sample.
 *
 * @param maxPageRows rows on one page at most
 */
export function answer(
  query: SimulatedQuery,
  dataset: Dataset,
  search: string,
  nowMs: number,
  maxPageRows: number,
): WireRecordsResponse {
  const { rows, idsNotFound } = query.ids ? byIds(query, query.ids, dataset) : byDates(query, dataset);
  const page = rows.slice(0, maxPageRows).map((row) => shownPart(row, query));
  return {
    _links: { self: { href: `https://api.nexmo.com${recordsPath}?${search}` } },
    request_id: seededUuid('request', search),
    request_status: rows.length > maxPageRows ? 'TRUNCATED' : 'SUCCESS',
    ...(query.ids && { id: query.ids.join(',') }),
    received_at: wireTime(nowMs),
    price: 0,
    currency: 'EUR',
    account_id: query.accountId,
    product: query.product,
    ...(query.direction && { direction: query.direction }),
    include_message: query.includeMessage,
    items_count: page.length,
    records: page,
    ...(idsNotFound.length > 0 && { ids_not_found: idsNotFound.join(',') }),
  };
}

interface Found {
  readonly rows: readonly WireRow[];
  readonly idsNotFound: readonly string[];
}

/** Missing ids are named in another order than they were asked in, as the vendor's sample does. */
function byIds(
  { product, direction, accountId }: SimulatedQuery,
  ids: readonly string[],
  dataset: Dataset,
): Found {
  const rowsOf = (id: string) =>
    dataset.find(product, direction, id).filter((row) => row.account_id === accountId);
  const rows = new Set(ids.flatMap(rowsOf));
  return { rows: [...rows].reverse(), idsNotFound: ids.filter((id) => rowsOf(id).length === 0).reverse() };
}

function byDates({ product, direction, accountId, fromMs, toMs }: SimulatedQuery, dataset: Dataset): Found {
  const within = (row: WireRow) => {
    const moment = momentOf(row, rulesOf(product));
    return moment >= fromMs && moment < toMs && row.account_id === accountId;
  };
  return { rows: dataset.list(product, direction).filter(within), idsNotFound: [] };
}

function momentOf(row: WireRow, { dateField }: ProductRules): number {
  return parseVonageTime(String(row[dateField ?? '']))?.getTime() ?? Number.NaN;
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
