import type { FastifyInstance } from 'fastify';
import { sandboxPage } from '../pages.js';
import { varyByCaller } from '../security-headers.js';
import { type GraphqlRouteOptions, graphqlRoute } from './graphql-route.js';
import { inflateBody } from './inflate-body.js';
import { negotiate } from './negotiate.js';

export interface GraphqlEndpointOptions extends GraphqlRouteOptions {
  /** Largest request body in bytes, compressed and decompressed. */
  readonly maxBodyBytes: number;
  /** Whether the endpoint serves no sandbox page. */
  readonly production: boolean;
}

/** The GraphQL endpoint: its route with content negotiation, decompression and the headers of its responses. */
export async function graphqlEndpoint(app: FastifyInstance, options: GraphqlEndpointOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', varyByCaller);
    scope.addHook('preParsing', negotiate(options));
    scope.addHook('preParsing', inflateBody(options.maxBodyBytes));
    if (!options.production) scope.addHook('onSend', sandboxPage);
    graphqlRoute(scope, options);
  });
}
