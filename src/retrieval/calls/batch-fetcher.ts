import type { ProductRules } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { Batch } from '../../traffic/batching/coalescer.js';
import type { RateLimiter } from '../../traffic/rate-limit/rate-limiter.js';
import type { CallLifecycleListener } from '../../vonage/call-lifecycle.js';
import type { Credentials } from '../../vonage/credentials.js';
import type { RecordsResponse } from '../../vonage/records-response.js';
import type { RecordsQuery } from '../../vonage/wire.js';
import type { RecordLane, Rows } from '../lookup/lanes.js';
import { outcomeOfFailure, outcomeOfResponse, type RetrievalObserver } from '../retrieval-observer.js';
import type { LookupResult } from '../usage-meter.js';
import { type Attribution, attribute, orderRows } from './attribution.js';
import { BatchCharges, type OpenCharges } from './batch-charges.js';
import { bisectBatch } from './bisect-batch.js';
import { abandonedCall, type VonageCaller } from './vonage-caller.js';

/** What the fetcher needs of a Vonage client. */
export interface RecordsSource {
  recordsByIds(
    query: RecordsQuery,
    credentials: Credentials,
    listener: CallLifecycleListener,
  ): Promise<RecordsResponse>;
}

export interface BatchFetcherOptions {
  readonly source: RecordsSource;
  readonly caller: VonageCaller;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly observer?: RetrievalObserver | undefined;
  /** Gets the rows of each id once, as soon as they are known. */
  onRows(lane: RecordLane, key: string, rows: Rows): void;
}

type RecordBatch = Batch<RecordLane, LookupResult>;
type Entry = RecordBatch['entries'][number];

/** A batch whose calls are being made, and what they cost its lookups. */
interface Fetch {
  readonly batch: RecordBatch;
  readonly charges: BatchCharges;
}

/** Makes the calls of one batch of ids and gives each id its rows. */
export class BatchFetcher {
  readonly #options: BatchFetcherOptions;
  #recordsBilled = 0;
  #unattributedRows = 0;

  constructor(options: BatchFetcherOptions) {
    this.#options = options;
  }

  /** Records that Vonage returned, and so billed. */
  get recordsBilled(): number {
    return this.#recordsBilled;
  }

  /** Rows that belonged to no id of their call: a sign that ids stand in a field that the catalogue does not name. */
  get unattributedRows(): number {
    return this.#unattributedRows;
  }

  /** Settles every id of a batch. The token of the first call is held; each further call acquires its own. */
  async fetch(batch: RecordBatch): Promise<void> {
    const fetch: Fetch = { batch, charges: new BatchCharges(batch.callers) };
    const { observer, clock } = this.#options;
    if (observer) for (const { enqueuedAtMs } of batch.entries) observer.onIdSent(clock.now() - enqueuedAtMs);
    try {
      await this.#settleAll(fetch, batch.entries);
    } catch (error) {
      if (batch.entries.length === 1 || !mayBeOneIdsFault(error)) return failAll(fetch, batch.entries, error);
      await bisectBatch({
        entries: batch.entries,
        refusal: error,
        isRefusal: mayBeOneIdsFault,
        ask: (entries) => this.#askAgain(fetch, entries),
        fail: (entries, failure) => failAll(fetch, entries, failure),
      });
    }
  }

  /** An id that a response neither returned nor named as missing is asked for once more, alone. */
  async #settleAll(fetch: Fetch, entries: readonly Entry[]): Promise<void> {
    const { attribution, failure, mayLackRows } = await this.#ask(fetch, entries);
    const rules = rulesOf(fetch.batch.lane.product);
    for (const [key, rows] of attribution.found)
      if (!mayLackRows(key)) this.#settle(fetch, key, orderRows(rows, key, rules));
    for (const key of attribution.missing) this.#settle(fetch, key, []);
    if (failure) throw failure;
    const unanswered = entries.filter((entry) => attribution.unanswered.includes(entry.key));
    if (entries.length === 1) for (const { key } of unanswered) this.#settle(fetch, key, []);
    else await Promise.all(unanswered.map((entry) => this.#askAlone(fetch, entry)));
  }

  #settle({ batch, charges }: Fetch, key: string, rows: Rows): void {
    this.#options.onRows(batch.lane, key, rows);
    batch.settle(key, { value: { rows, charges: charges.of(key) } });
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

  /** Makes one call and charges its lookups for it. */
  async #ask({ batch, charges }: Fetch, entries: readonly Entry[]): Promise<AttributedResponse> {
    const { caller, clock } = this.#options;
    const keys = entries.map((entry) => entry.key);
    const query = toQuery(batch.lane, entries);
    let open: OpenCharges | undefined;
    try {
      const response = await caller.call({
        send: (...connection) => this.#send(query, batch.lane, keys.length, connection),
        onSent: () => {
          open = charges.open(keys, clock.now());
        },
        isWanted: () => entries.some((entry) => entry.isWanted),
        acquireNext: () => batch.acquireNext(),
      });
      return this.#attribute(response, keys, rulesOf(batch.lane.product), open);
    } catch (error) {
      open?.fail(error);
      throw error;
    }
  }

