import type { IncomingHttpHeaders } from 'node:http';
import { setImmediate as otherEvents } from 'node:timers/promises';
import { errors, Pool } from 'undici';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import { type CallLifecycleListener, callLifecycle } from './call-lifecycle.js';
import type { Credentials } from './credentials.js';
import { parsePartialRows } from './parse-partial-rows.js';
import { parseRecordsResponse, type RecordsResponse } from './records-response.js';
import { acceptedEncodings, type BodyHeaders, decodeBody, responseTooLarge } from './response-body.js';
import { requestedPauseMs } from './retry-after.js';
import { upstreamProblem, withRequestId } from './upstream-problem.js';
import { type RecordsQuery, recordsPath } from './wire.js';

export interface VonageClientOptions {
  /** Origin of the Reports API. A path prefix is kept. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Milliseconds for a whole call, connecting included. Default: 15,000. */
  readonly timeoutMs?: number;
  /** Largest response body in bytes, as it arrives and decompressed; 20 rows take about 20 KB, and a page of a thousand with message texts 3 MB. Default: 4 MiB. */
  readonly maxResponseBytes?: number;
  /** Open connections at most; ten calls a second need few. Default: 16. */
  readonly connections?: number;
}

/** Speaks to Vonage over kept-alive connections. Redirects are not followed: they would carry the secret elsewhere. */
export class VonageClient {
  readonly #pool: Pool;
  readonly #pathPrefix: string;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #maxResponseBytes: number;

  constructor({
    baseUrl,
    clock,
    timeoutMs = 15_000,
    maxResponseBytes = 4 * 1024 * 1024,
    connections = 16,
  }: VonageClientOptions) {
    const url = new URL(baseUrl);
    this.#pathPrefix = url.pathname.replace(/\/$/, '');
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#maxResponseBytes = maxResponseBytes;
    this.#pool = new Pool(url.origin, {
      connections,
      keepAliveTimeout: 30_000,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: maxResponseBytes,
    });
  }

  /**
   * Looks records up by ids. Throws a GatewayError with an UPSTREAM code for every way a call can fail.
   *
   * @param listener told when the call is written to its connection, and when its answer begins
   */
  async recordsByIds(
    query: RecordsQuery,
    credentials: Credentials,
    listener: CallLifecycleListener = { onRequestStart() {}, onResponseStart() {} },
  ): Promise<RecordsResponse> {
    const timeout = new AbortController();
    const cancelTimeout = this.#clock.setTimer(this.#timeoutMs, () => timeout.abort());
    let hasStarted = false;
    const onRequestStart = () => {
      hasStarted = true;
      listener.onRequestStart();
    };
    const onResponseStart = () => listener.onResponseStart();
    try {
      return await this.#get(query, credentials, timeout.signal, { onRequestStart, onResponseStart });
    } catch (error) {
      throw error instanceof GatewayError
        ? error
        : transportProblem(error, timeout.signal.aborted, !hasStarted);
    } finally {
      cancelTimeout();
    }
  }

  /** Closes the connections; calls in flight end first. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #get(
    query: RecordsQuery,
    credentials: Credentials,
    signal: AbortSignal,
    listener: CallLifecycleListener,
  ): Promise<RecordsResponse> {
    const { statusCode, headers, body } = await this.#pool.compose(callLifecycle(listener)).request({
      method: 'GET',
      path: `${this.#pathPrefix}${recordsPath}?${new URLSearchParams({ ...query })}`,
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
    if (statusCode !== 200) throw await this.#problemOf({ statusCode, headers, received }, credentials);
    try {
      return await parseRecords(received, headers, this.#maxResponseBytes);
    } catch (error) {
      throw error instanceof GatewayError ? withRequestId(error, requestId) : error;
    }
  }

  /** The error that a response with another status than 200 stands for. */
  async #problemOf(
    { statusCode, headers, received }: FailedResponse,
    { secrets }: Credentials,
  ): Promise<GatewayError> {
    const requestId = headers['x-request-id'];
    if (received.failure) return withRequestId(received.failure, requestId);
    const problem = await parseProblem(received.bytes, headers, this.#maxResponseBytes);
    const retryAfterMs = requestedPauseMs(headers, this.#clock.now());
    return upstreamProblem(statusCode, problem, { retryAfterMs, requestId, secrets });
  }
}

interface FailedResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly received: ReceivedBytes;
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

async function parseRecords(
  { bytes, failure }: ReceivedBytes,
  headers: BodyHeaders,
  maxBytes: number,
): Promise<RecordsResponse> {
  if (!failure) return parseRecordsResponse(parseJson(await decodeBody(bytes, headers, maxBytes)));
  return salvage(await decodeBody(bytes, headers, maxBytes).catch(() => ''), failure);
}

/** A refusal is told by its status, whether its body can be read or not. */
async function parseProblem(bytes: Buffer, headers: BodyHeaders, maxBytes: number): Promise<unknown> {
  return parseJson(await decodeBody(bytes, headers, maxBytes).catch(() => ''));
}

function salvage(text: string, failure: GatewayError): RecordsResponse {
  const rows = parsePartialRows(text);
  if (rows.length === 0) throw failure;
  return { rows: parseRecordsResponse({ records: rows }).rows, idsNotFound: [], failure };
}

/** Undefined for a body that is no JSON, such as a proxy's HTML page. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
