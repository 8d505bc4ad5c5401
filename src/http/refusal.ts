import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.js';
import { errorBody } from './error-body.js';
import { errorType } from './error-type.js';
import { HttpRefusal } from './http-refusal.js';
import { sendRefusal } from './send-refusal.js';

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
export function refuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof GatewayError) return sendRefusal(error, request, reply);
  const { statusCode = 500 } = error;
  if (statusCode >= 500) {
    request.log.error({ err: error }, 'request failed');
    return sendRefusal(ourFault, request, reply);
  }
  return reply
    .code(statusCode)
    .headers({ 'cache-control': 'no-store', ...(error instanceof HttpRefusal && error.headers) })
    .type(errorType(request.headers))
    .send(errorBody('BAD_USER_INPUT', messageOf(error), request.id));
}

function messageOf(error: FastifyError): string {
  if (error instanceof HttpRefusal) return error.message;
  return byFastifyCode[error.code] ?? 'The request is not one that this endpoint takes.';
}

const ourFault = new GatewayError(
  'INTERNAL_SERVER_ERROR',
  'Something went wrong inside the gateway; its log has more under this requestId.',
);
