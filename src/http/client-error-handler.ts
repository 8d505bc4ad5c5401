import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance } from 'fastify';
import { headersTimeoutMs, maxHeaderBytes } from './connections.js';
import { errorBody, errorType } from './errors.js';
import { securityHeaders } from './security-headers.js';

/** Status and message by Node's error code; any other code means that the bytes are not HTTP. */
const responses: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    `The request did not arrive in time: headers within ${headersTimeoutMs} ms, all of it within REQUEST_TIMEOUT_MS. The client or the network is too slow.`,
  ],
  HPE_HEADER_OVERFLOW: [431, `The first line and the headers are larger than ${maxHeaderBytes} bytes.`],
};

const notHttp = [
  400,
  'The request is not HTTP/1.1; the client may use TLS or HTTP/2 on this plain port.',
] as const;

/**
 * Answers bytes that are no valid request, and closes the connection. Logs the code only, because the error holds the bytes
 * that arrived, secrets among them.
 *
 * @param onRejected called with the status of each response
 */
export function clientErrorHandler(onRejected: (status: number) => void) {
  return function (this: FastifyInstance, error: ConnectionError, socket: Socket): void {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    this.log.debug({ code: error.code }, 'a connection was closed because it sent no valid request');
    if (!socket.writable || hasStartedResponse(socket)) socket.destroy();
    else {
      const [status, message] = responses[error.code] ?? notHttp;
      onRejected(status);
      socket.write(responseText(status, message));
      socket.destroySoon();
    }
  };
}

/** A client would read a second response as a part of the first. Only this internal field of Node knows the first. */
function hasStartedResponse(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}

function responseText(status: number, message: string): string {
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

/** Answers a request with an unknown `Expect` header; Node's own response has neither a GraphQL error nor our headers. */
export function expectationHandler({ headers }: IncomingMessage, response: ServerResponse): void {
  const requestId = randomUUID();
  const message = `The Expect header must be 100-continue, got: ${headers.expect?.slice(0, 80)}.`;
  const body = errorBody('BAD_USER_INPUT', message, requestId);
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
