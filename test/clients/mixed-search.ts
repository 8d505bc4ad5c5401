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
    results { requestedId outcome records { __typename id rowId vonageStatus } }
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

/** Adds a call whose speech recognition has three segments. */
export function addThreeSegments({ simulator }: TestGateway): string {
  const id = 'three-segments-1';
  for (const index of [1, 2, 3]) {
    const own = { id: `segment-${index}`, status: `ok-${index}`, date_start: `2026-01-05T08:00:0${index}Z` };
    const row = { account_id: 'abcd1234', call_id: id, ...own };
    simulator.dataset.add({ product: Product.ASR, direction: null, row });
  }
  return id;
}
