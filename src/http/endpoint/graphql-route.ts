import {
  type ApolloServer,
  HeaderMap,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../../errors.js';
import type { OperationContext } from '../../graphql/operation-context.js';
import type { OperationScope } from '../../operation/operation-service.js';
import type { RequestParts } from '../documents/document-reference.js';
import type { TrustedDocumentGuard } from '../documents/trusted-document-guard.js';
import { clientDisconnected, withRequestId } from '../errors.js';
import type { Sender } from '../security/authentication.js';
import { type AdmissionOptions, admissionHook } from './request-scheduler.js';
import { type CachedResponse, ResponseCache } from './response-cache.js';
import { responseCacheKeys } from './response-cache-key.js';

export interface GraphqlRouteOptions extends AdmissionOptions {
  readonly apollo: ApolloServer<OperationContext>;
  /** Milliseconds after which an operation is given up. */
  readonly operationTimeoutMs: number;
  /** Bytes of finished answers kept in memory; 0 keeps none. */
  readonly responseCacheBytes: number;
  /** Finds documents by their ids and refuses those that may not run. */
  readonly documentGuard: TrustedDocumentGuard;
  createContext(scope: OperationScope): OperationContext;
}

/** Path of the one GraphQL endpoint. */
export const graphqlPath = '/graphql';

/** Maps Fastify's requests to Apollo's and back; everything in between is Apollo's. */
export function graphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const answers = new ResponseCache(options.responseCacheBytes);
  const cacheKeyOf = responseCacheKeys(app);
  const { authentication, documentGuard } = options;
  app.route({
    onRequest: [authentication.onRequest, admissionHook(options)],
    preHandler: documentGuard.preHandler,
    method: ['GET', 'POST'],
    url: graphqlPath,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const sender = authentication.senderOf(request);
      const question = cacheKeyOf(request, sender);
      const cached = question === undefined ? undefined : answers.get(question);
      if (cached) return reply.headers(cached.headers).send(cached.body);
      const note = (responseOf: () => CachedResponse | undefined) =>
        question !== undefined && answers.note(question, responseOf);
      return runOperation(request, reply, { ...options, sender, note });
    },
  });
}

interface RunOptions extends GraphqlRouteOptions {
  readonly sender: Sender;
  /** Notes the answer, if it may be given again. */
  note(responseOf: () => CachedResponse | undefined): void;
}

async function runOperation(
  request: FastifyRequest,
  reply: FastifyReply,
  { apollo, clock, operationTimeoutMs, sender, documentGuard, createContext, note }: RunOptions,
): Promise<FastifyReply> {
  const life = new AbortController();
  const cancelTimer = clock.setTimer(operationTimeoutMs, () => life.abort(timeIsUp(operationTimeoutMs)));
  const onClose = () => reply.raw.writableFinished || life.abort(clientDisconnected());
  reply.raw.once('close', onClose);
  // The caller may have gone before anybody listened.
  if (reply.raw.destroyed) onClose();
  const deadlineAtMs = clock.now() + operationTimeoutMs;
  const { headers, id: requestId } = request;
  const dryRun = headers['x-dry-run'] === '1';
  const scope = {
    requestId,
    ...sender,
    signal: life.signal,
    deadlineAtMs,
    dryRun,
    explain: headers['x-explain'] === '1',
  };
  const context = createContext(scope);
  try {
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request, documentGuard.partsOf(request)),
      context: async () => context,
    });
    note(() => cacheable(response, context));
    return send(reply, response, request.id);
  } finally {
    cancelTimer();
  }
}

/** The answer to be given again, where the operation allows it. */
function cacheable(
  { body, headers, status = 200 }: HTTPGraphQLResponse,
  context: OperationContext,
): CachedResponse | undefined {
  const ground = context.operation.cacheable();
  if (!ground || body.kind !== 'complete' || status !== 200) return undefined;
  return { headers: Object.fromEntries(headers), body: body.string, ...ground };
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
  response: HTTPGraphQLResponse,
  requestId: string,
): Promise<FastifyReply> {
  const { body, headers, status = 200 } = response;
  for (const [name, value] of headers) reply.header(name, value);
  reply.code(status);
  if (body.kind === 'chunked')
    throw new GatewayError('INTERNAL_SERVER_ERROR', 'Incremental delivery is not offered.');
  return reply.send(status < 400 ? body.string : withRequestId(body.string, requestId));
}

function timeIsUp(operationTimeoutMs: number): GatewayError {
  return new GatewayError(
    'UPSTREAM_TIMEOUT',
    `The answer did not come within the operation's ${operationTimeoutMs} ms.`,
  );
}
