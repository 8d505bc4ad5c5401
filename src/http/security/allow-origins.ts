import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { simulatedHeader } from './security-headers.js';

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
