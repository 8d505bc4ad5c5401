/** A router: Hive Gateway over the supergraph. It authenticates itself to the records gateway with a secret. */
import { createServer } from 'node:http';
import { createGatewayRuntime, type UnifiedGraphHandler } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

export interface RouterOptions {
  readonly supergraph: string;
  /** The ROUTER_SECRET of the records gateway. */
  readonly routerSecret: string;
}

/** The router as a function of requests. It logs nothing and sends no telemetry. */
export function createRouter({ supergraph, routerSecret }: RouterOptions) {
  return createGatewayRuntime({
    supergraph,
    logging: false,
    // Hive's planner supports fields of `@interfaceObject` on each record type; the default one returns null for them.
    unifiedGraphHandler: unifiedGraphHandler as unknown as UnifiedGraphHandler,
    propagateHeaders: {
      // Only the records gateway gets the secret, and with it the credentials of the caller.
      fromClientToSubgraphs: ({ subgraphName, request }) =>
        subgraphName === 'records' ? { 'x-router-secret': routerSecret, ...authorizationOf(request) } : {},
    },
  });
}

/** The header that authenticates the caller; empty for a caller without credentials. */
function authorizationOf({ headers }: Request): Record<string, string> {
  const authorization = headers.get('authorization');
  return authorization === null ? {} : { authorization };
}

/** Serves the router on loopback. Port 0 selects a free port. */
export async function startRouter(options: RouterOptions, port: number) {
  const router = createRouter(options);
  const server = createServer(router);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as { port: number };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await router[Symbol.asyncDispose]();
  };
  return { url: `http://127.0.0.1:${taken}/graphql`, close };
}
