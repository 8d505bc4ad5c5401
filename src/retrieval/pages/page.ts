import { createHash } from 'node:crypto';
import type { ProductRules } from '../../catalogue/product.js';
import { type ErrorCode, errorCatalogue, GatewayError } from '../../errors.js';
import { inSteps } from '../../event-loop.js';
import type { WireRow } from '../../records/base.js';
import { occurredAt } from '../../records/finality.js';
import type { Codec } from '../../traffic/cache/cache.js';
import { isPageStart, type PageStart } from '../../vonage/page-response.js';
import type { PageQuery } from '../../vonage/wire.js';
import type { RecordLane, Rows } from '../lookup/lanes.js';
import { isRows, sizeOfRows } from '../rows-cache.js';

export { isPageStart, type PageStart };

/** Most records of one page. A page cannot be asked for with fewer, so each one may cost as many. */
export const maxRowsOfPage = 1000;

/** One page of the records of a lane in a window of time. */
export interface PageRequest {
  readonly lane: RecordLane;
  /** Begin of the window in epoch milliseconds, inclusive. */
  readonly sinceMs: number;
  /** End of the window in epoch milliseconds, exclusive. */
  readonly untilMs: number;
  /** Wire names and values, by name. */
  readonly filters: readonly (readonly [name: string, value: string])[];
  /** Where the page begins; null for the first page. */
  readonly start: PageStart | null;
}

/**
 * The call's parameters. Every page has those of the first one: Vonage's own link to the next page loses some of them in
 * production.
 */
export function toPageQuery({ lane, sinceMs, untilMs, filters, start }: PageRequest): PageQuery {
  const { accountId, product, direction, detail } = lane;
  return {
    account_id: accountId,
    product,
    ...(direction !== null && { direction }),
    date_start: wireTime(sinceMs),
    date_end: wireTime(untilMs),
    ...Object.fromEntries(filters),
    ...(detail.messageBody && { include_message: 'true' }),
    ...(detail.concatenated && { show_concatenated: 'true' }),
    ...start,
  };
}

/**
 * The name under which a page is kept. A page with more detail does not stand for one with less, although its rows would:
 * its cursor goes on with the detail that it was asked for with.
 */
export function pageName({ lane, sinceMs, untilMs, filters, start }: PageRequest): string {
  const rest = JSON.stringify([sinceMs, untilMs, filters, start]);
  // Hashed, since filters hold numbers and cursors are long.
  return `${lane.name}/${createHash('sha256').update(rest).digest('base64url')}`;
}

/** The form that the API reference shows: seconds, or milliseconds where there are any, and the offset. */
function wireTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace(/(\.000)?Z$/, '')}+00:00`;
}

/** A page that was bought. */
export interface Page {
  /** By the time at which they occurred, the earliest first. */
  readonly rows: Rows;
  /** Where the next page begins; null when none follows, or none can be reached. */
  readonly next: PageStart | null;
  /** End of the window that was asked for in epoch milliseconds: earlier than requested where the clock ran ahead. */
  readonly untilMs: number;
  /** Why rows of the page are missing; null for a whole page. */
  readonly fault: PageFault | null;
}

interface PageFault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The rows in the order of their times. Rows without a time come last; equal times keep Vonage's order. */
export async function sortRows(rows: Rows, rules: ProductRules): Promise<Rows> {
  const timed: { readonly row: WireRow; readonly atMs: number }[] = [];
  for await (const step of inSteps(rows))
    for (const row of step)
      timed.push({ row, atMs: occurredAt(row, rules)?.getTime() ?? Number.POSITIVE_INFINITY });
  return timed
    .sort((one, other) => (one.atMs === other.atMs ? 0 : one.atMs - other.atMs))
    .map(({ row }) => row);
}

/** What a caller is told about a page that lacks rows. The page stays bought: to ask again would be billed again. */
export function toPageFault(
  { code, message }: GatewayError,
  rows: number,
  next: PageStart | null,
): PageFault {
  const rest = next
    ? 'The next page can be read with endCursor; the missing records of this page are billed and lost.'
    : 'Its cursor did not arrive, so nothing behind it can be read: the page must be bought again, which the gateway does not do by itself within ten minutes.';
  return {
    code,
    message: `A page of records was cut after ${rows} records. ${rest} The cause: ${message}`,
  };
}

/** The fault as an error. */
export function faultError({ code, message }: PageFault): GatewayError {
  return new GatewayError(code, message);
}

/** Bytes that a page takes in memory, roughly. */
export function sizeOfPage({ rows }: Page): number {
  return sizeOfRows(rows);
}

/** Pages as text for a shared cache. What comes back is checked as if Vonage had sent it. */
export const pageCodec: Codec<Page> = {
  encode: (page) => JSON.stringify(page),
  decode(text) {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { rows: given, next = null, untilMs, fault = null } = value as Partial<Record<keyof Page, unknown>>;
    const isPage =
      isRows(given) && isStartOrNull(next) && Number.isSafeInteger(untilMs) && isFaultOrNull(fault);
    return isPage ? { rows: given, next, untilMs: untilMs as number, fault } : undefined;
  },
};

function isStartOrNull(value: unknown): value is PageStart | null {
  if (value === null) return true;
  const { cursor, iv } = value as Partial<PageStart>;
  return isPageStart(cursor, iv);
}

function isFaultOrNull(value: unknown): value is PageFault | null {
  if (value === null) return true;
  const { code, message } = value as Partial<PageFault>;
  return typeof message === 'string' && Object.hasOwn(errorCatalogue, code ?? '');
}
