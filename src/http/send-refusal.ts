import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorCatalogue, type GatewayError } from '../errors.js';
import { retryAfterSeconds } from '../graphql/retry-after-seconds.js';
import { errorBody } from './error-body.js';
import { errorType } from './error-type.js';

/** Answers a request with an error before any operation ran, in GraphQL's shape and with the status of the error. */
export function sendRefusal(
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
