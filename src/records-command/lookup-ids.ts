import { setTimeout as sleep } from 'node:timers/promises';
import {
  type LookupEntry as EntryOf,
  failureOf,
  type LookupData,
  type LookupError,
  lookupDocument,
  RefusedOperation,
} from '../records-client/operations.js';
import type { GatewayClient } from './gateway-client.js';
import type { RecordBudget } from './record-budget.js';
import type { RecordFields, Row, SelectedRecord } from './record-fields.js';

/** Where the ids of a run are looked for. */
export interface LookupScope {
  readonly product: string | undefined;
  readonly direction: string | undefined;
  readonly account: string | undefined;
}

/** What the lookup of one id came to. */
export interface IdResult {
  readonly id: string;
  readonly rows: readonly Row[];
  /** Undefined where Vonage answered. */
  readonly failure?: string;
  /** Whether the gateway or the run's own limit kept the id from being asked. */
  readonly isStopped?: boolean;
}

/** What the lookup of several ids came to, and what it cost. */
export interface ChunkResult {
  readonly results: readonly IdResult[];
  readonly recordsBilled: number;
}

/** A limit that lasts longer than this ends the run; the rest is worth waiting for. */
const maxWaitMs = 60_000;
/** Attempts for an id whose failure may pass. */
const maxAttempts = 5;
/** Milliseconds before an attempt when the gateway names none. */
const defaultWaitMs = 1000;

/** Codes with which a gateway refuses an operation for a time; with any other code it would refuse the next one, too. */
const passingCodes = new Set([
  ...['RATE_LIMITED', 'OVERLOADED', 'SHUTTING_DOWN', 'UPSTREAM_RATE_LIMITED', 'UPSTREAM_TIMEOUT'],
  ...['UPSTREAM_UNAVAILABLE', 'UPSTREAM_MALFORMED', 'INTERNAL_SERVER_ERROR'],
]);
/** Codes of an id's failure that every other id would share. */
const sharedCodes = new Set(['UNAUTHENTICATED', 'UPSTREAM_UNAUTHORIZED']);

/** Looks ids up, some at a time, and repeats what a limit or a passing fault kept from success. */
export class IdLookup {
  readonly #client: GatewayClient;
  readonly #fields: RecordFields;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #budget: RecordBudget;
  readonly #document: string;

  constructor(client: GatewayClient, fields: RecordFields, scope: LookupScope, budget: RecordBudget) {
    const { product, direction, account } = scope;
    this.#client = client;
    this.#fields = fields;
    this.#budget = budget;
    this.#variables = { product, direction, accountId: account };
    this.#document = lookupDocument(fields.selection);
  }

  /**
   * Looks up the ids of one operation.
   *
   * @throws RefusedOperation for a failure that every other id would share, such as wrong credentials
   */
  async find(ids: readonly string[]): Promise<ChunkResult> {
    const reserved = await this.#budget.reserve(ids.length);
    const asked = ids.slice(0, reserved);
    const found = asked.length === 0 ? { results: [], recordsBilled: 0 } : await this.#findAll(asked);
    this.#budget.settle(reserved, found.recordsBilled);
    const beyond = ids.slice(reserved).map((id) => stopped(id, 'the limit of --max-records is reached'));
    return { ...found, results: [...found.results, ...beyond] };
  }

  async #findAll(ids: readonly string[]): Promise<ChunkResult> {
    const byId = new Map<string, IdResult>();
    let recordsBilled = 0;
    let open: readonly string[] = ids;
    for (let attempt = 1; open.length > 0; attempt += 1) {
      const response = await this.#ask(open);
      recordsBilled += response.recordsBilled;
      for (const result of response.results) byId.set(result.id, result);
      open = attempt < maxAttempts ? response.repeatable : [];
      if (open.length > 0) await sleep(response.waitMs);
    }
    return {
      results: ids.map((id) => byId.get(id) ?? stopped(id, 'the gateway gave no result')),
      recordsBilled,
    };
  }

  async #ask(ids: readonly string[]): Promise<Attempt> {
    try {
      const { data, extensions } = await this.#client.run<LookupData<SelectedRecord>>(this.#document, {
        ...this.#variables,
        ids,
      });
      const entries = data?.records.results ?? [];
      const results = entries.map((entry) => this.#resultOf(entry));
      throwShared(entries);
      const failed = entries.filter(isRepeatable);
      return {
        results,
        recordsBilled:
          extensions.vonage?.recordsBilled ?? results.reduce((sum, { rows }) => sum + rows.length, 0),
        repeatable: failed.map(({ requestedId }) => requestedId),
        waitMs: Math.max(defaultWaitMs, ...failed.map(({ error }) => error?.retryAfterMs ?? 0)),
      };
    } catch (error) {
      return refusedAttempt(error, ids);
    }
  }

  #resultOf(entry: LookupEntry): IdResult {
    const { requestedId: id, records, error } = entry;
    const rows = records.map((record) => this.#fields.rowOf(id, record));
    const failure = failureOf(entry);
    if (failure === undefined) return { id, rows };
    return { id, rows, failure, ...(error && isStopping(error) && { isStopped: true }) };
  }
}

type LookupEntry = EntryOf<SelectedRecord>;

interface Attempt extends ChunkResult {
  /** Ids that another attempt may find. */
  readonly repeatable: readonly string[];
  readonly waitMs: number;
}

function isRepeatable({ error }: LookupEntry): boolean {
  return error?.isRetryable === true && !isStopping(error);
}

/** A limit of a day, say, lasts longer than a run can wait. */
function isStopping({ code, retryAfterMs }: LookupError): boolean {
  return code === 'RATE_LIMITED' && (retryAfterMs ?? 0) > maxWaitMs;
}

function throwShared(entries: readonly LookupEntry[]): void {
  const shared = entries.find(({ error }) => error && sharedCodes.has(error.code))?.error;
  if (shared) throw new RefusedOperation(shared.message, shared.code);
}

/** What a refused operation means for its ids: repeat them, stop, or end the run. */
function refusedAttempt(error: unknown, ids: readonly string[]): Attempt {
  if (!(error instanceof RefusedOperation)) throw error;
  const { code, message, retryAfterMs = defaultWaitMs } = error;
  if (!passingCodes.has(code)) throw error;
  const nothing = { results: [], recordsBilled: 0, repeatable: [], waitMs: 0 };
  if (retryAfterMs > maxWaitMs) return { ...nothing, results: ids.map((id) => stopped(id, message)) };
  const results = ids.map((id) => ({ id, rows: [], failure: message }));
  return { ...nothing, results, repeatable: ids, waitMs: retryAfterMs };
}

function stopped(id: string, failure: string): IdResult {
  return { id, rows: [], failure, isStopped: true };
}
