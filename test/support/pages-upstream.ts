import type { ServerResponse } from 'node:http';
import { startUpstream, type Upstream } from '../vonage/upstream.js';

type Row = Readonly<Record<string, unknown>>;

/** What a test decides about one call for a page. */
export interface PageAnswer {
  readonly rows: readonly Row[];
  readonly next?: { readonly cursor: string; readonly iv: string };
}

/** Rows of outbound SMS, one a second from a moment on. */
export function smsRows(count: number, fromMs = Date.UTC(2026, 0, 1), row: Row = {}): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    account_id: 'abcd1234',
    message_id: (0xa000000000000000n + BigInt(index)).toString(16),
    direction: 'outbound',
    from: 'Vonage',
    to: '447700900123',
    status: 'delivered',
    date_received: `${new Date(fromMs + index * 1000).toISOString().slice(0, 19)}+0000`,
    total_price: '0.0333',
    ...row,
  }));
}

/** A Vonage that has these rows, in pages of a thousand. Its cursors name places in the list of rows. */
export function startPages(
  rows: readonly Row[],
  send: (response: ServerResponse, answer: PageAnswer, call: number) => void = sendPage,
): Promise<Upstream> {
  let calls = 0;
  return startUpstream((response, { url = '' }) => {
    const { searchParams } = new URL(url, 'http://upstream');
    calls += 1;
    const ids = searchParams.get('id')?.split(',');
    if (ids) {
      const found = rows.filter(({ message_id: id }) => ids.includes(String(id)));
      const missing = ids.filter((id) => !found.some(({ message_id: own }) => own === id));
      return sendPage(response, { rows: found }, missing);
    }
    const start = Number(searchParams.get('cursor')?.replace('c', '') ?? 0);
    const page = rows.slice(start, start + 1000);
    const end = start + page.length;
    const next = end < rows.length ? { next: { cursor: `c${end}`, iv: `i${end}` } } : {};
    send(response, { rows: page, ...next }, calls);
  });
}

/** Answers with a page as Vonage does: the cursor comes before the records. */
export function sendPage(
  response: ServerResponse,
  { rows, next }: PageAnswer,
  missing: readonly string[] | number = [],
): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      request_status: next ? 'TRUNCATED' : 'SUCCESS',
      items_count: rows.length,
      ...next,
      ...(Array.isArray(missing) && missing.length > 0 && { ids_not_found: missing.join(',') }),
      records: rows,
    }),
  );
}
