import type { ProductRules } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import type { GatewayError } from '../../errors.js';
import type { Batch } from '../../traffic/batching/lane.js';
import type { CallLifecycleListener } from '../../vonage/call-lifecycle.js';
import type { Credentials } from '../../vonage/credentials.js';
import type { RecordsResponse } from '../../vonage/records-response.js';
import type { RecordsQuery } from '../../vonage/wire.js';
import type { RecordLane } from '../lookup/lanes.js';
import type { Operation } from '../operation.js';
import { outcomeOfFailure, outcomeOfResponse, type RetrievalObserver } from '../retrieval-observer.js';
import type { BatchCharges, LookupResult, OpenCharges } from '../usage-meter.js';
import { type Attribution, attribute, type IdFields } from './attribution.js';
import { type DriftedIdField, IdFieldDrift } from './schema-drift.js';
import type { VonageCaller } from './vonage-caller.js';

/** What a call for ids needs of a Vonage client. */
export interface RecordsSource {
  recordsByIds(
    query: RecordsQuery,
    credentials: Credentials,
    listener: CallLifecycleListener,
  ): Promise<RecordsResponse>;
}

export type RecordBatch = Batch<RecordLane, LookupResult>;
export type Entry = RecordBatch['entries'][number];

export interface IdsCallsOptions {
  readonly source: RecordsSource;
  readonly caller: VonageCaller;
  readonly clock: Clock;
  readonly observer?: RetrievalObserver | undefined;
  /** Called for each response with rows or without an error. */
  onAnswer(lane: RecordLane): void;
  /** Called for each call that failed, and for each response that holds nothing but an error. */
  onFailure(lane: RecordLane, error: unknown, source: string): void;
  /** Called once for each lane whose rows carry their ids in a field that the catalogue does not list. */
  onIdFieldDrift(drift: DriftedIdField): void;
}

/** Where the ids of a call come from. */
export interface CallOrigin {
  readonly batch: RecordBatch;
  readonly charges: BatchCharges;
  /** The ids that failures of the call count for. */
  readonly entries: readonly Entry[];
  /** Calls for the ids that were refused before. */
  readonly earlierFailures: number;
}

/** What a call returned for its ids. */
export interface AttributedResponse {
  readonly attribution: Attribution;
  readonly failure: GatewayError | undefined;
  /** Whether an id can have more rows than those that arrived. */
  mayLackRows(key: string): boolean;
}

/** Makes single calls for ids, gives their rows to the ids and charges the lookups. */
export class IdsCalls {
  readonly #options: IdsCallsOptions;
  readonly #drift: IdFieldDrift;
  #recordsBilled = 0;
  #unattributedRows = 0;

  constructor(options: IdsCallsOptions) {
    this.#options = options;
    this.#drift = new IdFieldDrift((drift) => options.onIdFieldDrift(drift));
  }

  /** Records that Vonage returned, and so billed. */
  get recordsBilled(): number {
    return this.#recordsBilled;
  }

  /** Rows that belonged to no id of their call. */
  get unattributedRows(): number {
    return this.#unattributedRows;
  }

  /** Fields that carry ids although the catalogue does not list them, by product and direction. */
  get driftedIdFields(): Readonly<Record<string, string>> {
    return this.#drift.fields;
  }

