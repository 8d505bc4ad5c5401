import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { Batch } from '../../traffic/batching/coalescer.js';
import type { RateLimiter, StartedCall } from '../../traffic/rate-limit/rate-limiter.js';
import type { Bulkhead } from '../../traffic/resilience/bulkhead.js';
import type { CircuitBreaker } from '../../traffic/resilience/circuit-breaker.js';
import type { CallLifecycleListener } from '../../vonage/call-lifecycle.js';
import type { Credentials } from '../../vonage/credentials.js';
import type { RecordsResponse } from '../../vonage/records-response.js';
import type { RefusedCredentials } from '../../vonage/refused-credentials.js';
import { retryDelayMs } from '../../vonage/retry.js';
import type { RecordsQuery } from '../../vonage/wire.js';
import type { RecordLane } from '../lookup/lanes.js';
import type { CallReport, LookupResult, Rows } from '../lookup/lookup-result.js';
import { type Attribution, attribute, orderRows } from './attribution.js';
import { bisectBatch } from './bisect-batch.js';

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
  /** The credentials as they are now: a secret may be changed at any time. */
  credentials(): Credentials;
  readonly refused: RefusedCredentials;
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  /** What calls pass until Vonage has answered one; undefined where its credentials are known to be good. */
  readonly unverifiedKeysBulkhead?: Bulkhead | undefined;
  readonly clock: Clock;
  /** A number from 0 up to, not including, 1; spreads retries. */
  random(): number;
  /** Told of every 429, and for how long everything pauses. */
  onRateLimited(pauseMs: number): void;
  /** Gets every answer once, as soon as it is known. */
  onAnswer(lane: RecordLane, key: string, rows: Rows): void;
}

type RecordBatch = Batch<RecordLane, LookupResult>;
type Entry = RecordBatch['entries'][number];

/** Milliseconds for which everything pauses after a 429 that names no time: the length of Vonage's own window. */
const defaultPauseMs = 1000;

/** Makes the calls of one batch and gives each id its rows. */
export class BatchFetcher {
  readonly #options: BatchFetcherOptions;
  /** Rows that belonged to no id asked for: a sign that an id matches a field that the catalogue does not name. */
  unattributedRows = 0;
  /** Calls made, repeated ones included. */
  calls = 0;
  /** Records returned, and so billed. */
  recordsBilled = 0;
  /** Whether Vonage has answered a call, and so accepted the credentials. */
  hasResponded = false;

  constructor(options: BatchFetcherOptions) {
    this.#options = options;
  }

  /** Settles every id of a batch. Its first call has its permission already; any further one waits for a turn. */
  async fetch(batch: RecordBatch): Promise<void> {
    try {
      await this.#settleAll(batch, batch.entries);
    } catch (error) {
      if (batch.entries.length === 1 || !mayBeOneIdsFault(error)) throw error;
      await bisectBatch({
        batch,
        refusal: error,
        isRefusal: mayBeOneIdsFault,
        ask: (entries) => this.#askAgain(batch, entries),
      });
    }
  }

  /** An id that an answer neither returned nor named as missing is asked for once more, where nothing can be mistaken. */
  async #settleAll(batch: RecordBatch, entries: readonly Entry[]): Promise<void> {
    const { report, attribution, failure, mayLackRows } = await this.#ask(batch, entries);
    const rules = rulesOf(batch.lane.product);
    const settle = (key: string, rows: Rows) => {
      this.#options.onAnswer(batch.lane, key, rows);
      batch.settle(key, { value: { rows, call: report } });
    };
    for (const [key, rows] of attribution.found)
      if (!mayLackRows(key)) settle(key, orderRows(rows, key, rules));
    for (const key of attribution.missing) settle(key, []);
    if (failure) throw failure;
    const unanswered = entries.filter((entry) => attribution.unanswered.includes(entry.key));
    if (entries.length === 1) for (const { key } of unanswered) settle(key, []);
    else await Promise.all(unanswered.map((entry) => this.#askAlone(batch, entry)));
  }

  async #askAgain(batch: RecordBatch, entries: readonly Entry[]): Promise<void> {
    await batch.acquireNext();
    const wanted = entries.filter((entry) => entry.isWanted);
    for (const { key, isWanted } of entries) if (!isWanted) batch.settle(key, { error: nobodyWaits() });
    if (wanted.length > 0) await this.#settleAll(batch, wanted);
    else this.#options.rateLimiter.release();
  }

