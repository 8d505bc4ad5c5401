import DataLoader from 'dataloader';
import { canonicalId } from '../catalogue/vonage-id.js';
import type { UsageRecord } from '../records/usage-record.js';
import type { RecordRequest } from '../retrieval/record-request.js';

/** Every record of one id; none when it was not found. */
export type Records = readonly UsageRecord[];

/** Finds records for one operation: equal look-ups of it are made once, and those of one tick are asked for together. */
export type RecordLoader = DataLoader<RecordRequest, Records, string>;

/**
 * @param find asks the process-wide store; its batches span all operations
 */
export function createRecordLoader(find: (request: RecordRequest) => Promise<Records>): RecordLoader {
  return new DataLoader((requests) => Promise.all(requests.map((request) => find(request).catch(toError))), {
    cacheKeyFn: requestKey,
  });
}

/** DataLoader takes an Error in place of a value for the failure of one key among others. */
function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('A look-up was rejected without an error', { cause: reason });
}

function requestKey({ id, accountId, products, direction, content }: RecordRequest): string {
  const selected = [...content.messageBodyOf, '+', ...content.concatenatedOf].sort();
  return [canonicalId(id), accountId, products.join(), direction ?? '', selected.join()].join('/');
}
