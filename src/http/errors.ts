import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorCatalogue, GatewayError, retryAfterSeconds } from '../errors.js';

/** A refusal before any operation, in the shape that GraphQL clients read. */
export function errorBody(code: ErrorCode, message: string, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
}

/** Adds the request's id to errors that Apollo answered without running an operation; other bodies stay as they are. */
export function withRequestId(body: string, requestId: string): string {
  const parsed = parse(body);
  if (!Array.isArray(parsed?.errors)) return body;
  const errors = parsed.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return `${JSON.stringify({ ...parsed, errors })}\n`;
}

function parse(body: string): { errors?: { extensions?: object }[] } | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const graphqlType = 'application/graphql-response+json';

/** The content type of a refusal: GraphQL's own for clients that know it, since they read no refusals in another. */
export function errorType({ accept = '' }: IncomingHttpHeaders): string {
  return `${accept.includes(graphqlType) ? graphqlType : 'application/json'}; charset=utf-8`;
}

/** Refuses a request before GraphQL sees it. The caller is shown the message, so it quotes nothing secret. */
export class HttpError extends Error {
  readonly statusCode: number;
  /** Headers that the status calls for, such as `allow` with 405. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param statusCode the answer's status, from 400 to 499
   */
  constructor(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'HttpRefusal';
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** Why an operation ends whose caller does not wait for it any more; only logs see it. */
export function clientDisconnected(): GatewayError {
  return new GatewayError('CANCELLED', 'The caller closed the connection before the answer was there.');
}

/** Answers a request with an error before any operation ran, in GraphQL's shape and with the status of the error. */
export function sendError(
  { code, message, retryAfterMs }: GatewayError,
  { id, headers }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = errorCatalogue[code].httpStatus;
  if (status === 429 || status === 503) reply.header('retry-after', retryAfterSeconds(retryAfterMs));
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type(errorType(headers))
    .send(errorBody(code, message, id));
}

/** What a caller is told for each way a request can be wrong before GraphQL sees it. */
const byFastifyCode: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body must be JSON, such as {"query": "{ __typename }"}.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body must be JSON, such as {"query": "{ __typename }"}; it is empty.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The content-type must be application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than the operator allows (MAX_BODY_BYTES).',
  FST_ERR_BAD_URL: 'The path cannot be decoded.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The content-length does not fit the body.',
};

/** Answers in GraphQL's error shape, with the status that the error calls for, and without its words for our own faults. */
export function errorHandler(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof GatewayError) return sendError(error, request, reply);
  const { statusCode = 500 } = error;
  if (statusCode >= 500) {
    request.log.error({ err: error }, 'request failed');
    return sendError(internalError, request, reply);
  }
  return reply
    .code(statusCode)
    .headers({ 'cache-control': 'no-store', ...(error instanceof HttpError && error.headers) })
    .type(errorType(request.headers))
    .send(errorBody('BAD_USER_INPUT', messageOf(error), request.id));
}

function messageOf(error: FastifyError): string {
  if (error instanceof HttpError) return error.message;
  return byFastifyCode[error.code] ?? 'The request is not one that this endpoint takes.';
}

const internalError = new GatewayError(
  'INTERNAL_SERVER_ERROR',
  'Something went wrong inside the gateway; its log has more under this requestId.',
);

const methods = ['GET', 'HEAD', 'POST'];

/** Answers what no route takes: 404, or at a path that takes other methods 405 with their names. */
export async function notFoundHandler(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { method, server } = request;
  const [url = ''] = request.url.split('?', 1);
  const taken = methods.filter((each) => server.hasRoute({ method: each, url }));
  if (taken.length === 0) throw new HttpError(404, 'There is nothing at this path.');
  const allow = [...taken, 'OPTIONS'].join(', ');
  if (method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
  throw new HttpError(405, `The method ${method} is not taken here; ${allow} are.`, { allow });
}
