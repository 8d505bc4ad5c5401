import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import type { RateLimiter } from '../../traffic/rate-limit/rate-limiter.js';
import { isInternalError, isUnexplained, mayConcernOneId } from '../../vonage/upstream-problem.js';
import type { RecordLane, Rows } from '../lookup/lanes.js';
import type { RetrievalObserver } from '../retrieval-observer.js';
import { BatchCharges } from '../usage-meter.js';
import { rowsOfId } from './attribution.js';
import type { CappedCalls } from './daily-cap.js';
import type { AttributedResponse, Entry, RecordBatch } from './ids-calls.js';
import type { IsolatedIds } from './isolated-ids.js';
import { abandonedCall } from './vonage-caller.js';

export interface BatchFetcherOptions {
  readonly calls: CappedCalls;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly isolatedIds: IsolatedIds;
  /** Whether calls of the key work at all, so that one that fails may fail because of an id. */
  isHostHealthy(): boolean;
  readonly observer?: RetrievalObserver | undefined;
  /** Gets all rows of each id once, as soon as they are known. Not called for an id whose page was cut. */
  onRows(lane: RecordLane, key: string, rows: Rows): void;
}

/** Ids of one batch that share their calls, and what these cost. */
interface Fetch {
  readonly batch: RecordBatch;
  readonly charges: BatchCharges;
  readonly entries: readonly Entry[];
  /** Calls for the ids that were refused before. */
  readonly earlierFailures: number;
}

/** Calls that one refused batch can cost beyond the first, whatever is wrong with it. */
const maxExtraCalls = 10;

/** Makes the calls of one batch of ids and gives each id its rows. */
export class BatchFetcher {
  readonly #options: BatchFetcherOptions;

  constructor(options: BatchFetcherOptions) {
    this.#options = options;
  }

  /** Settles every id of a batch. The token of the first call is held; each further call acquires its own. */
  async fetch(batch: RecordBatch): Promise<void> {
    const { observer, clock, isolatedIds } = this.#options;
    if (observer) for (const { enqueuedAtMs } of batch.entries) observer.onIdSent(clock.now() - enqueuedAtMs);
    const charges = new BatchCharges(batch.callers);
    const groups = isolatedIds.divide(batch.lane, batch.entries);
    const fetches = groups.map((entries) => ({ batch, charges, entries, earlierFailures: 0 }));
    await Promise.all(
      fetches.map((fetch, index) =>
        this.#fetchGroup(fetch, () =>
          index === 0 ? this.#settleAll(fetch, fetch.entries) : this.#askAgain(fetch, fetch.entries),
        ),
      ),
    );
  }

  async #fetchGroup(fetch: Fetch, ask: () => Promise<void>): Promise<void> {
    const { entries } = fetch;
    try {
      await ask();
    } catch (error) {
      if (entries.length === 1 || !mayConcernOneId(error)) return this.#fail(fetch, entries, error);
      const repetitions = isInternalError(error) ? 1 : 0;
      const part: Fetch = { ...fetch, earlierFailures: 1 };
      await bisectBatch({
        entries,
        maxCalls: maxExtraCalls - repetitions,
        refusal: error,
        isRefusal: mayConcernOneId,
        ask: (asked) => this.#askAgain(part, asked),
        fail: (failed, failure) => this.#fail(part, failed, failure),
      });
    }
  }

  /** An id that a response says nothing about, or whose rows a full page may have cut, is asked for once more, alone. */
  async #settleAll(fetch: Fetch, entries: readonly Entry[]): Promise<void> {
    const asked = await this.#options.calls.ask(fetch, entries);
    if (!asked) return;
    const { sent, unsent, response } = asked;
    const { found, missing } = response.attribution;
    for (const [key, rows] of found) if (!response.mayLackRows(key)) this.#settle(fetch, key, rows);
    for (const key of missing) this.#settle(fetch, key, []);
    await Promise.all([
      this.#settleOpen(fetch, sent, response),
      unsent.length > 0 && this.#askAgain(fetch, unsent),
    ]);
  }

  async #settleOpen(fetch: Fetch, entries: readonly Entry[], response: AttributedResponse): Promise<void> {
    const { attribution, failure, mayLackRows } = response;
    const { found, unanswered } = attribution;
    const open = entries.filter(
      ({ key }) => unanswered.includes(key) || (found.has(key) && mayLackRows(key)),
    );
    if (failure) return this.#fail(fetch, open, failure);
    if (entries.length === 1) return this.#settleAlone(fetch, entries, response);
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
    else if (mayLackRows(entry.key)) this.#settleIncomplete(fetch, entry.key, rows);
  }

  #settle({ batch, charges }: Fetch, key: string, found: Rows): void {
    const rows = rowsOfId(found, key, rulesOf(batch.lane.product));
    this.#options.isolatedIds.release(batch.lane, key);
    this.#options.onRows(batch.lane, key, rows);
    batch.settle(key, { value: { rows, isComplete: true, charges: charges.of(key) } });
  }

  /** Rows that are not all are shown and not kept: a cache could not tell that some are missing. */
  #settleIncomplete({ batch, charges }: Fetch, key: string, found: Rows): void {
    const rows = rowsOfId(found, key, rulesOf(batch.lane.product));
    this.#options.isolatedIds.release(batch.lane, key);
    batch.settle(key, { value: { rows, isComplete: false, charges: charges.of(key) } });
  }

  /** Fails ids. Those that may be the cause are isolated, unless all calls of the key fail. */
  #fail(fetch: Fetch, entries: readonly Entry[], error: unknown): void {
    const { isolatedIds, isHostHealthy } = this.#options;
    const isCause = isUnexplained(error) || (entries.length === 1 && mayConcernOneId(error));
    if (isCause && isHostHealthy())
      isolatedIds.isolate(
        fetch.batch.lane,
        entries.map(({ key }) => key),
      );
    failAll(fetch, entries, error);
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
      this.#fail(fetch, [entry], error);
    }
  }
}