  /** One attempt, which the observer is told of. */
  async #send(
    query: RecordsQuery,
    { accountId, product }: RecordLane,
    ids: number,
    connection: [credentials: Credentials, listener: CallLifecycleListener],
  ): Promise<RecordsResponse> {
    const { source, clock, observer } = this.#options;
    if (!observer) return source.recordsByIds(query, ...connection);
    const startedAtMs = clock.now();
    const call = () => ({ accountId, product, ids, durationMs: clock.now() - startedAtMs });
    try {
      const response = await source.recordsByIds(query, ...connection);
      const { rows, omitted, failure } = response;
      const recordsBilled = rows.length + (omitted?.length ?? 0);
      observer.onCallEnded({ ...call(), outcome: outcomeOfResponse(response), recordsBilled, failure });
      return response;
    } catch (failure) {
      observer.onCallEnded({ ...call(), outcome: outcomeOfFailure(failure), recordsBilled: 0, failure });
      throw failure;
    }
  }

  #attribute(
    response: RecordsResponse,
    keys: readonly string[],
    { idFields, rowsPerId }: ProductRules,
    open: OpenCharges | undefined,
  ): AttributedResponse {
    const { failure, omitted } = response;
    const attribution = attribute(keys, response, idFields);
    const omittedRows = omitted?.length ?? 0;
    const ofNoId = attribution.unattributedRows + omittedRows;
    open?.settle({ byKey: attribution.rowsByKey, ofNoId, cutBy: omitted ? undefined : failure });
    this.#recordsBilled += response.rows.length + omittedRows;
    this.#unattributedRows += attribution.unattributedRows;
    const mayLackRows = rowsPerId === 'several' ? lackOf(response, keys, idFields) : () => false;
    return { attribution, failure, mayLackRows };
  }
}

/** What a call returned for its ids. */
interface AttributedResponse {
  readonly attribution: Attribution;
  readonly failure: GatewayError | undefined;
  /** Whether an id can have more rows than those that arrived. */
  mayLackRows(key: string): boolean;
}

function failAll({ batch, charges }: Fetch, entries: readonly Entry[], error: unknown): void {
  for (const { key } of entries)
    batch.settle(key, { error, partial: { rows: [], charges: charges.of(key) } });
}

/** A response that was cut can lack rows of any id; a whole one lacks the omitted rows, where they tell whose they were. */
function lackOf(
  { failure, omitted }: RecordsResponse,
  keys: readonly string[],
  idFields: readonly string[],
): (key: string) => boolean {
  if (!failure) return () => false;
  if (!omitted) return () => true;
  const { found, unattributedRows } = attribute(keys, { rows: omitted, idsNotFound: [] }, idFields);
  return (key) => unattributedRows > 0 || found.has(key);
}

/** 400 and 422 say that a parameter is wrong, and only the ids differ between the calls of a lane. */
function mayBeOneIdsFault(error: unknown): boolean {
  const status = error instanceof GatewayError ? error.upstream?.status : undefined;
  return status === 400 || status === 422;
}

/** A lookup by id takes these parameters and no others; `direction` only where the product has one. */
function toQuery(
  { accountId, product, direction, detail }: RecordLane,
  entries: readonly Entry[],
): RecordsQuery {
  return {
    account_id: accountId,
    product,
    ...(direction !== null && { direction }),
    id: entries.map((entry) => entry.id).join(','),
    ...(detail.messageBody && { include_message: 'true' }),
    ...(detail.concatenated && { show_concatenated: 'true' }),
  };
}
