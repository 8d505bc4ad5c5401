import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routerSecretHeader } from './authentication.js';

/**
 * Security headers of every response. They forbid browsers to load, run or frame anything in it; pages replace the policy by
 * their own. `Strict-Transport-Security` belongs to the proxy that terminates TLS and knows the public host names.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Response header that tells invented records of the simulator from Vonage's. */
export const simulatedHeader = 'x-vonage-simulated';

/** Request headers, besides `origin`, on which a response to GET depends. */
const variesForGet = [
  'authorization',
  'accept',
  routerSecretHeader,
  'x-explain',
  'x-dry-run',
  'apollo-federation-include-trace',
  'accept-encoding',
].join(', ');

/**
 * The hook that tells HTTP caches on which headers a response depends. Without it, a browser could show the response of one
 * caller to the next one. Caches store no responses to POST, but proxies may transform them by their coding.
 */
export function varyByCaller({ method }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const present = reply.getHeader('vary');
  const varying = method === 'GET' ? variesForGet : 'accept-encoding';
  reply.header('vary', present ? `${present}, ${varying}` : varying);
  done();
}

export interface AllowOriginsOptions {
  /** Origins whose pages may read responses. Default: Apollo's hosted sandbox in development, none in production. */
  readonly corsOrigins: readonly string[] | undefined;
  /** Request headers that pages may send beside the usual ones. Default: none. */
  readonly corsHeaders: readonly string[] | undefined;
  readonly production: boolean;
}

/** Request headers that the endpoint reads, and that clients and their tracing add. */
const usualHeaders = [
  'content-type',
  'authorization',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  'x-explain',
  'x-dry-run',
  'x-request-id',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
];

const sandboxOrigin = 'https://studio.apollographql.com';

/** Seconds for which a browser may cache a preflight response. */
const preflightMaxAge = 600;

/**
 * Lets pages of the listed origins read responses. A page of another origin does not learn the list. Browsers send no
 * cookies, because a caller authenticates by a header that the code of the page sets.
 */
export async function allowOrigins(app: FastifyInstance, options: AllowOriginsOptions): Promise<void> {
  const { production, corsHeaders = [], corsOrigins = production ? [] : [sandboxOrigin] } = options;
  const allowed = new Set(corsOrigins);
  await app.register(cors, {
    // The plugin adds `vary: origin` to every response only when this is a function.
    origin: (origin, decide) => decide(null, origin !== undefined && allowed.has(origin) ? origin : false),
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: [...usualHeaders, ...corsHeaders],
    exposedHeaders: ['x-request-id', 'retry-after', simulatedHeader],
    maxAge: preflightMaxAge,
    // An OPTIONS request that is no preflight then reaches the not-found handler, which lists the methods.
    strictPreflight: false,
  });
}
