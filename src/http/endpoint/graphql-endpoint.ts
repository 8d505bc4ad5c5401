import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { varyByCaller } from '../security/security-headers.js';
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
    if (!options.production) scope.addHook('onSend', allowSandboxPage);
    graphqlRoute(scope, options);
  });
}

/** Apollo's page brings its own policy, and a browser enforces all policies; only a header can forbid framing. */
async function allowSandboxPage(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!String(reply.getHeader('content-type')).startsWith('text/html')) return;
  reply.headers({
    'content-security-policy': "frame-ancestors 'none'",
    // The login of the page opens a window and waits for its message.
    'cross-origin-opener-policy': 'same-origin-allow-popups',
  });
}
