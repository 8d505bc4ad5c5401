import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { shuttingDown } from '../errors.js';
import { lookupPageFolder } from '../package-files.js';
import { type CheckHostOptions, checkHost } from './check-host.js';
import {
  type ConnectionLimitOptions,
  type ConnectionTimeoutsOptions,
  clientErrorHandler,
  closeIdleOnShutdown,
  connectionTimeouts,
  expectationHandler,
  IdleConnections,
  limitConnections,
} from './connections.js';
import { type GraphqlEndpointOptions, graphqlEndpoint } from './endpoint/graphql-endpoint.js';
import { graphqlPath } from './endpoint/graphql-route.js';
import { errorHandler, notFoundHandler } from './errors.js';
import { type ExampleOperation, explorerRoute, healthPaths, healthRoute, staticPage } from './pages.js';
import {
  type AllowOriginsOptions,
  allowOrigins,
  securityHeaders,
  simulatedHeader,
} from './security-headers.js';

/** The operator's settings of the server. */
interface HttpSettings
  extends CheckHostOptions,
    Pick<AllowOriginsOptions, 'corsOrigins' | 'corsHeaders'>,
    Pick<ConnectionLimitOptions, 'maxConnections'>,
    Pick<ConnectionTimeoutsOptions, 'requestTimeoutMs' | 'keepAliveTimeoutMs'>,
    Pick<GraphqlEndpointOptions, 'maxBodyBytes'> {
  /** Whether the explorer is served. Undefined: outside production only. */
  readonly explorer: boolean | undefined;
  /** Whether browsers and proxies may store responses. */
  readonly mayBeCached: boolean;
  /** Whether `/lookup` serves the page that looks records up. */
  readonly lookupPage: boolean;
}

export interface ServerOptions extends Omit<GraphqlEndpointOptions, 'maxBodyBytes'> {
  readonly http: HttpSettings;
  readonly logger: FastifyBaseLogger;
  /** Whether the sandbox page is off, the explorer is off by default, and no other origin is allowed unless it is listed. */
  readonly production: boolean;
  readonly examples: readonly ExampleOperation[];
  /** Whether records are invented; a header of every response then says so, and no response may be stored. Default: false. */
  readonly simulated?: boolean;
  /** Closes what requests depend on, after the last request is answered. */
  onClosed(): Promise<void>;
}

const requestIdForm = /^[A-Za-z0-9._-]{1,64}$/;

/** Builds the HTTP server. Closing it finishes requests in flight, rejects new ones, and closes idle connections. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { http, clock, logger } = options;
  const app = createApp(options);
  app.decorateRequest('hasOperation', false);
  app.setErrorHandler(errorHandler);
  app.server.on('checkExpectation', (request, response) => {
    options.observer.onRequestRejected(417);
    expectationHandler(request, response);
  });
  const connections = new IdleConnections(app.server);
  limitConnections(app.server, connections, { maxConnections: http.maxConnections, clock, logger });
  closeIdleOnShutdown(app, connections, clock);
  // Only the GraphQL endpoint reads bodies; it adds its own parser.
  app.removeAllContentTypeParsers();
  await addRequestHooks(app, options);
  addPages(app, options);
  await graphqlEndpoint(app, { ...options, maxBodyBytes: http.maxBodyBytes });
  return app;
}

function createApp(options: ServerOptions): FastifyInstance {
  const { http, logger, operationTimeoutMs } = options;
  return Fastify({
    ...connectionTimeouts({ ...http, operationTimeoutMs }),
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Only internal errors are logged, with the id of their request; a logger for each request would cost more.
    childLoggerFactory: (serverLogger) => serverLogger,
    bodyLimit: http.maxBodyBytes,
    // Some clients and proxies add a slash to every path.
    routerOptions: { ignoreTrailingSlash: true },
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    clientErrorHandler: clientErrorHandler((status) => options.observer.onRequestRejected(status)),
    frameworkErrors: frameworkErrorHandler(options),
    // Fastify's own response is no GraphQL error, and would hide from probes that the process is stopping.
    return503OnClosing: false,
  });
}

function addPages(app: FastifyInstance, { http, production, examples, shutdown }: ServerOptions): void {
  healthRoute(app, () => shutdown.isReady);
  if (http.explorer ?? !production) explorerRoute(app, examples);
  const files = ['page.js', 'page.css', 'fields.json'];
  if (http.lookupPage) staticPage(app, { path: '/lookup', folder: lookupPageFolder, files });
  if (!production) app.get('/', (_request, reply) => reply.redirect(graphqlPath));
}

/** Adds the hooks of all requests, in an order that gives every error response all headers. */
async function addRequestHooks(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { http, production, simulated = false } = options;
  const headers = commonHeaders(options);
  // Hooks call back where they need not wait: a promise for each would cost more than most hooks themselves.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  if (simulated || !http.mayBeCached)
    app.addHook('onSend', (_request, reply, _payload, done) => {
      reply.header('cache-control', 'no-store');
      done();
    });
  app.addHook('onRequest', checkHost(http));
  const { corsOrigins, corsHeaders } = http;
  await allowOrigins(app, { corsOrigins, corsHeaders, production });
  app.addHook('onSend', (request, { statusCode }, _payload, done) => {
    if (statusCode >= 400 && !request.hasOperation && !isHealthProbe(request))
      options.observer.onRequestRejected(statusCode);
    done();
  });
  closeInOrder(app, options);
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) notFoundHandler(request, reply);
    else done();
  });
  app.setNotFoundHandler(notFoundHandler);
}

/**
 * Orders the shutdown. From its announcement on, every response closes its connection, because a kept-alive client would
 * otherwise keep the process running. Once the server refuses new requests, it still answers health probes. Apollo
 * stops after the last response, then its dependencies close.
 */
function closeInOrder(app: FastifyInstance, { graphql, onClosed, shutdown }: ServerOptions): void {
  app.addHook('preClose', async () => shutdown.refuseNew());
  app.addHook('onRequest', (request, _reply, done) => {
    // Checked last, because Fastify creates the route options on each access.
    if (shutdown.refusesNew && !isHealthProbe(request)) throw shuttingDown();
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!shutdown.isReady) reply.header('connection', 'close');
    done();
  });
  app.addHook('onClose', async () => {
    await graphql.stop();
    await onClosed();
  });
}

/** The headers of every response. */
function commonHeaders({ simulated = false }: ServerOptions): Readonly<Record<string, string>> {
  return { ...securityHeaders, ...(simulated && { [simulatedHeader]: 'true' }) };
}

function isHealthProbe(request: FastifyRequest): boolean {
  return healthPaths.has(request.routeOptions.url ?? '');
}

/** Answers a request that Fastify cannot route, such as one with a malformed path; no hook runs for it. */
function frameworkErrorHandler(options: ServerOptions) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers({ ...commonHeaders(options), 'x-request-id': request.id });
    errorHandler(error, request, reply);
    options.observer.onRequestRejected(reply.statusCode);
  };
}

/** Takes over a client's own id when it is harmless, so that logs on both sides can be matched. */
function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && requestIdForm.test(given) ? given : randomUUID();
}
