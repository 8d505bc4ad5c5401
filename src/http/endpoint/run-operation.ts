import type { IncomingHttpHeaders } from 'node:http';
import {
  type ApolloServer,
  HeaderMap,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { OperationContext } from '../../graphql/operation-context.js';
import {
  type OperationReport,
  type OperationSummary,
  otherOperations,
} from '../../operation/operation-report.js';
import type { OperationScope } from '../../operation/operation-service.js';
import type { OperationTrace } from '../../operation/operation-trace.js';
import type { RequestParts } from '../documents/request-parts.js';
import type { TrustedDocumentGuard } from '../documents/trusted-document-guard.js';
import { clientDisconnected, withRequestId } from '../errors.js';
import type { Authentication } from '../security/authentication.js';
import type { Shutdown } from '../shutdown.js';
import type { RequestDeadlines } from './request-deadlines.js';
import type { CachedResponse } from './response-cache.js';

export interface RunOperationOptions {
  readonly apollo: ApolloServer<OperationContext>;
  readonly clock: Clock;
  readonly authentication: Authentication;
  /** Finds documents by their ids and rejects those that may not run. */
  readonly documentGuard: TrustedDocumentGuard;
  /** Milliseconds after which an operation ends with UPSTREAM_TIMEOUT. */
  readonly operationTimeoutMs: number;
  readonly shutdown: Shutdown;
  createContext(scope: OperationScope): OperationContext;
}

export interface TimedOperationOptions extends RunOperationOptions {
  /** Knows when the time of each request is up. */
  readonly deadlines: RequestDeadlines;
}

/** What belongs to one operation beside its request. */
export interface OperationParts extends Pick<OperationScope, 'rejection'> {
  readonly trace: OperationTrace;
  /** Gets a function that makes the response to cache; undefined for one that fits no other request. */
  onResponse?(responseOf: () => CachedResponse | undefined): void;
  /** Called once when the operation has ended. */
  onEnded(report: OperationReport): void;
}

/**
 * Runs the operation of a request in Apollo Server, and ends it when its time is up, its client disconnects, or the gateway
 * stops.
 */
export async function runOperation(
  request: FastifyRequest,
  reply: FastifyReply,
  options: TimedOperationOptions,
  { rejection, trace, onResponse, onEnded }: OperationParts,
): Promise<FastifyReply> {
  const { apollo, authentication, documentGuard, deadlines, createContext } = options;
  const end = new OperationEnd(request, reply, options);
  const sender = authentication.senderOf(request);
  const summary: OperationSummary = { operation: otherOperations, outcome: 'ok' };
  const context = createContext({
    ...sender,
    summary,
    ...requestedReports(request),
    requestId: request.id,
    spanContext: trace.spanContext,
    get signal() {
      return end.signal;
    },
    deadlineAtMs: deadlines.deadlineAtMs(request),
    rejection,
  });
  try {
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request, documentGuard.partsOf(request)),
      context: async () => context,
    });
    if (summary.outcome === 'ok' && (response.status ?? 200) >= 400) summary.outcome = 'BAD_USER_INPUT';
    onResponse?.(() => toCachedResponse(response, context));
    return send(reply, response, request.id, authentication.challenge);
  } catch (error) {
    summary.outcome = 'INTERNAL_SERVER_ERROR';
    throw error;
  } finally {
    end.stopWatching();
    onEnded({
      ...summary,
      ...context.operation.spending(),
      requestId: request.id,
      traceId: trace.traceId,
      caller: sender.principal.name,
      durationMs: reply.elapsedTime,
    });
  }
}

/**
 * The end of an operation before it is complete: its time is up, the client disconnects or the gateway stops. Time and client
 * are not watched before the signal is read, since an operation that memory answers never reads it.
 */
class OperationEnd {
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #options: TimedOperationOptions;
  readonly #untrack: () => void;
  #controller: AbortController | undefined;
  #cancelTimer = () => {};

  constructor(request: FastifyRequest, reply: FastifyReply, options: TimedOperationOptions) {
    this.#request = request;
    this.#reply = reply;
    this.#options = options;
    this.#untrack = options.shutdown.track((error) => this.#abortable().abort(error));
  }

  /** Aborts at the end, whichever cause comes first. */
  get signal(): AbortSignal {
    return this.#abortable().signal;
  }

  stopWatching(): void {
    this.#cancelTimer();
    this.#untrack();
  }

  #abortable(): AbortController {
    this.#controller ??= this.#watch();
    return this.#controller;
  }

  #watch(): AbortController {
    const { clock, deadlines, operationTimeoutMs } = this.#options;
    const { raw } = this.#reply;
    const controller = new AbortController();
    const onTimeout = () => controller.abort(timedOut(operationTimeoutMs));
    this.#cancelTimer = clock.setTimer(deadlines.remainingMs(this.#request), onTimeout);
    const onClose = () => raw.writableFinished || controller.abort(clientDisconnected());
    raw.once('close', onClose);
    // The client may have disconnected before this listener was added.
    if (raw.destroyed) onClose();
    return controller;
  }
}

function requestedReports({ headers }: FastifyRequest): Pick<OperationScope, 'dryRun' | 'explain'> {
  return { dryRun: isRequested(headers, 'x-dry-run'), explain: isRequested(headers, 'x-explain') };
}

/** A value that the gateway ignored would run and bill an operation that the client wants to plan only. */
function isRequested(headers: IncomingHttpHeaders, name: string): boolean {
  const value = String(headers[name] ?? '0').toLowerCase();
  if (['1', 'true'].includes(value)) return true;
  if (['0', 'false'].includes(value)) return false;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `The header ${name} must be 1 or 0, got: "${value.slice(0, 80)}".`,
  );
}

function toCachedResponse(
  { body, headers, status = 200 }: HTTPGraphQLResponse,
  { operation, summary }: OperationContext,
): CachedResponse | undefined {
  const cacheable = operation.cacheable();
  if (!cacheable || body.kind !== 'complete' || status !== 200) return undefined;
  return {
    headers: Object.fromEntries(headers),
    body: body.string,
    operation: summary?.operation ?? otherOperations,
    ...cacheable,
  };
}

function toApolloRequest(request: FastifyRequest, parts: RequestParts): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { headers, ...parts };
}

async function send(
  reply: FastifyReply,
  { body, headers, status = 200 }: HTTPGraphQLResponse,
  requestId: string,
  challenge: string | undefined,
): Promise<FastifyReply> {
  for (const [name, value] of headers) reply.header(name, value);
  if (status === 401 && challenge) reply.header('www-authenticate', challenge);
  reply.code(status);
  if (body.kind === 'chunked')
    throw new GatewayError('INTERNAL_SERVER_ERROR', 'Incremental delivery is not offered.');
  return reply.send(status < 400 ? body.string : withRequestId(body.string, requestId));
}

function timedOut(timeoutMs: number): GatewayError {
  return new GatewayError('UPSTREAM_TIMEOUT', `The operation did not end within its ${timeoutMs} ms.`);
}
