import type { IncomingHttpHeaders } from 'node:http';
import {
  type ApolloServer,
  HeaderMap,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { OperationScope } from '../graphql/create-operation-context.js';
import type { OperationContext } from '../graphql/operation-context.js';
import { withRequestId } from './error-body.js';

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<OperationContext>;
  readonly clock: Clock;
  /** Milliseconds after which an operation is given up. */
  readonly operationTimeoutMs: number;
  /** Tells by its headers whether a request comes from the router of a federated graph. Default: none does. */
  isFromRouter?(headers: IncomingHttpHeaders): boolean;
  createContext(scope: OperationScope): OperationContext;
}

/** Path of the one GraphQL endpoint. */
export const graphqlPath = '/graphql';

/** Maps Fastify's requests to Apollo's and back; everything in between is Apollo's. */
export function graphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): void {
  app.route({
    method: ['GET', 'POST', 'OPTIONS', 'HEAD', 'PUT', 'DELETE', 'PATCH'],
    url: graphqlPath,
    exposeHeadRoute: false,
    handler: (request, reply) => runOperation(request, reply, options),
  });
}

async function runOperation(
  request: FastifyRequest,
  reply: FastifyReply,
  { apollo, clock, operationTimeoutMs, isFromRouter, createContext }: GraphqlRouteOptions,
): Promise<FastifyReply> {
  const life = new AbortController();
  const cancelTimer = clock.after(operationTimeoutMs, () => life.abort(timeIsUp(operationTimeoutMs)));
  const onClose = () => reply.raw.writableFinished || life.abort(callerLeft());
  reply.raw.once('close', onClose);
  const deadlineAtMs = clock.now() + operationTimeoutMs;
  const { headers, id: requestId } = request;
  const dryRun = headers['x-dry-run'] === '1';
  const scope = {
    requestId,
    fromRouter: isFromRouter?.(headers) ?? false,
    signal: life.signal,
    deadlineAtMs,
    dryRun,
    explain: headers['x-explain'] === '1',
  };
  try {
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      context: async () => createContext(scope),
    });
    return send(reply, response, request.id);
  } finally {
    cancelTimer();
  }
}

/** Only the query string is needed; a URL built from the Host header would let that header break the request. */
function toApolloRequest(request: FastifyRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const mark = request.url.indexOf('?');
  const search = mark === -1 ? '' : request.url.slice(mark);
  return { method: request.method.toUpperCase(), headers, search, body: request.body };
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

function callerLeft(): GatewayError {
  return new GatewayError('CANCELLED', 'The caller closed the connection before the answer was there.');
}
