/**
 * The JSON of `GET /v2/reports/records`, as the API reference and the vendor's samples show it. Everything in it is
 * hostile until checked: these types say what is expected, not what arrives.
 */

/** Path of the synchronous records endpoint. */
export const recordsPath = '/v2/reports/records';

/** Most ids that one call may name (the API reference's limit for the `id` parameter). */
export const maxIdsPerCall = 20;

/** Query parameters of a look-up by id; nothing else may be sent with an id. */
export interface RecordsQuery {
  readonly account_id: string;
  readonly product: string;
  readonly direction?: string;
  /** Comma-separated. */
  readonly id: string;
  readonly include_message?: 'true';
  readonly show_concatenated?: 'true';
}

/** Query parameters of one page of the records in a window of time. Any other name is a filter of the product. */
export interface PageQuery {
  readonly account_id: string;
  readonly product: string;
  readonly direction?: string;
  /** Inclusive. */
  readonly date_start: string;
  /** Exclusive. */
  readonly date_end: string;
  readonly include_message?: 'true';
  readonly show_concatenated?: 'true';
  /** Where the page begins, with `iv`; both are absent for the first page. */
  readonly cursor?: string;
  readonly iv?: string;
  readonly [filter: string]: string | undefined;
}

/** A successful answer. */
export interface WireRecordsResponse {
  readonly _links: { readonly self: { readonly href: string }; readonly next?: { readonly href: string } };
  readonly request_id: string;
  readonly request_status: 'SUCCESS' | 'TRUNCATED';
  readonly received_at: string;
  readonly price: number;
  readonly currency: string;
  readonly account_id: string;
  readonly product: string;
  readonly direction?: string;
  readonly items_count: number;
  /** In a query by date that has another page: names it, together with `iv`. Opaque. */
  readonly cursor?: string;
  readonly iv?: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** Comma-separated, in no particular order; absent when every id was found. */
  readonly ids_not_found?: string;
  readonly [echo: string]: unknown;
}

/** A refusal: RFC 7807-like, or a list of parameters. */
export interface ProblemResponse {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly invalid_parameters?: readonly { readonly name: string; readonly reason: string }[];
}
