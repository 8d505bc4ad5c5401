import type { Product } from '../catalogue/product.js';
import { type ErrorCode, GatewayError } from '../errors.js';
import type { RecordsResponse } from '../vonage/records-response.js';
import type { Operation } from './operation.js';
import type { LookupOutcome } from './usage-meter.js';

/**
 * How a call ended. `not_found_only`: no id was found. `4xx`: any other refusal than 429. `cut`: no connection, or a response
 * that broke off or could not be read.
 */
export type CallOutcome = 'ok' | 'not_found_only' | '429' | '4xx' | '5xx' | 'timeout' | 'cut';

/** One attempt of a call to Vonage, after its end. */
export interface EndedCall {
  readonly accountId: string;
  readonly product: Product;
  readonly outcome: CallOutcome;
  /** Ids that it named; 0 for a page of records. */
  readonly ids: number;
  /** Records that Vonage returned, and so billed. */
  readonly recordsBilled: number;
  readonly durationMs: number;
  /** Operations that waited for it, when it was sent or later. */
  readonly operations?: ReadonlySet<Operation>;
  /** Why it failed; undefined for a response that arrived whole. */
  readonly failure: unknown;
}

/**
 * Why a record cost no call: it was cached, an equal lookup waited (`shared`) or was sent (`in_flight`), or another operation
 * paid for its page.
 */
export type SavedBy = 'cache' | 'shared' | 'in_flight' | 'page';

/** Told what happens between lookups and Vonage, for logs and metrics. No method may throw. */
export interface RetrievalObserver {
  onCallEnded(call: EndedCall): void;
  /** Called for each id when its call starts. */
  onIdSent(waitMs: number): void;
  /** Called for each id that an operation looked up. */
  onLookupEnded(outcome: 'found' | 'not_found' | 'failed', ids?: number): void;
  /** Called for each id that is refused without a call. */
  onLookupRefused(code: ErrorCode): void;
  onRecordsSaved(product: Product, by: SavedBy, records: number): void;
}

/** Tells several observers, of which each may leave out some events. */
export function observers(all: readonly Partial<RetrievalObserver>[]): RetrievalObserver {
  return {
    onCallEnded: (call) => all.forEach((each) => void each.onCallEnded?.(call)),
    onIdSent: (waitMs) => all.forEach((each) => void each.onIdSent?.(waitMs)),
    onLookupEnded: (outcome, ids) => all.forEach((each) => void each.onLookupEnded?.(outcome, ids)),
    onLookupRefused: (code) => all.forEach((each) => void each.onLookupRefused?.(code)),
    onRecordsSaved: (...saved) => all.forEach((each) => void each.onRecordsSaved?.(...saved)),
  };
}

/** How a call ended that Vonage responded to, also where the response was cut. */
export function outcomeOfResponse({ rows, failure, omitted }: RecordsResponse): CallOutcome {
  if (failure) return outcomeOfFailure(failure);
  return rows.length + (omitted?.length ?? 0) > 0 ? 'ok' : 'not_found_only';
}

export function outcomeOfFailure(failure: unknown): CallOutcome {
  if (!(failure instanceof GatewayError)) return 'cut';
  const { upstream, code } = failure;
  const status = upstream?.status ?? 0;
  if (status === 429) return '429';
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return code === 'UPSTREAM_TIMEOUT' ? 'timeout' : 'cut';
}

/** Errors with which the gateway refuses a lookup by itself. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'OVERLOADED',
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_UNAUTHORIZED',
]);

/** The code with which a lookup was refused before anything was sent for it; undefined for any other outcome. */
export function refusalOf(outcome: LookupOutcome): ErrorCode | undefined {
  if (!('error' in outcome) || outcome.partial || !(outcome.error instanceof GatewayError)) return undefined;
  return refusals.has(outcome.error.code) ? outcome.error.code : undefined;
}
