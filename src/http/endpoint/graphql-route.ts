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
import type { Asking } from '../documents/document-reference.js';
import type { DocumentDoor } from '../documents/trusted-document-guard.js';
import { callerLeft, withRequestId } from '../errors.js';
import type { Sender } from '../security/authentication.js';
import { type WaitForTurnOptions, waitForTurn } from './request-scheduler.js';
import { type KeptAnswer, KeptAnswers } from './response-cache.js';
import { readQuestions } from './response-cache-key.js';

export interface GraphqlRouteOptions extends WaitForTurnOptions {
  readonly apollo: ApolloServer<OperationContext>;
  /** Milliseconds after which an operation is given up. */
  readonly operationTimeoutMs: number;
  /** Bytes of finished answers kept in memory; 0 keeps none. */
  readonly answerBytes: number;
  /** Finds documents by their ids and refuses those that may not run. */
  readonly documentDoor: DocumentDoor;
  createContext(scope: OperationScope): OperationContext;
}

/** Path of the one GraphQL endpoint. */
export const graphqlPath = '/graphql';

/** Maps Fastify's requests to Apollo's and back; everything in between is Apollo's. */
export function graphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const answers = new KeptAnswers(options.answerBytes);
  const questionOf = readQuestions(app);
  const { authentication, documentDoor } = options;
  app.route({
    onRequest: [authentication.onRequest, waitForTurn(options)],
    preHandler: documentDoor.preHandler,
    method: ['GET', 'POST'],
    url: graphqlPath,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const sender = authentication.senderOf(request);
      const question = questionOf(request, sender);
      const kept = question === undefined ? undefined : answers.get(question);
      if (kept) return reply.headers(kept.headers).send(kept.body);
      const note = (answerOf: () => KeptAnswer | undefined) =>
        question !== undefined && answers.note(question, answerOf);
      return runOperation(request, reply, { ...options, sender, note });
    },
  });
}

interface RunOptions extends GraphqlRouteOptions {
  readonly sender: Sender;
  /** Notes the answer, if it may be given again. */
  note(answerOf: () => KeptAnswer | undefined): void;
}

async function runOperation(
  request: FastifyRequest,
  reply: FastifyReply,
  { apollo, clock, operationTimeoutMs, sender, documentDoor, createContext, note }: RunOptions,
): Promise<FastifyReply> {
  const life = new AbortController();
  const cancelTimer = clock.after(operationTimeoutMs, () => life.abort(timeIsUp(operationTimeoutMs)));
  const onClose = () => reply.raw.writableFinished || life.abort(callerLeft());
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
      httpGraphQLRequest: toApolloRequest(request, documentDoor.askingOf(request)),
      context: async () => context,
    });
    note(() => repeatable(response, context));
    return send(reply, response, request.id);
  } finally {
    cancelTimer();
  }
}

/** The answer to be given again, where the operation allows it. */
function repeatable(
  { body, headers, status = 200 }: HTTPGraphQLResponse,
  context: OperationContext,
): KeptAnswer | undefined {
  const ground = context.repeatable?.();
  if (!ground || body.kind !== 'complete' || status !== 200) return undefined;
  return { headers: Object.fromEntries(headers), body: body.string, ...ground };
}

function toApolloRequest(request: FastifyRequest, asking: Asking): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { headers, ...asking };
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
