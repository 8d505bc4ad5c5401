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

/** A response to one operation. */
export interface OperationResponse<Data> {
  readonly data: Data | null;
  readonly errors: readonly OperationError[];
  readonly extensions: { readonly vonage?: VonageReport };
}

interface OperationError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
}

/** What the gateway reports of an operation's cost, to a caller who may see it. */
interface VonageReport {
  readonly calls?: number;
  readonly recordsBilled?: number;
  /** Only of a dry run. */
  readonly plan?: CostPlan;
}

/** What an operation would cost. */
export interface CostPlan {
  readonly calls: number;
  readonly callsAtMost: number;
  readonly cacheHits: number;
  readonly waitMs: number;
  /** Only of a list by date. */
  readonly pages?: { readonly kept: number; readonly recordsAtMost: number };
}

/** The gateway did not run an operation, or could not be reached. */
export class RefusedOperation extends Error {
  constructor(
    message: string,
    /** A code of the gateway's errors, UNREACHABLE, or USAGE for an operation that was not sent. */
    readonly code: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** Request headers of an operation. A bearer token is added where there is one. */
export function operationHeaders(token: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}

/** Request headers with which the gateway tells what an operation would cost, in place of running it. */
export const dryRunHeaders = { 'x-dry-run': '1' } as const;

/** Longer texts of a server that is no gateway would fill the screen. */
const maxShownLength = 300;

/**
 * Reads the body of a response.
 *
 * @param endpoint address that was asked, for the error
 * @throws RefusedOperation for a response without data
 */
export function readResponse<Data>(endpoint: string, status: number, text: string): OperationResponse<Data> {
  const body = parse(text) as Partial<OperationResponse<Data>> | null | undefined;
  if (!body || typeof body !== 'object' || !('data' in body || 'errors' in body)) {
    const start = text.trim().slice(0, maxShownLength);
    throw new RefusedOperation(`${endpoint} is no GraphQL endpoint: ${status} ${start}`, 'UNREACHABLE');
  }
  const { data = null, errors = [], extensions = {} } = body;
  const [error] = errors;
  if (!error || data) return { data, errors, extensions };
  const { code = 'INTERNAL_SERVER_ERROR', retryAfterMs } = error.extensions ?? {};
  throw new RefusedOperation(error.message, code, retryAfterMs);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
