import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../errors.js';
import { errorBody } from './error-body.js';

/** What a caller is told for each way a request can be wrong before GraphQL sees it. */
const byFastifyCode: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body must be JSON, such as {"query": "{ __typename }"}.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body must be JSON, such as {"query": "{ __typename }"}; it is empty.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The content-type must be application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than the operator allows (MAX_BODY_BYTES).',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The content-length does not fit the body.',
};

/** Answers in GraphQL's error shape, with the status that Fastify chose, and without its words for our own faults. */
export function refuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  const [code, message] = status < 500 ? callerFault(error) : ourFault(status);
  if (status >= 500 && status !== 503) request.log.error({ err: error }, 'request failed');
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(errorBody(code, message, request.id));
}

function callerFault(error: FastifyError): readonly [ErrorCode, string] {
  return ['BAD_USER_INPUT', byFastifyCode[error.code] ?? 'The request is not one that this endpoint takes.'];
}

function ourFault(status: number): readonly [ErrorCode, string] {
  if (status === 503) return ['SHUTTING_DOWN', 'The gateway is stopping; ask another instance.'];
  return [
    'INTERNAL_SERVER_ERROR',
    'Something went wrong inside the gateway; its log has more under this requestId.',
  ];
}
