import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../access/principal.js';
import type { OperationReport, OperationTrace } from '../../operation/operation-report.js';
import { Compression } from './compression.js';
import { RequestDeadlines } from './deadlines.js';
import { type AdmissionOptions, admissionHook } from './request-scheduler.js';
import { type CachedResponse, type ResponseCache, responseCacheKeys } from './response-cache.js';
import {
  type OperationParts,
  type RunOperationOptions,
  runOperation,
  type TimedOperationOptions,
} from './run-operation.js';

export interface GraphqlRouteOptions extends AdmissionOptions, RunOperationOptions {
  readonly responseCache: ResponseCache;
  readonly observer: RequestObserver;
  /**
   * Asks a caller's quota for the ids of a cached response. Throws a GatewayError, or rejects with one, where an operation
   * that asks for as many ids would be rejected; then it takes none of them.
   */
  admitIds(principal: Principal, ids: number): void | Promise<void>;
}

interface CompressionOptions {
  readonly compression: Compression;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the request was accepted, so that its operation is reported. */
    hasOperation: boolean;
  }
}

/** Path of the one GraphQL endpoint. */
export const graphqlPath = '/graphql';

/** Answers GraphQL requests: from the response cache where it can, else by running their operations. */
export function graphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { authentication, documentGuard, clock, operationTimeoutMs } = options;
  const deadlines = new RequestDeadlines(clock, operationTimeoutMs);
  const compression = new Compression();
  app.route({
    onRequest: [deadlines.onRequest, authentication.onRequest, admissionHook(options, deadlines)],
    preHandler: documentGuard.preHandler,
    onSend: compression.onSend,
    method: ['GET', 'POST'],
    url: graphqlPath,
    exposeHeadRoute: false,
    handler: graphqlHandler(app, { ...options, deadlines, compression }),
  });
}

function graphqlHandler(
  app: FastifyInstance,
  options: GraphqlRouteOptions & TimedOperationOptions & CompressionOptions,
) {
  const { responseCache: cache, observer, deadlines } = options;
  const cacheKeyOf = responseCacheKeys(app);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (deadlines.remainingMs(request) <= 0) throw deadlines.tooBusy();
    request.hasOperation = true;
    const { principal, fromRouter } = options.authentication.senderOf(request);
    const trace = observer.startTrace(request.headers.traceparent, reply.elapsedTime);
    const onEnded = (report: OperationReport) => {
      observer.onOperationEnded(report);
      trace.end(report);
    };
    const key = cacheKeyOf(request, { principal, fromRouter });
    const cached = key === undefined ? undefined : cache.get(key);
    if (cached) {
      const rejection = await rejectionOf(options.admitIds, principal, cached.ids);
      return rejection
        ? runOperation(request, reply, options, { rejection, trace, onEnded })
        : sendCached(request, reply, options, cached, { trace, onEnded });
    }
    return runOperation(request, reply, options, {
      trace,
      onEnded,
      onResponse: (responseOf: () => CachedResponse | undefined) =>
        key !== undefined && cache.record(key, responseOf),
    });
  };
}

function sendCached(
  request: FastifyRequest,
  reply: FastifyReply,
  { authentication, observer, compression }: GraphqlRouteOptions & CompressionOptions,
  cached: CachedResponse,
  { trace, onEnded }: Pick<OperationParts, 'trace' | 'onEnded'>,
): FastifyReply {
  reply.headers(cached.headers);
  compression.sendCached(request, reply, cached);
  observer.onCachedResponse(cached);
  onEnded({
    operation: cached.operation,
    outcome: 'ok',
    ids: cached.ids,
    calls: 0,
    recordsBilled: 0,
    requestId: request.id,
    traceId: trace.traceId,
    caller: authentication.senderOf(request).principal.name,
    durationMs: reply.elapsedTime,
  });
  return reply;
}

/**
 * The error with which the quota rejects a cached response. The operation then runs with this error and without asking the
 * quota again: Apollo writes the error, so that the response equals that of a live operation byte by byte.
 */
async function rejectionOf(
  admitIds: GraphqlRouteOptions['admitIds'],
  principal: Principal,
  ids: number,
): Promise<OperationParts['rejection']> {
  try {
    await admitIds(principal, ids);
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** Told what happens to requests, for logs, metrics and traces. No method may throw. */
export interface RequestObserver {
  /**
   * Begins the trace of an operation.
   *
   * @param traceparent the header of this name
   * @param elapsedMs milliseconds since the request arrived
   */
  startTrace(traceparent: string | string[] | undefined, elapsedMs: number): OperationTrace;
  /** Called once for every operation, also for one that the response cache answered. */
  onOperationEnded(report: OperationReport): void;
  /** Called for every response of the response cache. */
  onCachedResponse(response: CachedResponse): void;
  /** Called for every request that is rejected before its operation, with the HTTP status. */
  onRequestRejected(status: number): void;
}
