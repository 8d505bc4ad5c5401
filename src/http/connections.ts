import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Clock } from '../clock.js';
import { errorBody, errorType } from './errors.js';
import { securityHeaders } from './security-headers.js';

/** The open connections of a server, and those of them without a request. A request counts once its headers are complete. */
export class IdleConnections {
  readonly #open = new Set<Socket>();
  /** In the order in which they became idle. */
  readonly #idle = new Set<Socket>();
  /** Number of unanswered requests on a connection; a client may pipeline several. */
  readonly #requests = new WeakMap<Socket, number>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => this.#add(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#count(request.socket, 1);
      response.once('close', () => this.#count(request.socket, -1));
    });
  }

  /** Number of open connections. */
  get open(): number {
    return this.#open.size;
  }

  /** The connections without a request. */
  get idle(): Iterable<Socket> {
    return this.#idle;
  }

  /** Closes and returns the connection that has been idle longest, which can be a new one; undefined when none is idle. */
  closeLongestIdle(): Socket | undefined {
    const [socket] = this.#idle;
    // Its close event comes later; until then it must not count.
    if (socket) this.#remove(socket);
    return socket?.destroy();
  }

  #add(socket: Socket): void {
    this.#open.add(socket);
    this.#idle.add(socket);
    socket.once('close', () => this.#remove(socket));
  }

  #remove(socket: Socket): void {
    this.#open.delete(socket);
    this.#idle.delete(socket);
  }

  #count(socket: Socket, change: 1 | -1): void {
    const requests = (this.#requests.get(socket) ?? 0) + change;
    this.#requests.set(socket, requests);
    this.#idle.delete(socket);
    if (requests === 0 && this.#open.has(socket)) this.#idle.add(socket);
  }
}

export interface ConnectionLimitOptions {
  /** Most connections open at once; a number from 1 up. */
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
}

/** Shortest time between two log lines, so that a flood of connections does not flood the log. */
const logEveryMs = 10_000;

/**
 * Limits the number of open connections. At the limit, a new connection replaces the longest idle one; otherwise idle
 * connections alone could keep out all clients, health probes included. When every other connection carries a request, the
 * new connection closes. Logs both cases at intervals.
 */
export function limitConnections(
  server: Server,
  connections: IdleConnections,
  { maxConnections, clock, logger }: ConnectionLimitOptions,
): void {
  let [rejected, closedIdle, silentUntilMs] = [0, 0, Number.NEGATIVE_INFINITY];
  server.on('connection', (socket: Socket) => {
    if (connections.open <= maxConnections) return;
    if (connections.closeLongestIdle() === socket) rejected += 1;
    else closedIdle += 1;
    if (clock.now() < silentUntilMs) return;
    silentUntilMs = clock.now() + logEveryMs;
    logger.warn(
      { rejected, closedIdle, maxConnections },
      'MAX_CONNECTIONS connections are open, so new ones are rejected or replace idle ones',
    );
    rejected = 0;
    closedIdle = 0;
  });
}

/** Milliseconds in which a request that is on its way may still arrive, to be told that the server closes. */
const closingGraceMs = 1000;

/**
 * Closes idle connections when the server closes. Unused ones, which load balancers and browsers open in advance, close at
 * once; those with half a request close after a second. Node counts both as busy and stops its timeouts, so that they would
 * keep the process running.
 */
export function closeIdleOnShutdown(app: FastifyInstance, connections: IdleConnections, clock: Clock): void {
  app.addHook('preClose', async () => {
    for (const socket of connections.idle) if (socket.bytesRead === 0) socket.destroy();
    const cancel = clock.setTimer(closingGraceMs, () => {
      for (const socket of connections.idle) socket.destroy();
    });
    app.server.once('close', cancel);
  });
}

export interface ConnectionTimeoutsOptions {
  /** Milliseconds in which a whole request must arrive, counted from the connection or the last response. */
  readonly requestTimeoutMs: number;
  /** Milliseconds for which an idle connection stays open. */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds after which an operation ends with UPSTREAM_TIMEOUT. */
  readonly operationTimeoutMs: number;
}

/**
 * Milliseconds in which the headers of a request must arrive. Headers fit into a few packets, so ten seconds are enough for
 * the slowest client; a longer time would only let slow connections occupy the server.
 */
export const headersTimeoutMs = 10_000;

/**
 * Most bytes of the first line and the headers of a request together. This is Node's own default: clients and proxies expect
 * it, and it leaves room for a long JWT or a document in the URL.
 */
export const maxHeaderBytes = 16_384;

/** Interval in which Node checks the timeouts; its default of 30 seconds would triple the shortest timeout. */
const checkTimeoutsEveryMs = 1000;

/**
 * Fastify's options against slow clients, idle connections and oversized headers. They also close the connection of a client
 * that does not read its response: no connection may be silent for longer than a request and its operation may take.
 */
export function connectionTimeouts(options: ConnectionTimeoutsOptions) {
  const { requestTimeoutMs, keepAliveTimeoutMs, operationTimeoutMs } = options;
  return {
    connectionTimeout: requestTimeoutMs + operationTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: {
      // Node refuses to give the headers more time than the whole request.
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkTimeoutsEveryMs,
      maxHeaderSize: maxHeaderBytes,
      // `checkHost` does the same and responds with a GraphQL error.
      requireHostHeader: false,
    },
  };
}

/** Status and message by Node's error code; any other code means that the bytes are not HTTP. */
const clientErrorResponses: Readonly<Record<string, readonly [status: number, message: string]>> = {
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
      const [status, message] = clientErrorResponses[error.code] ?? notHttp;
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
