import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { WireRow } from '../records/base.js';
import { recordsPath, type WireRecordsResponse } from '../vonage/wire.js';
import type { Dataset, StoredRow } from './dataset.js';
import {
  type DateQuery,
  type DateQuirks,
  matchesFilters,
  type PageCursor,
  sealPosition,
} from './date-query.js';
import type { Fault, Faults } from './faults.js';
import type { SimulatedQuery } from './read-query.js';
import { seededUuid, wireTime } from './row-maker.js';

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

/** A page of a query by date. */
interface DatePage {
  readonly rows: readonly WireRow[];
  /** Null on the last page. */
  readonly next: PageCursor | null;
}

/**
 * The rows after those of the page before, in the order in which they were added. A row that is added while a client
 * reads page after page is on the last page.
 */
function pageByDate(
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
function nextSearch(
  { parameters }: DateQuery,
  next: PageCursor,
  omitted: readonly string[],
): URLSearchParams {
  const named = Object.entries({ ...parameters, ...next }).filter(([name]) => !omitted.includes(name));
  return new URLSearchParams(named);
}

/** What Vonage repeats of a query by date in its response: the dates and the filters, as they were sent. */
function echoOf({ parameters, filters }: DateQuery): Record<string, string> {
  const echoed = Object.entries(parameters).filter(
    ([name]) => name === 'date_start' || name === 'date_end' || filters.has(name),
  );
  return Object.fromEntries(echoed);
}

/** Sends an answer as JSON. */
export function sendRecords(
  reply: FastifyReply,
  body: unknown,
  { escapesText }: Readonly<DateQuirks>,
): FastifyReply {
  if (!escapesText) return reply.send(body);
  return reply.type('application/json; charset=utf-8').send(asAscii(JSON.stringify(body)));
}

/** Sends an answer up to the middle of a row, and then closes the connection. */
export function sendCutRecords(
  reply: FastifyReply,
  body: WireRecordsResponse,
  { rows, cursor }: Extract<Fault, { readonly kind: 'cut' }>,
): FastifyReply {
  const { records, cursor: _cursor, iv: _iv, _links: links, ...rest } = body;
  const head = cursor === 'arrives' ? body : { _links: { self: links.self }, ...rest };
  const whole = JSON.stringify({ ...head, records: undefined, ids_not_found: undefined });
  const sent = records.slice(0, rows).map((row) => `${JSON.stringify(row)},`);
  reply.hijack();
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  reply.raw.writeHead(200, { ...headers, 'content-type': 'application/json' });
  reply.raw.write(`${whole.slice(0, -1)},"records":[${sent.join('')}{"account_id":`, () =>
    reply.raw.destroy(),
  );
  return reply;
}

function asAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
