import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorBody } from './error-body.js';
import { errorType } from './error-type.js';
import { securityHeaders } from './security-headers.js';

/** Answers a request that expects what nobody knows; Node's own answer has neither our form nor our headers. */
export function refuseExpectation({ headers }: IncomingMessage, response: ServerResponse): void {
  const requestId = randomUUID();
  const body = errorBody('BAD_USER_INPUT', 'The only expectation that is met is 100-continue.', requestId);
  response
    .writeHead(417, {
      ...securityHeaders,
      'content-type': errorType(headers),
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-request-id': requestId,
      connection: 'close',
    })
    .end(body);
}
