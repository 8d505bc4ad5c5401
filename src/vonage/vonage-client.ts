import type { IncomingHttpHeaders } from 'node:http';
import { setImmediate as otherEvents } from 'node:timers/promises';
import { errors, Pool } from 'undici';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import { type CallLifecycleListener, callLifecycle } from './call-lifecycle.js';
import type { Credentials } from './credentials.js';
import { type PageResponse, parsePageResponse, parsePageText, salvagePage } from './page-response.js';
import {
  parseJson,
  parsePartialRows,
  parseRecordsResponse,
  type RecordsResponse,
} from './records-response.js';
import { acceptedEncodings, type BodyHeaders, decodeBody, responseTooLarge } from './response-body.js';
import { dateMs, requestedPauseMs } from './retry.js';
import { upstreamProblem, withRequestId } from './upstream-problem.js';
import { type PageQuery, type RecordsQuery, recordsPath } from './wire.js';

export interface VonageClientOptions {
  /** Origin of the Reports API. A path prefix is kept. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Milliseconds for a whole call, connecting included. Default: 15,000. */
  readonly timeoutMs?: number;
  /** Largest response body of a lookup by ids in bytes, as it arrives and decompressed; 20 rows take about 20 KB, and a page of a thousand with message texts 3 MB. Default: 4 MiB. */
  readonly maxResponseBytes?: number;
  /** The same for a page by date: a thousand long texts take 10 MB where each character is escaped. Default: 16 MiB. */
  readonly maxPageBytes?: number;
  /**
   * Open connections for lookups at most, and as many for pages. There are as many as calls in flight; one that was idle
   * for 30 seconds is closed. Default: 16.
   */
  readonly maxConnections?: number;
}

/** One kind of call: its connections, and how its response is read. */
interface CallKind<Response> {
  readonly pool: Pool;
  readonly maxBytes: number;
  /** The JSON of a body; undefined for a text that is none, such as a proxy's HTML page. */
  parseText(text: string): unknown;
  /** Reads a body that arrived whole. */
  parse(body: unknown): Response | Promise<Response>;
  /** Reads what arrived of a body that is not whole. Throws the failure where nothing of it is usable. */
  salvage(text: string, failure: GatewayError): Response | Promise<Response>;
}

/** Speaks to Vonage over kept-alive connections. Redirects are not followed: they would carry the secret elsewhere. */
export class VonageClient {
  readonly #pathPrefix: string;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #byIds: CallKind<RecordsResponse>;
  /** Pages have connections of their own, since a slow page must not hold back a lookup. */
  readonly #byDate: CallKind<PageResponse>;

