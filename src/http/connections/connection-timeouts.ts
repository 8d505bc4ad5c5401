export interface ConnectionTimeoutsOptions {
  /** Milliseconds in which the headers of a request must arrive, counted from the connection or the last response. */
  readonly headersTimeoutMs: number;
  /** Milliseconds in which a whole request must arrive; not less than `headersTimeoutMs`. */
  readonly requestTimeoutMs: number;
  /** Milliseconds for which an idle connection stays open. */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds after which an operation ends with UPSTREAM_TIMEOUT. */
  readonly operationTimeoutMs: number;
  /** Most bytes of the first line and the headers of a request together. */
  readonly maxHeaderBytes: number;
}

/** Interval in which Node checks the timeouts; its default of 30 seconds would triple the shortest timeout. */
const checkEveryMs = 1000;

/**
 * Fastify's options against slow clients, idle connections and oversized headers. They also close the connection of a client
 * that does not read its response: no connection may be silent for longer than a request and its operation may take.
 */
export function connectionTimeouts(options: ConnectionTimeoutsOptions) {
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, operationTimeoutMs } = options;
  return {
    connectionTimeout: requestTimeoutMs + operationTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: options.maxHeaderBytes,
      // `checkHost` does the same and responds with a GraphQL error.
      requireHostHeader: false,
    },
  };
}
