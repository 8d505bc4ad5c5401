import DataLoader from 'dataloader';
import type { Lookup } from '../retrieval/lookup/lookup.js';
import type { Operation } from '../retrieval/operation.js';
import { type RecordStore, type Records, UnansweredLookup } from '../retrieval/record-store.js';

/** A lookup that memory could not answer, and the store that makes its calls. */
interface StoreLookup {
  readonly store: RecordStore;
  readonly lookup: UnansweredLookup;
}

export interface RecordLoaderOptions {
  /** Called once for each lookup, with what it found. */
  onFound(records: Records): void;
  /** The error that the caller gets for the failure of a lookup. */
  toCallerError(error: unknown): unknown;
}

/** Finds the records of one operation: each lookup once, and the lookups of one tick that need calls as one array. */
export class RecordLoader {
  readonly #options: RecordLoaderOptions;
  /**
   * The cache of the DataLoader. A lookup that memory answers puts its records there itself: a promise for each of hundreds
   * of ids would cost more than their records.
   */
  readonly #cache = new Map<string, Records | Promise<Records>>();
  #loader: DataLoader<StoreLookup, Records, string> | undefined;

  constructor(options: RecordLoaderOptions) {
    this.#options = options;
  }

  /** The records of a lookup, at once where memory knows them. */
  find(store: RecordStore, lookup: Lookup, operation: Operation): Records | Promise<Records> {
    const cached = this.#cache.get(lookup.cacheKey);
    if (cached) return cached;
    const found = store.find(lookup, operation);
    if (found instanceof UnansweredLookup) return this.#dataLoader().load({ store, lookup: found });
    this.#options.onFound(found);
    this.#cache.set(lookup.cacheKey, found);
    return found;
  }

  /** Made for the first lookup that needs a call. */
  #dataLoader(): DataLoader<StoreLookup, Records, string> {
    this.#loader ??= new DataLoader((batch) => this.#loadBatch(batch), {
      cacheKeyFn: ({ lookup }) => lookup.source.lookup.cacheKey,
      // The loader is asked only for keys that the cache lacks, so it reads no value but its own promises.
      cacheMap: this.#cache as Map<string, Promise<Records>>,
    });
    return this.#loader;
  }

  /** DataLoader takes an Error in place of a value for the failure of one key among others. */
  async #loadBatch(batch: readonly StoreLookup[]): Promise<readonly (Records | Error)[]> {
    const found = new Map<StoreLookup, Promise<Records>>();
    for (const store of new Set(batch.map((each) => each.store))) {
      const own = batch.filter((each) => each.store === store);
      const results = store.load(own.map(({ lookup }) => lookup));
      for (const [index, each] of own.entries()) found.set(each, results[index] ?? Promise.resolve([]));
    }
    return Promise.all(batch.map((each) => this.#settle(found.get(each))));
  }

  async #settle(finding: Promise<Records> | undefined): Promise<Records | Error> {
    try {
      const records = (await finding) ?? [];
      this.#options.onFound(records);
      return records;
    } catch (error) {
      return toError(this.#options.toCallerError(error));
    }
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('A lookup was rejected without an error.', { cause: reason });
}