function failAll({ batch, charges }: Fetch, entries: readonly Entry[], error: unknown): void {
  for (const { key } of entries)
    batch.settle(key, { error, partial: { rows: [], isComplete: false, charges: charges.of(key) } });
}

interface BisectedEntry {
  readonly key: string;
  readonly isWanted: boolean;
}

/** Refusals without a single acceptance after which the request itself is wrong, and halving would only repeat it. */
const refusalsOfTheRequest = 4;

interface Bisection<Item extends BisectedEntry> {
  readonly entries: readonly Item[];
  /** Calls that it may make. Twenty ids with one wrong id take nine at most. */
  readonly maxCalls: number;
  /** What the whole batch was refused with. */
  readonly refusal: unknown;
  /** Asks for some of the ids and settles them; rejects when the call fails. */
  ask(entries: readonly Item[]): Promise<void>;
  /** Settles ids with an error. They are a single id, or ids that were not asked for apart. */
  fail(entries: readonly Item[], error: unknown): void;
  /** Whether an error can be a single id's fault. */
  isRefusal(error: unknown): boolean;
}

/**
 * Finds the ids for which a batch was refused: it asks for halves until the wrong id stands alone, and the other ids are
 * answered on the way. Ids that the extra calls do not reach fail with the refusal.
 */
async function bisectBatch<Item extends BisectedEntry>(bisection: Bisection<Item>): Promise<void> {
  const { entries, maxCalls, refusal, fail } = bisection;
  let groups = parts(entries);
  let spent = 0;
  let accepted = 0;
  while (groups.length > 0) {
    const affordable = groups.slice(0, maxCalls - spent);
    const isHopeless = accepted === 0 && spent >= refusalsOfTheRequest;
    if (isHopeless || affordable.length === 0) break;
    spent += affordable.length;
    const refused = await Promise.all(affordable.map((group) => refusedPart(bisection, group)));
    accepted += refused.filter((part) => part.length === 0).length;
    groups = [...refused.flatMap(parts), ...groups.slice(affordable.length)];
  }
  for (const group of groups) fail(group, refusal);
}

/** Asks for a group. Returns its entries when they have to be halved, and none when they are settled. */
async function refusedPart<Item extends BisectedEntry>(
  { refusal, ask, fail, isRefusal }: Bisection<Item>,
  entries: readonly Item[],
): Promise<readonly Item[]> {
  const wanted = entries.filter((entry) => entry.isWanted);
  fail(
    entries.filter((entry) => !entry.isWanted),
    refusal,
  );
  if (wanted.length === 0) return [];
  try {
    await ask(wanted);
    return [];
  } catch (error) {
    if (isRefusal(error) && wanted.length > 1) return wanted;
    fail(wanted, error);
    return [];
  }
}

/** Halves; three ids stand alone at once, because the halves of a half would cost a call more. */
function parts<Item>(items: readonly Item[]): (readonly Item[])[] {
  if (items.length <= 3) return items.map((item) => [item]);
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
