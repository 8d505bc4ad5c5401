import DataLoader from 'dataloader';
import type { Lookup } from '../retrieval/lookup/lookup.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import type { RecordStore, Records } from '../retrieval/record-store.js';

/** A lookup and the engine that finds it. */
export interface EngineLookup {
  readonly engine: RecordEngine;
  readonly lookup: Lookup;
}

/** Finds many lookups of one store. */
export type FindAll = (
  store: RecordStore,
  lookups: readonly Lookup[],
) => readonly (Records | Promise<Records>)[];

export type RecordLoader = DataLoader<EngineLookup, Records, string>;

/** The loader of one operation: equal lookups are made once, and the store gets those of one tick as one array. */
export function createRecordLoader(findAll: FindAll): RecordLoader {
  return new DataLoader<EngineLookup, Records, string>((lookups) => loadBatch(lookups, findAll), {
    cacheKeyFn: ({ lookup }) => lookup.cacheKey,
  });
}

async function loadBatch(
  batch: readonly EngineLookup[],
  findAll: FindAll,
): Promise<readonly (Records | Error)[]> {
  const found = new Map<EngineLookup, Records | Promise<Records>>();
  for (const engine of new Set(batch.map((each) => each.engine))) {
    const own = batch.filter((each) => each.engine === engine);
    const results = findAll(
      engine.store,
      own.map(({ lookup }) => lookup),
    );
    for (const [index, each] of own.entries()) found.set(each, results[index] ?? []);
  }
  return Promise.all(batch.map((lookup) => settled(found.get(lookup) ?? [])));
}

/** DataLoader takes an Error in place of a value for the failure of one key among others. */
function settled(records: Records | Promise<Records>): Records | Promise<Records | Error> {
  return records instanceof Promise ? records.catch(toError) : records;
}

function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('A lookup was rejected without an error.', { cause: reason });
}
