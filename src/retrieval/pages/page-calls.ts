import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { CallLifecycleListener } from '../../vonage/call-lifecycle.js';
import type { Credentials } from '../../vonage/credentials.js';
import type { PageResponse } from '../../vonage/page-response.js';
import type { PageQuery } from '../../vonage/wire.js';
import type { VonageCall, VonageCaller } from '../calls/vonage-caller.js';
import type { RecordLane } from '../lookup/lanes.js';
import type { Operation } from '../operation.js';
import { outcomeOfFailure, type RetrievalObserver } from '../retrieval-observer.js';
import { maxRowsOfPage, type PageRequest, toPageQuery } from './page.js';

/** What a call for a page needs of a Vonage client. */
export interface PagesSource {
  recordsByDate(
    query: PageQuery,
    credentials: Credentials,
    listener: CallLifecycleListener,
  ): Promise<PageResponse>;
}

export interface PageCallsOptions {
  readonly source: PagesSource;
  readonly caller: VonageCaller;
  readonly clock: Clock;
  readonly observer?: RetrievalObserver | undefined;
  /** Called for each response with a page. */
  onAnswer(lane: RecordLane): void;
  /** Called for each call that failed. */
  onFailure(lane: RecordLane, error: unknown, source: string): void;
}

/** The operations behind a call for a page. */
export interface PageDemand
  extends Pick<VonageCall<unknown>, 'source' | 'onSent' | 'isWanted' | 'latestDeadlineMs' | 'acquireNext'> {
  /** Those that wait now. */
  operations(): ReadonlySet<Operation>;
}

/** A response, and the window that it is about. */
export interface AnsweredPage {
  readonly response: PageResponse;
  readonly untilMs: number;
}

/** Milliseconds before now at which the newest window ends: Vonage refuses a time that its own clock has not reached. */
const newestAgeMs = 60_000;

/** Milliseconds by which the clock is taken to run ahead where Vonage refuses a date and does not tell its time. */
const assumedAheadMs = 5 * 60_000;

/** Makes single calls for pages, and reports them. */
export class PageCalls {
  readonly #options: PageCallsOptions;
  /** Milliseconds by which the clock of this machine runs ahead of Vonage's, as far as a refused date has shown. */
  #aheadMs = 0;
  #recordsBilled = 0;

  constructor(options: PageCallsOptions) {
    this.#options = options;
  }

  /** Records that Vonage returned, and so billed. */
  get recordsBilled(): number {
    return this.#recordsBilled;
  }

  /** End of the newest window that Vonage takes now, in epoch milliseconds. */
  get newestEndMs(): number {
    return this.#options.clock.now() - this.#aheadMs - newestAgeMs;
  }

  /**
   * Makes one call, whose token is held. A call that is refused because its window ends in Vonage's future is made once
   * more with an earlier end, which costs nothing: a refusal has no records. Rejects with a GatewayError.
   */
  async ask(request: PageRequest, demand: PageDemand): Promise<AnsweredPage> {
    const { lane, sinceMs } = request;
    const untilMs = Math.min(request.untilMs, Math.max(sinceMs + 1, this.newestEndMs));
    try {
      return { response: await this.#call({ ...request, untilMs }, demand), untilMs };
    } catch (error) {
      const correctedMs = this.#correctedEndMs({ ...request, untilMs }, error);
      if (correctedMs === undefined || !demand.isWanted()) {
        this.#options.onFailure(lane, error, demand.source);
        throw error;
      }
      await demand.acquireNext();
      return this.#askCorrected({ ...request, untilMs: correctedMs }, demand);
    }
  }

  async #askCorrected(request: PageRequest, demand: PageDemand): Promise<AnsweredPage> {
    try {
      return { response: await this.#call(request, demand), untilMs: request.untilMs };
    } catch (error) {
      this.#options.onFailure(request.lane, error, demand.source);
      throw error;
    }
  }

  /** The end by Vonage's clock; undefined where that is not what the call was refused for. */
  #correctedEndMs({ sinceMs, untilMs }: PageRequest, error: unknown): number | undefined {
    if (!isDateRefused(error)) return undefined;
    const { dateMs } = error.upstream ?? {};
    const nowMs = this.#options.clock.now();
    const aheadMs = dateMs === undefined ? assumedAheadMs : nowMs - dateMs;
    const correctedMs = nowMs - aheadMs - newestAgeMs;
    if (aheadMs <= 0 || correctedMs <= sinceMs || correctedMs >= untilMs) return undefined;
    if (dateMs !== undefined) this.#aheadMs = aheadMs;
    return correctedMs;
  }

  async #call(request: PageRequest, demand: PageDemand): Promise<PageResponse> {
    const query = toPageQuery(request);
    const send = (...connection: [Credentials, CallLifecycleListener]) =>
      this.#attempt(query, request.lane, demand, connection);
    const call = { ...demand, kind: 'page' as const, earlierFailures: 0, send };
    const response = await this.#options.caller.call(call);
    this.#recordsBilled += billedRecords(response);
    this.#options.onAnswer(request.lane);
    return response;
  }

  /** One attempt, which the observer is told of. */
  async #attempt(
    query: PageQuery,
    { accountId, product }: RecordLane,
    demand: PageDemand,
    connection: [Credentials, CallLifecycleListener],
  ): Promise<PageResponse> {
    const { source, clock, observer } = this.#options;
    const startedAtMs = clock.now();
    const operations = demand.operations();
    const call = () => ({
      ...{ accountId, product, ids: 0, durationMs: clock.now() - startedAtMs },
      // Some have left, and some have joined while the call was in flight.
      operations: new Set([...operations, ...demand.operations()]),
    });
    try {
      const response = await source.recordsByDate(query, ...connection);
      const { failure } = response;
      const outcome = failure ? outcomeOfFailure(failure) : 'ok';
      observer?.onCallEnded({ ...call(), outcome, recordsBilled: billedRecords(response), failure });
      return response;
    } catch (failure) {
      observer?.onCallEnded({ ...call(), outcome: outcomeOfFailure(failure), recordsBilled: 0, failure });
      throw failure;
    }
  }
}

/** Records that a page cost. A page that broke off before it told their number is taken for a full one. */
export function billedRecords({ rows, recordsBilled }: PageResponse): number {
  return Math.max(rows.length, recordsBilled ?? maxRowsOfPage);
}

/** Records that a call without a response may have cost. It is certain that a call that was refused, or never sent, cost none. */
export function possiblyBilledRecords(failure: unknown): number {
  if (!(failure instanceof GatewayError)) return maxRowsOfPage;
  const wasRefused = (failure.upstream?.status ?? 200) >= 400;
  return failure.neverSent || wasRefused ? 0 : maxRowsOfPage;
}

function isDateRefused(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError) || error.upstream?.status !== 422) return false;
  const { invalidParameters = [], title = '', detail = '' } = error.upstream;
  return (
    invalidParameters.some((name) => name === 'date_start' || name === 'date_end') ||
    /date_(start|end)|in the (past|future)/i.test(`${title} ${detail}`)
  );
}
