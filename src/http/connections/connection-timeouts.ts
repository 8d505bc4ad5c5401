export interface ConnectionTimeoutsOptions {
  /** Milliseconds within which a request must arrive with its body, from the connection or the last response on. */
  readonly requestTimeoutMs: number;
  /** Milliseconds for which a connection without a request is kept open. */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds after which an operation is given up. */
  readonly operationTimeoutMs: number;
}

/**
 * Milliseconds within which the headers of a request must arrive. Headers fit into a few packets, so ten seconds are enough
 * for the slowest client; a longer time would only let slow connections occupy the server.
 */
export const headersTimeoutMs = 10_000;

/**
 * Most bytes of a request's first line and headers together. Node's own default: clients and proxies expect it, and it
 * leaves room for a long JWT or a document in the URL.
 */
export const maxHeaderBytes = 16_384;

/** How often Node looks for connections whose time is up; its own 30 seconds would triple the shortest timeout. */
const checkEveryMs = 1000;

/**
 * Fastify's options for connections that are slow, idle or talk too much. A caller that takes none of its answer is cut
 * off, too: no request is silent for longer than it may take to arrive and to be answered.
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
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: maxHeaderBytes,
      // Ours says in GraphQL's error shape what is wrong with it.
      requireHostHeader: false,
    },
  };
}