  constructor({
    baseUrl,
    clock,
    timeoutMs = 15_000,
    maxResponseBytes = 4 * 1024 * 1024,
    maxPageBytes = 16 * 1024 * 1024,
    maxConnections = 16,
  }: VonageClientOptions) {
    const { origin, pathname } = new URL(baseUrl);
    this.#pathPrefix = pathname.replace(/\/$/, '');
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    const options = {
      connections: maxConnections,
      keepAliveTimeout: 30_000,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    };
    this.#byIds = {
      pool: new Pool(origin, { ...options, maxResponseSize: maxResponseBytes }),
      maxBytes: maxResponseBytes,
      parseText: parseJson,
      parse: parseRecordsResponse,
      salvage: salvageRows,
    };
    this.#byDate = {
      pool: new Pool(origin, { ...options, maxResponseSize: maxPageBytes }),
      maxBytes: maxPageBytes,
      parseText: parsePageText,
      parse: parsePageResponse,
      salvage: salvagePage,
    };
  }

  /**
   * Looks records up by ids. Throws a GatewayError with an UPSTREAM code for every way a call can fail.
   *
   * @param listener told when the call is written to its connection, and when its answer begins
   */
  recordsByIds(
    query: RecordsQuery,
    credentials: Credentials,
    listener: CallLifecycleListener = { onRequestStart() {}, onResponseStart() {} },
  ): Promise<RecordsResponse> {
    return this.#call(this.#byIds, { ...query }, credentials, listener);
  }

  /** Reads one page of the records in a window of time. Throws like `recordsByIds`. */
  recordsByDate(
    query: PageQuery,
    credentials: Credentials,
    listener: CallLifecycleListener,
  ): Promise<PageResponse> {
    return this.#call(this.#byDate, query, credentials, listener);
  }

  /** Closes the connections; calls in flight end first. */
  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => (pool.destroyed ? undefined : pool.close())));
  }

  /** Ends the connections with the calls in flight, which fail. */
  async abort(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.destroy()));
  }

  get #pools() {
    return [this.#byIds.pool, this.#byDate.pool];
  }

  async #call<Response>(
    kind: CallKind<Response>,
    query: Readonly<Record<string, string | undefined>>,
    credentials: Credentials,
    listener: CallLifecycleListener,
  ): Promise<Response> {
    const timeout = new AbortController();
    const cancelTimeout = this.#clock.setTimer(this.#timeoutMs, () => timeout.abort());
    let hasStarted = false;
    const onRequestStart = () => {
      hasStarted = true;
      listener.onRequestStart();
    };
    const onResponseStart = (status: number) => listener.onResponseStart(status);
    try {
      return await this.#get(kind, query, credentials, timeout.signal, { onRequestStart, onResponseStart });
    } catch (error) {
      throw error instanceof GatewayError
        ? error
        : transportProblem(error, timeout.signal.aborted, !hasStarted);
    } finally {
      cancelTimeout();
    }
  }

  async #get<Response>(
    kind: CallKind<Response>,
    query: Readonly<Record<string, string | undefined>>,
    credentials: Credentials,
    signal: AbortSignal,
    listener: CallLifecycleListener,
  ): Promise<Response> {
    const { statusCode, headers, body } = await kind.pool.compose(callLifecycle(listener)).request({
      method: 'GET',
      path: `${this.#pathPrefix}${recordsPath}?${new URLSearchParams(query as Record<string, string>)}`,
      headers: {
        authorization: credentials.authorization,
        accept: 'application/json',
        'accept-encoding': acceptedEncodings,
      },
      signal,
    });
    const received = await readBytes(body, signal);
    // To read one takes milliseconds; when answers come together, that each has come is to be known before.
    await otherEvents();
    const requestId = headers['x-request-id'];
    if (statusCode !== 200)
      throw await this.#problemOf({ statusCode, headers, received, maxBytes: kind.maxBytes }, credentials);
    try {
      return await readResponse(kind, received, headers);
    } catch (error) {
      throw error instanceof GatewayError ? withRequestId(error, requestId) : error;
    }
  }

  /** The error that a response with another status than 200 stands for. */
  async #problemOf(
    { statusCode, headers, received, maxBytes }: FailedResponse,
    { secrets }: Credentials,
  ): Promise<GatewayError> {
    const requestId = headers['x-request-id'];
    if (received.failure) return withRequestId(received.failure, requestId);
    const problem = await parseProblem(received.bytes, headers, maxBytes);
    return upstreamProblem(statusCode, problem, {
      retryAfterMs: requestedPauseMs(headers, this.#clock.now()),
      requestId,
      // Only a refused date makes Vonage's clock matter.
      dateMs: statusCode === 422 ? dateMs(headers.date) : undefined,
      secrets,
    });
  }
}

interface FailedResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly received: ReceivedBytes;
  readonly maxBytes: number;
}

interface ReceivedBytes {
  readonly bytes: Buffer;
  /** Set when the rest did not come. */
  readonly failure?: GatewayError;
}

/** The body as far as it came: rows that arrived before a cut are billed, and so worth keeping. */
async function readBytes(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ReceivedBytes> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks) };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), failure: transportProblem(error, signal.aborted, false) };
  }
}

async function readResponse<Response>(
  { parseText, parse, salvage, maxBytes }: CallKind<Response>,
  { bytes, failure }: ReceivedBytes,
  headers: BodyHeaders,
): Promise<Response> {
  if (failure) return salvage(await decodeBody(bytes, headers, maxBytes).catch(() => ''), failure);
  const text = await decodeBody(bytes, headers, maxBytes);
  const body = await parseText(text);
  return body === undefined ? salvage(text, endedEarly()) : parse(body);
}

/** A proxy that loses its upstream can end a body as if it were whole. */
function endedEarly(): GatewayError {
  const message = 'Vonage answered 200 with a body that is no JSON, or ends early.';
  return new GatewayError('UPSTREAM_MALFORMED', message, { upstream: { status: 200 } });
}

/** A refusal is told by its status, whether its body can be read or not. */
async function parseProblem(bytes: Buffer, headers: BodyHeaders, maxBytes: number): Promise<unknown> {
  return parseJson(await decodeBody(bytes, headers, maxBytes).catch(() => ''));
}

function salvageRows(text: string, failure: GatewayError): RecordsResponse {
  const rows = parsePartialRows(text);
  if (rows.length === 0) throw failure;
  return { rows: parseRecordsResponse({ records: rows }).rows, idsNotFound: [], failure };
}

/** The caller learns what went wrong, never the address or undici's own words. */
function transportProblem(cause: unknown, timedOut: boolean, neverSent: boolean): GatewayError {
  if (timedOut || isTimeout(cause)) {
    const message = 'Vonage did not answer in time; try again.';
    return new GatewayError('UPSTREAM_TIMEOUT', message, { cause, neverSent });
  }
  if (cause instanceof errors.ResponseExceededMaxSizeError) return responseTooLarge(cause);
  const message = 'Vonage could not be reached; try again in a moment.';
  return new GatewayError('UPSTREAM_UNAVAILABLE', message, { cause, neverSent });
}

function isTimeout(cause: unknown): boolean {
  return (
    cause instanceof errors.ConnectTimeoutError ||
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError
  );
}
