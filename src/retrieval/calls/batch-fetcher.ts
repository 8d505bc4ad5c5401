import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import type { RateLimiter } from '../../traffic/rate-limit/rate-limiter.js';
import { mayConcernOneId } from '../../vonage/refusal.js';
import type { RecordLane, Rows } from '../lookup/lanes.js';
import type { RetrievalObserver } from '../retrieval-observer.js';
import { BatchCharges } from './batch-charges.js';
import { bisectBatch } from './bisect-batch.js';
import type { AttributedResponse, Entry, IdsCalls, RecordBatch } from './ids-calls.js';
import { rowsOfId } from './rows-of-id.js';
import { abandonedCall } from './vonage-caller.js';

export interface BatchFetcherOptions {
  readonly calls: IdsCalls;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly observer?: RetrievalObserver | undefined;
  /** Gets all rows of each id once, as soon as they are known. Not called for an id whose page was cut. */
  onRows(lane: RecordLane, key: string, rows: Rows): void;
}

/** A batch whose calls are being made, and what they cost its lookups. */
interface Fetch {
  readonly batch: RecordBatch;
  readonly charges: BatchCharges;
}

/** Makes the calls of one batch of ids and gives each id its rows. */
export class BatchFetcher {
  readonly #options: BatchFetcherOptions;

  constructor(options: BatchFetcherOptions) {
    this.#options = options;
  }

  /** Settles every id of a batch. The token of the first call is held; each further call acquires its own. */
  async fetch(batch: RecordBatch): Promise<void> {
    const fetch: Fetch = { batch, charges: new BatchCharges(batch.callers) };
    const { observer, clock } = this.#options;
    if (observer) for (const { enqueuedAtMs } of batch.entries) observer.onIdSent(clock.now() - enqueuedAtMs);
    try {
      await this.#settleAll(fetch, batch.entries);
    } catch (error) {
      if (batch.entries.length === 1 || !mayConcernOneId(error)) return failAll(fetch, batch.entries, error);
      await bisectBatch({
        entries: batch.entries,
        refusal: error,
        isRefusal: mayConcernOneId,
        ask: (entries) => this.#askAgain(fetch, entries),
        fail: (entries, failure) => failAll(fetch, entries, failure),
      });
    }
  }

  /** An id that a response says nothing about, or whose rows a full page may have cut, is asked for once more, alone. */
  async #settleAll(fetch: Fetch, entries: readonly Entry[]): Promise<void> {
    const response = await this.#options.calls.ask(fetch.batch, entries, fetch.charges);
    const { attribution, failure, mayLackRows } = response;
    for (const [key, rows] of attribution.found) if (!mayLackRows(key)) this.#settle(fetch, key, rows);
    for (const key of attribution.missing) this.#settle(fetch, key, []);
    if (failure) throw failure;
    if (entries.length === 1) return this.#settleAlone(fetch, entries, response);
    const open = entries.filter(
      ({ key }) => attribution.unanswered.includes(key) || (attribution.found.has(key) && mayLackRows(key)),
    );
    await Promise.all(open.map((entry) => this.#askAlone(fetch, entry)));
  }

  /** An id that was asked for alone is not asked for again: nothing is known of it, or it has more rows than fit a page. */
  #settleAlone(
    fetch: Fetch,
    [entry]: readonly Entry[],
    { attribution, mayLackRows }: AttributedResponse,
  ): void {
    if (!entry) return;
    const rows = attribution.found.get(entry.key);
    if (!rows) this.#settle(fetch, entry.key, []);
    else if (mayLackRows(entry.key)) settleIncomplete(fetch, entry.key, rows);
  }

  #settle({ batch, charges }: Fetch, key: string, found: Rows): void {
    const rows = rowsOfId(found, key, rulesOf(batch.lane.product));
    this.#options.onRows(batch.lane, key, rows);
    batch.settle(key, { value: { rows, isComplete: true, charges: charges.of(key) } });
  }

  async #askAgain(fetch: Fetch, entries: readonly Entry[]): Promise<void> {
    await fetch.batch.acquireNext();
    const wanted = entries.filter((entry) => entry.isWanted);
    failAll(
      fetch,
      entries.filter((entry) => !entry.isWanted),
      abandonedCall(),
    );
    if (wanted.length > 0) await this.#settleAll(fetch, wanted);
    else this.#options.rateLimiter.release();
  }

  async #askAlone(fetch: Fetch, entry: Entry): Promise<void> {
    try {
      await this.#askAgain(fetch, [entry]);
    } catch (error) {
      failAll(fetch, [entry], error);
    }
  }
}

/** Rows that are not all are shown and not kept: a cache could not tell that some are missing. */
function settleIncomplete({ batch, charges }: Fetch, key: string, found: Rows): void {
  const rows = rowsOfId(found, key, rulesOf(batch.lane.product));
  batch.settle(key, { value: { rows, isComplete: false, charges: charges.of(key) } });
}

function failAll({ batch, charges }: Fetch, entries: readonly Entry[], error: unknown): void {
  for (const { key } of entries)
    batch.settle(key, { error, partial: { rows: [], isComplete: false, charges: charges.of(key) } });
}
