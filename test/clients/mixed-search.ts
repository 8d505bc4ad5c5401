import { Product } from '../../src/catalogue/product.js';
import type { TestGateway } from '../support/start-gateway.js';

/** A search over several products; no field of it needs an alias. */
export const mixedSearchText = `query MixedSearchQuery($ids: [ID!]!) {
  records(ids: $ids) {
    results {
      requestedId
      outcome
      records { __typename id product vonageStatus totalPrice }
      error { code isRetryable }
    }
  }
}`;

/** One id in two lookups with different results. */
export const twoLookupsText = `query TwoLookupsQuery($ids: [ID!]!) {
  sms: records(ids: $ids, product: SMS, direction: OUTBOUND) {
    results { requestedId outcome records { __typename id vonageStatus } }
  }
  calls: records(ids: $ids, product: VOICE_CALL) {
    results { requestedId outcome records { __typename id vonageStatus } }
  }
}`;

/** All segments of the speech recognition in one call. */
export const segmentsText = `query SegmentsQuery($ids: [ID!]!) {
  records(ids: $ids, product: ASR) {
    results { requestedId outcome records { __typename id rowId totalPrice vonageStatus } }
  }
}`;

export interface CachedRecord {
  readonly __typename: string;
  readonly id: string;
  readonly rowId?: string | null;
  readonly product?: string;
  readonly vonageStatus: string | null;
  readonly totalPrice?: string | null;
}

export interface LookupData {
  readonly results: readonly {
    readonly requestedId: string;
    readonly outcome: string;
    readonly records: readonly CachedRecord[];
    readonly error?: { readonly code: string; readonly isRetryable: boolean } | null;
  }[];
}

/** Each requested id with its outcome and the statuses of its records. */
export function outcomesOf({ results }: LookupData): [id: string, outcome: string, statuses: unknown[]][] {
  return results.map(({ requestedId, outcome, records }) => [
    requestedId,
    outcome,
    records.map(({ vonageStatus }) => vonageStatus),
  ]);
}

export const smsId = '15000000E1F8B123';
export const callId = '7267dedb75adbc3094c7926a0d5ef9ba-1';
export const mixedIds = [smsId, callId, '7b109636-1a05-11eb-bad9-38f9d3316493'];

/** Three segments of the speech recognition in one call, by the ids that their rows have. */
export const segmentKinds = [
  ['with an id each', ['segment-1', 'segment-2', 'segment-3']],
  ['without ids', [undefined, undefined, undefined]],
  ['with the same id', ['segment', 'segment', 'segment']],
  ['with an id that two of them share', ['segment-1', 'segment-2', 'segment-1']],
] as const;

/** What the segments cost, in their order. */
export const segmentPrices = ['0.01', '0.02', '0.03'];

/** Adds the segments of a call in one order, and none in another. */
export function setSegments(
  { simulator: { dataset } }: TestGateway,
  ids: readonly (string | undefined)[],
  order: readonly number[] = [0, 1, 2],
): string {
  const callId = 'three-segments-1';
  dataset.remove(Product.ASR, callId);
  for (const index of order) {
    const own = { ...(ids[index] && { id: ids[index] }), total_price: segmentPrices[index], status: 'ok' };
    const row = { account_id: 'abcd1234', call_id: callId, date_start: '2026-01-05T08:00:00Z', ...own };
    dataset.add({ product: Product.ASR, direction: null, row });
  }
  return callId;
}

/** The prices of the segments in a lookup of their call. */
export function pricesOf({ results }: LookupData): (string | null | undefined)[] {
  return results.flatMap(({ records }) => records.map(({ totalPrice }) => totalPrice));
}
