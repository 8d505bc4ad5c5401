import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance } from 'fastify';
import { errorBody, errorType } from '../errors.js';
import { securityHeaders } from '../security/security-headers.js';
import { headersTimeoutMs, maxHeaderBytes } from './connection-timeouts.js';

/** By Node's code; whatever else a parser may find wrong is a request that is not HTTP. */
const refusals: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    `The request did not arrive in time: headers within ${headersTimeoutMs} ms, all of it within REQUEST_TIMEOUT_MS.`,
  ],
  HPE_HEADER_OVERFLOW: [431, `The first line and the headers are larger than ${maxHeaderBytes} bytes.`],
};

/**
 * Answers what never became a request, and ends its connection. The error holds the bytes that arrived, secrets among
 * them, so that only its code is logged.
 */
export function clientErrorHandler(this: FastifyInstance, error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  this.log.debug({ code: error.code }, 'a connection was ended for what it sent');
  if (!socket.writable || hasBegunAnswer(socket)) socket.destroy();
  else {
    socket.write(answer(...(refusals[error.code] ?? [400, 'The request is not HTTP/1.1.'])));
    socket.destroySoon();
  }
}

/** What is written into an answer that has begun would be taken for a part of it. Node keeps it in this field only. */
function hasBegunAnswer(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}

function answer(status: number, message: string): string {
  const requestId = randomUUID();
  const body = errorBody('BAD_USER_INPUT', message, requestId);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    `x-request-id: ${requestId}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

/** Answers a request that expects what nobody knows; Node's own answer has neither our form nor our headers. */
export function expectationHandler({ headers }: IncomingMessage, response: ServerResponse): void {
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
