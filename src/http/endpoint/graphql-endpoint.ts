import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { varyByCaller } from '../security/security-headers.js';
import { type GraphqlRouteOptions, graphqlRoute } from './graphql-route.js';
import { inflateBody } from './inflate-body.js';
import { negotiate } from './negotiate.js';

export interface GraphqlEndpointOptions extends GraphqlRouteOptions {
  /** Largest request body, in bytes, before and after it is inflated. */
  readonly maxBodyBytes: number;
  /** Whether there is no sandbox page. */
  readonly production: boolean;
}

/** The GraphQL endpoint with all that concerns its requests and answers as HTTP. */
export async function graphqlEndpoint(app: FastifyInstance, options: GraphqlEndpointOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', varyByCaller);
    scope.addHook('preParsing', negotiate(options));
    scope.addHook('preParsing', inflateBody(options.maxBodyBytes));
    if (!options.production) scope.addHook('onSend', letSandboxWork);
    graphqlRoute(scope, options);
  });
}

/** Apollo's page carries its own policy, and policies add up; only framing cannot be forbidden from within a page. */
async function letSandboxWork(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!String(reply.getHeader('content-type')).startsWith('text/html')) return;
  reply.headers({
    'content-security-policy': "frame-ancestors 'none'",
    // Its login opens a window and waits for its word.
    'cross-origin-opener-policy': 'same-origin-allow-popups',
  });
}
