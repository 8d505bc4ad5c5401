import DataLoader from 'dataloader';
import type { RecordStore, Records, UnansweredLookup } from '../retrieval/record-store.js';

/** A lookup that memory could not answer, and the store that makes its calls. */
interface StoreLookup {
  readonly store: RecordStore;
  readonly lookup: UnansweredLookup;
}

export type RecordLoader = DataLoader<StoreLookup, Records>;

/**
 * The loader of one operation: the stores get the lookups of one tick as one array. The operation itself makes equal lookups
 * once, since memory answers most of them without the loader.
 */
export function createRecordLoader(): RecordLoader {
  return new DataLoader<StoreLookup, Records>(loadBatch, { cache: false });
}

async function loadBatch(batch: readonly StoreLookup[]): Promise<readonly (Records | Error)[]> {
  const found = new Map<StoreLookup, Promise<Records>>();
  for (const store of new Set(batch.map((each) => each.store))) {
    const own = batch.filter((each) => each.store === store);
    const results = store.load(own.map(({ lookup }) => lookup));
    for (const [index, each] of own.entries()) found.set(each, results[index] ?? Promise.resolve([]));
  }
  // DataLoader takes an Error in place of a value for the failure of one key among others.
  return Promise.all(batch.map((each) => (found.get(each) ?? Promise.resolve([])).catch(toError)));
}

function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('A lookup was rejected without an error.', { cause: reason });
}
