import { createHash } from 'node:crypto';
import { isPageStart, type PageStart } from '../../vonage/page-response.js';
import type { PageQuery } from '../../vonage/wire.js';
import type { RecordLane } from '../lookup/lanes.js';

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
