import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorCatalogue, GatewayError, retryAfterSeconds } from '../errors.js';

/** The body of an error response without an operation, in the format that GraphQL clients read. */
export function errorBody(
  code: ErrorCode,
  message: string,
  requestId: string,
  retryAfterMs?: number,
): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, retryAfterMs, requestId } }] });
}

/** Adds the request id to the errors of a response for which Apollo ran no operation; leaves other bodies unchanged. */
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

/** The content type of an error response: GraphQL's own for clients that accept it, because they expect errors in it. */
export function errorType({ accept = '' }: IncomingHttpHeaders): string {
  return `${accept.includes(graphqlType) ? graphqlType : 'application/json'}; charset=utf-8`;
}

/** Rejects a request before GraphQL sees it. The client sees the message, so it must quote no secret. */
export class HttpError extends Error {
  readonly statusCode: number;
  /** Headers that belong to the status, such as `allow` for 405. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param statusCode status of the response, from 400 to 499
   */
  constructor(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'HttpError';
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** The error of an operation whose client has disconnected; only logs show it. */
export function clientDisconnected(): GatewayError {
  return new GatewayError('CANCELLED', 'The client closed the connection before the response was complete.');
}

/** Answers a request with an error before any operation runs, in GraphQL's format and with the error's HTTP status. */
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
    .send(errorBody(code, message, id, retryAfterMs));
}

/** Messages for requests that Fastify rejects, by its error codes. */
const byFastifyCode: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY:
    'The body must be JSON, such as {"query": "{ __typename }"}; it does not parse.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body must be JSON, such as {"query": "{ __typename }"}; it is empty.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The content-type header must be application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than the operator allows (MAX_BODY_BYTES).',
  FST_ERR_BAD_URL: 'The path is not valid percent-encoding.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The content-length header differs from the length of the body.',
};

/** Answers an error in GraphQL's format with the status of the error. An internal error goes to the log, without its message in the response. */
export function errorHandler(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof GatewayError) return sendError(error, request, reply);
  const { statusCode = 500 } = error;
  if (statusCode >= 500) {
    request.log.error({ err: error, reqId: request.id }, 'request failed');
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
  return byFastifyCode[error.code] ?? 'The HTTP server rejected the request as malformed.';
}

const internalError = new GatewayError(
  'INTERNAL_SERVER_ERROR',
  'Something went wrong inside the gateway; its log has more under this requestId.',
);

const methods = ['GET', 'HEAD', 'POST'];

/** Answers a request without a route: 405 with the allowed methods where the path has a route for others, else 404. */
export function notFoundHandler(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { method, server } = request;
  const [path = ''] = request.url.split('?', 1);
  const url = path.replace(/(?<=.)\/$/, '');
  const allowed = methods.filter((each) => server.hasRoute({ method: each, url }));
  if (allowed.length === 0)
    throw new HttpError(404, 'Nothing is served at this path; GraphQL is at /graphql.');
  const allow = [...allowed, 'OPTIONS'].join(', ');
  if (method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
  throw new HttpError(405, `The method must be one of ${allow} at this path, got: ${method}.`, { allow });
}
