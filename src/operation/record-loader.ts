import DataLoader from 'dataloader';
import { canonicalId } from '../catalogue/ids.js';
import type { UsageRecord } from '../records/base.js';
import type { RecordRequest } from '../retrieval/lookup/lanes.js';

/** Every record of one id; none when it was not found. */
export type Records = readonly UsageRecord[];

/** Finds records for one operation: equal look-ups of it are made once, and those of one tick are asked for together. */
export interface RecordLoader {
  /** The records, at once where memory has them. Rejects with a GatewayError. */
  load(request: RecordRequest): Records | Promise<Records>;
}

/** What a loader asks: the process-wide store, whose batches span all operations. */
export interface RecordSource {
  /** What memory has at hand; undefined when somebody must be asked. */
  findCached(request: RecordRequest): Records | undefined;
  find(request: RecordRequest): Promise<Records>;
}

/** Look-ups of one scope, by their ids. */
type Known = Map<string, Records | Promise<Records>>;

export function createRecordLoader({ find, findCached }: RecordSource): RecordLoader {
  const knownOf = scopes();
  const loader = new DataLoader<RecordRequest, Records>(
    (requests) => Promise.all(requests.map((request) => find(request).catch(toError))),
    { cache: false },
  );
  return {
    load(request) {
      const known = knownOf(request);
      const id = canonicalId(request.id);
      const records = known.get(id) ?? findCached(request) ?? loader.load(request);
      known.set(id, records);
      return records;
    },
  };
}

/** DataLoader takes an Error in place of a value for the failure of one key among others. */
function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('A look-up was rejected without an error', { cause: reason });
}

/** What was looked up already. The ids of one field share their scope and come together, so its name is made once. */
function scopes(): (request: RecordRequest) => Known {
  const byName = new Map<string, Known>();
  let latest: { readonly request: RecordRequest; readonly known: Known } | undefined;
  return (request) => {
    if (latest && isSameScope(latest.request, request)) return latest.known;
    const name = scopeName(request);
    const known: Known = byName.get(name) ?? new Map();
    byName.set(name, known);
    latest = { request, known };
    return known;
  };
}

function isSameScope(one: RecordRequest, other: RecordRequest): boolean {
  return (
    one.content === other.content &&
    one.products === other.products &&
    one.direction === other.direction &&
    one.accountId === other.accountId
  );
}

function scopeName({ accountId, products, direction, content }: RecordRequest): string {
  const selected = [...content.messageBodyOf, '+', ...content.concatenatedOf].sort();
  return [accountId, products.join(), direction ?? '', selected.join()].join('/');
}
