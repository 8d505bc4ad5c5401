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
const checkEveryMs = 1000;

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
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: maxHeaderBytes,
      // `checkHost` does the same and responds with a GraphQL error.
      requireHostHeader: false,
    },
  };
}
