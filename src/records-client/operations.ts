/** Result of one id, as `lookupDocument` asks for it. */
export interface LookupEntry<SelectedRecord> {
  readonly requestedId: string;
  readonly outcome: 'FOUND' | 'NOT_FOUND' | 'INCOMPLETE' | 'FAILED';
  readonly records: readonly SelectedRecord[];
  readonly error: LookupError | null;
}

export interface LookupError {
  readonly code: string;
  readonly message: string;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | null;
}

export interface LookupData<SelectedRecord> {
  readonly records: { readonly results: readonly LookupEntry<SelectedRecord>[] };
}

export interface ListData<SelectedRecord> {
  readonly recordsByDate: {
    readonly nodes: readonly SelectedRecord[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** Ids of one operation that is only planned; the schema takes more. */
export const idsPerPlan = 200;

/** The operation that looks up some ids: `$ids`, `$product`, `$direction` and `$accountId`. */
export function lookupDocument(selection: string): string {
  return `query RecordsByIds($ids: [ID!]!, $product: VonageProduct, $direction: TrafficDirection, $accountId: ID) {
  records(ids: $ids, product: $product, direction: $direction, accountId: $accountId) {
    results { requestedId outcome records { ${selection} } error { code message isRetryable retryAfterMs } }
  }
}`;
}

/** The operation that lists records by date, a page at a time. Its variables have the names of its arguments. */
export function listDocument(selection: string): string {
  return `query RecordsByDate($product: VonageProduct!, $direction: TrafficDirection, $accountId: ID, $since: DateTime!, $until: DateTime, $first: Int!, $after: String) {
  recordsByDate(product: $product, direction: $direction, accountId: $accountId, since: $since, until: $until, first: $first, after: $after) {
    nodes { ${selection} }
    pageInfo { hasNextPage endCursor }
  }
}`;
}

/** Why an id failed, for a person; undefined where Vonage answered in full. */
export function failureOf({
  outcome,
  error,
}: Pick<LookupEntry<unknown>, 'outcome' | 'error'>): string | undefined {
  if (outcome === 'INCOMPLETE') return 'Vonage returned only a part of its records';
  return outcome === 'FAILED' ? (error?.message ?? 'The gateway gives no reason') : undefined;
}
