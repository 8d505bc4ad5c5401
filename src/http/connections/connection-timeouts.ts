export interface ConnectionTimeoutsOptions {
  /** Milliseconds within which the headers of a request must have arrived, from the connection or the last answer on. */
  readonly headersTimeoutMs: number;
  /** Milliseconds within which all of a request must have arrived; not less than `headersTimeoutMs`. */
  readonly requestTimeoutMs: number;
  /** Milliseconds for which a connection without a request is kept open. */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds after which an operation is given up. */
  readonly operationTimeoutMs: number;
  /** Most bytes of a request's first line and headers together. */
  readonly maxHeaderBytes: number;
}

/** How often Node looks for connections whose time is up; its own 30 seconds would triple the shortest timeout. */
const checkEveryMs = 1000;

/**
 * Fastify's options for connections that are slow, idle or talk too much. A caller that takes none of its answer is cut
 * off, too: no request is silent for longer than it may take to arrive and to be answered.
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
      // Ours says in GraphQL's error shape what is wrong with it.
      requireHostHeader: false,
    },
  };
}
