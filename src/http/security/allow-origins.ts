import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

export interface AllowOriginsOptions {
  /** Origins whose pages may read answers. Default: Apollo's hosted sandbox in development, none in production. */
  readonly corsOrigins: readonly string[] | undefined;
  readonly production: boolean;
}

const sandboxOrigin = 'https://studio.apollographql.com';

/** Seconds for which a browser need not ask again whether it may. */
const preflightMaxAge = 600;

/**
 * Lets pages of listed origins read answers. Every other page is told nothing of who may; and none sends a browser's
 * credentials along, since a caller proves itself in a header that its code writes.
 */
export async function allowOrigins(app: FastifyInstance, options: AllowOriginsOptions): Promise<void> {
  const { production, corsOrigins = production ? [] : [sandboxOrigin] } = options;
  const allowed = new Set(corsOrigins);
  await app.register(cors, {
    // Only with a function does every answer say that it depends on the origin.
    origin: (origin, decide) => decide(null, origin !== undefined && allowed.has(origin) ? origin : false),
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'content-type',
      'authorization',
      'apollo-require-preflight',
      'x-apollo-operation-name',
      'apollographql-client-name',
      'apollographql-client-version',
      'x-explain',
      'x-dry-run',
      'x-request-id',
    ],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: preflightMaxAge,
    // An OPTIONS request that asks no such thing is told which methods there are.
    strictPreflight: false,
  });
}