  /** Makes one call, whose token is held. Rejects with a GatewayError. */
  async ask(origin: CallOrigin, entries: readonly Entry[]): Promise<AttributedResponse> {
    const {
      charges,
      batch: { lane },
    } = origin;
    const keys = entries.map((entry) => entry.key);
    let open: OpenCharges | undefined;
    try {
      const onSent = () => {
        open = charges.open(keys, this.#options.clock.now());
      };
      const response = await this.#send(origin, entries, onSent);
      this.#report(origin, response);
      return this.#attribute(lane, keys, response, open);
    } catch (error) {
      open?.fail(error);
      this.#options.onFailure(lane, error, sourceOf(origin));
      throw error;
    }
  }

  #send(origin: CallOrigin, entries: readonly Entry[], onSent: () => void): Promise<RecordsResponse> {
    const { batch, earlierFailures } = origin;
    const query = toQuery(batch.lane, entries);
    return this.#options.caller.call({
      source: sourceOf(origin),
      kind: 'ids',
      earlierFailures,
      send: (...connection) => this.#attempt(query, batch.lane, entries, connection),
      onSent,
      isWanted: () => entries.some((entry) => entry.isWanted),
      latestDeadlineMs: () => Math.max(...entries.map((entry) => entry.latestDeadlineMs)),
      acquireNext: () => batch.acquireNext(),
    });
  }

  /** One attempt, which the observer is told of. */
  async #attempt(
    query: RecordsQuery,
    { accountId, product }: RecordLane,
    entries: readonly Entry[],
    connection: [credentials: Credentials, listener: CallLifecycleListener],
  ): Promise<RecordsResponse> {
    const { source, clock, observer } = this.#options;
    if (!observer) return source.recordsByIds(query, ...connection);
    const startedAtMs = clock.now();
    const operations = operationsOf(entries);
    const call = () => ({
      ...{ accountId, product, ids: entries.length, durationMs: clock.now() - startedAtMs },
      // Some have left, and some have joined while the call was in flight.
      operations: new Set([...operations, ...operationsOf(entries)]),
    });
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

  #report(origin: CallOrigin, { rows, failure }: RecordsResponse): void {
    const { lane } = origin.batch;
    if (failure && rows.length === 0) this.#options.onFailure(lane, failure, sourceOf(origin));
    else this.#options.onAnswer(lane);
  }

  #attribute(
    lane: RecordLane,
    keys: readonly string[],
    response: RecordsResponse,
    open: OpenCharges | undefined,
  ): AttributedResponse {
    const { failure, omitted } = response;
    const fields = this.#drift.fieldsOf(lane);
    const attribution = attribute(keys, response, fields);
    this.#drift.record(lane, attribution.driftedField);
    const omittedRows = omitted?.length ?? 0;
    const ofNoId = attribution.unattributedRows + omittedRows;
    open?.settle({ byKey: attribution.rowsByKey, ofNoId, cutBy: omitted ? undefined : failure });
    this.#recordsBilled += response.rows.length + omittedRows;
    this.#unattributedRows += attribution.unattributedRows;
    const mayLackRows = lackOf(response, keys, fields, rulesOf(lane.product));
    return { attribution, failure, mayLackRows };
  }
}

/** The callers of a record engine are operations. */
function operationsOf(entries: readonly Entry[]): ReadonlySet<Operation> {
  const callers = new Set<object>();
  for (const { waiters } of entries) for (const { caller } of waiters) callers.add(caller);
  return callers as ReadonlySet<object> as ReadonlySet<Operation>;
}

/** Equal for the same ids in any order: a caller that repeats a lookup repeats its failure. */
function sourceOf({ batch: { lane }, entries }: CallOrigin): string {
  const keys = entries.map(({ key }) => key).sort();
  return `${lane.name} ${keys.join()}`;
}

/**
 * Tells which ids can lack rows, where one id can have several: all of a page that was full or a response that broke off,
 * since the order of rows means nothing, and else those of omitted rows, where these tell whose they were.
 */
function lackOf(
  { failure, omitted, isCutPage }: RecordsResponse,
  keys: readonly string[],
  fields: IdFields,
  { rowsPerId }: ProductRules,
): (key: string) => boolean {
  if (rowsPerId === 'one' || (!failure && !isCutPage)) return () => false;
  if (isCutPage || !omitted) return () => true;
  const { found, unattributedRows } = attribute(keys, { rows: omitted, idsNotFound: [] }, fields);
  return (key) => unattributedRows > 0 || found.has(key);
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
