import type { IncomingHttpHeaders } from 'node:http';
import type { HTTPGraphQLResponse } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../../errors.js';
import type { GraphqlServer } from '../../graphql/graphql-server.js';
import type { OperationContext } from '../../graphql/operation-context.js';
import {
  type OperationReport,
  type OperationSummary,
  type OperationTrace,
  otherOperations,
} from '../../operation/operation-report.js';
import type { OperationScope } from '../../operation/operation-service.js';
import type { Authentication } from '../authentication.js';
import { withRequestId } from '../errors.js';
import type { TrustedDocumentGuard } from '../trusted-document-guard.js';
import { OperationEnd, type OperationEndOptions } from './deadlines.js';
import type { CachedResponse } from './response-cache.js';

export interface RunOperationOptions extends Omit<OperationEndOptions, 'deadlines'> {
  readonly graphql: Pick<GraphqlServer, 'run' | 'stop'>;
  readonly authentication: Authentication;
  /** Finds documents by their ids and rejects those that may not run. */
  readonly documentGuard: TrustedDocumentGuard;
  createContext(scope: OperationScope): OperationContext;
}

export type TimedOperationOptions = RunOperationOptions & OperationEndOptions;

/** What belongs to one operation beside its request. */
export interface OperationParts extends Pick<OperationScope, 'rejection'> {
  readonly trace: OperationTrace;
  /** Gets a function that makes the response to cache; undefined for one that fits no other request. */
  onResponse?(responseOf: () => CachedResponse | undefined): void;
  /** Called once when the operation has ended. */
  onEnded(report: OperationReport): void;
}

/** Runs the operation of a request, and ends it when its time is up, its client disconnects, or the gateway stops. */
export async function runOperation(
  request: FastifyRequest,
  reply: FastifyReply,
  options: TimedOperationOptions,
  parts: OperationParts,
): Promise<FastifyReply> {
  const { graphql, authentication, deadlines, documentGuard, createContext } = options;
  const { rejection, trace } = parts;
  const end = new OperationEnd(request, reply, options);
  const summary: OperationSummary = { operation: otherOperations, outcome: 'ok' };
  const context = createContext(
    new RequestScope(request, end, { authentication, deadlines, rejection, trace, summary }),
  );
  try {
    const { method, search, body } = documentGuard.partsOf(request);
    const response = await graphql.run({ method, search, body, headers: request.headers }, context);
    if (summary.outcome === 'ok' && (response.status ?? 200) >= 400) summary.outcome = 'BAD_USER_INPUT';
    parts.onResponse?.(() => toCachedResponse(response, context));
    return send(reply, response, request.id, authentication.challenge);
  } catch (error) {
    summary.outcome = 'INTERNAL_SERVER_ERROR';
    throw error;
  } finally {
    end.stopWatching();
    const spending = context.operation.spending();
    const { requestId, principal } = context;
    const { traceId } = trace;
    const durationMs = reply.elapsedTime;
    parts.onEnded({ ...summary, ...spending, requestId, traceId, caller: principal.name, durationMs });
  }
}

type ScopeParts = Pick<TimedOperationOptions, 'authentication' | 'deadlines'> &
  Pick<OperationParts, 'rejection' | 'trace'> &
  Pick<OperationScope, 'summary'>;

class RequestScope implements OperationScope {
  readonly requestId: string;
  readonly principal: OperationScope['principal'];
  readonly fromRouter: boolean;
  readonly spanContext: OperationScope['spanContext'];
  readonly deadlineAtMs: number;
  readonly dryRun: boolean;
  readonly explain: boolean;
  readonly summary: OperationSummary;
  readonly rejection: OperationScope['rejection'];
  readonly #end: OperationEnd;

  constructor(request: FastifyRequest, end: OperationEnd, parts: ScopeParts) {
    const { principal, fromRouter } = parts.authentication.senderOf(request);
    this.requestId = request.id;
    this.principal = principal;
    this.fromRouter = fromRouter;
    this.spanContext = parts.trace.spanContext;
    this.deadlineAtMs = parts.deadlines.deadlineAtMs(request);
    this.dryRun = isRequested(request.headers, 'x-dry-run');
    this.explain = isRequested(request.headers, 'x-explain');
    this.summary = parts.summary;
    this.rejection = parts.rejection;
    this.#end = end;
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }
}

/** A value that the gateway ignored would run and bill an operation that the client wants to plan only. */
function isRequested(headers: IncomingHttpHeaders, name: string): boolean {
  if (headers[name] === undefined) return false;
  const value = String(headers[name]).toLowerCase();
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