  async #askAlone(batch: RecordBatch, entry: Entry): Promise<void> {
    try {
      await this.#askAgain(batch, [entry]);
    } catch (error) {
      batch.settle(entry.key, { error });
    }
  }

  /** Makes one call, and again where that is certain to cost nothing. Nothing is repeated for ids that nobody waits for. */
  async #ask(batch: RecordBatch, entries: readonly Entry[]): Promise<Asked> {
    for (let attempt = 1; ; attempt += 1) {
      const credentials = this.#options.credentials();
      try {
        return await this.#call(batch, entries, credentials);
      } catch (error) {
        const delayMs = this.#delayBeforeRetry(error, attempt, credentials);
        if (delayMs === undefined || !isAnyWanted(entries)) throw error;
        await this.#wait(delayMs);
        await batch.acquireNext();
        if (isAnyWanted(entries)) continue;
        this.#options.rateLimiter.release();
        throw error;
      }
    }
  }

  /**
   * A 429 is about the key and not about the call: everything that shares the budget pauses. Credentials that were changed
   * while their call was on its way are no reason to fail it.
   */
  #delayBeforeRetry(error: unknown, attempt: number, used: Credentials): number | undefined {
    const { rateLimiter, random, onRateLimited, credentials } = this.#options;
    if (!(error instanceof GatewayError)) return undefined;
    if (error.code === 'UPSTREAM_UNAUTHORIZED') return credentials() === used ? undefined : 0;
    if (error.upstream?.status === 429) {
      const pauseMs = error.retryAfterMs ?? defaultPauseMs;
      rateLimiter.pause(pauseMs);
      onRateLimited(pauseMs);
    }
    return retryDelayMs(error, attempt, random);
  }

  async #call(batch: RecordBatch, entries: readonly Entry[], credentials: Credentials): Promise<Asked> {
    const report: CallReport = {
      sentAtMs: this.#options.clock.now(),
      ids: entries.length,
      callers: batch.callers,
    };
    const query = toQuery(batch.lane, entries);
    const answer = await this.#pass(entries, () => this.#send(query, credentials));
    this.hasResponded = true;
    const keys = entries.map((entry) => entry.key);
    const rules = rulesOf(batch.lane.product);
    const attribution = attribute(keys, answer, rules.idFields);
    this.recordsBilled += answer.rows.length;
    this.unattributedRows += attribution.unattributedRows;
    const mayLackRows = rules.rowsPerId === 'several' ? lackOf(answer, keys, rules.idFields) : () => false;
    return { report, attribution, failure: answer.failure, mayLackRows };
  }

  /** Whoever waited at the door may find that nobody waits for the answer any more. */
  #pass(entries: readonly Entry[], send: () => Promise<RecordsResponse>): Promise<RecordsResponse> {
    const { unverifiedKeysBulkhead, rateLimiter } = this.#options;
    if (this.hasResponded || !unverifiedKeysBulkhead) return send();
    let hasEntered = false;
    const enter = () => {
      if (!isAnyWanted(entries)) throw nobodyWaits();
      hasEntered = true;
      return send();
    };
    return unverifiedKeysBulkhead.run(async () => enter()).finally(() => hasEntered || rateLimiter.release());
  }

  /** A token whose call never began, refused by the breaker or without a connection, is given back: Vonage counts what arrives. */
  async #send(query: RecordsQuery, credentials: Credentials): Promise<RecordsResponse> {
    const { source, rateLimiter, breaker, refused } = this.#options;
    let hasStarted = false;
    let call: StartedCall | undefined;
    const onRequestStart = () => {
      hasStarted = true;
      this.calls += 1;
      call = rateLimiter.started();
    };
    const onResponseStart = () => call?.responded();
    try {
      refused.throwIfRefused(credentials);
      return await breaker.run(() =>
        source.recordsByIds(query, credentials, { onRequestStart, onResponseStart }),
      );
    } catch (error) {
      refused.record(credentials, error);
      throw error;
    } finally {
      if (!hasStarted) rateLimiter.release();
    }
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.setTimer(delayMs, resolve);
    });
  }
}

interface Asked {
  /** Whether an id may have more rows than those that were read. */
  mayLackRows(key: string): boolean;
  readonly failure: GatewayError | undefined;
  readonly report: CallReport;
  readonly attribution: Attribution;
}

/** Why nothing was asked for; the next who wants it asks anew. */
function nobodyWaits(): GatewayError {
  return new GatewayError('CANCELLED', 'Nobody waited for the call any more.', { neverSent: true });
}

/** Of an answer that was cut short anything may be missing; of a whole one, what was left out, if it tells whose it was. */
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

function isAnyWanted(entries: readonly Entry[]): boolean {
  return entries.some((entry) => entry.isWanted);
}

/** These two say that a parameter is wrong, and an id is the only one that differs between calls of a lane. */
function mayBeOneIdsFault(error: unknown): boolean {
  const status = error instanceof GatewayError ? error.upstream?.status : undefined;
  return status === 400 || status === 422;
}

/** In a look-up by id Vonage takes these parameters and no others; `direction` only where the product has one. */
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
