import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { ExampleOperation } from './example-operations.js';
import { explorerRoute } from './explorer-route.js';
import { type GraphqlRouteOptions, graphqlPath, graphqlRoute } from './graphql-route.js';
import { healthRoute } from './health-route.js';
import { refuse } from './refusal.js';

export interface ServerOptions extends GraphqlRouteOptions {
  readonly logger: FastifyBaseLogger;
  /** Largest request body, in bytes. */
  readonly maxBodyBytes: number;
  /** Turns the explorer off and lets no other origin in. */
  readonly production: boolean;
  readonly examples: readonly ExampleOperation[];
  /** Ends what the server's requests depend on, after the last of them was answered. */
  onClosed(): Promise<void>;
}

/** Apollo's hosted sandbox; let in while in development only. */
const studioOrigin = 'https://studio.apollographql.com';
const requestIdForm = /^[A-Za-z0-9._-]{1,64}$/;

/** Builds the HTTP server. Closing it answers what is in flight, refuses the rest, and ends idle connections. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.maxBodyBytes,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
  });
  app.setErrorHandler(refuse);
  if (!options.production) await app.register(cors, { origin: studioOrigin, credentials: false });
  const isReady = closeInOrder(app, options);
  healthRoute(app, isReady);
  if (!options.production) explorerRoute(app, options.examples);
  app.get('/', (_request, reply) => reply.redirect(graphqlPath));
  graphqlRoute(app, options);
  return app;
}

/**
 * While closing, readiness turns red first and every answer ends its connection: without that a kept-alive client holds
 * the process up until its socket times out. Apollo stops when the last answer is out, then what it depends on.
 */
function closeInOrder(app: FastifyInstance, { apollo, onClosed }: ServerOptions): () => boolean {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onClose', async () => {
    await apollo.stop();
    await onClosed();
  });
  return () => !closing;
}

/** A caller's own id is kept when it is harmless, so that its logs and ours meet. */
function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && requestIdForm.test(given) ? given : randomUUID();
}
