/** @jest-environment ./test/apollo-integration/environment.js */
import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import { defineIntegrationTestSuite } from '@apollo/server-integration-testsuite';
import { pino } from 'pino';
import { unauthenticatedPrincipal } from '../../src/access/principal.js';
import { monotonicClock } from '../../src/clock.js';
import { readConfig } from '../../src/config/config.js';
import { type GraphqlHttpRequest, toApolloRequest } from '../../src/graphql/graphql-over-http.js';
import type { OperationContext } from '../../src/graphql/operation-context.js';
import { TrustedDocuments } from '../../src/graphql/trusted-documents.js';
import { Authentication } from '../../src/http/authentication.js';
import { ResponseCache } from '../../src/http/endpoint/response-cache.js';
import { createServer, type ServerOptions } from '../../src/http/server.js';
import { Shutdown } from '../../src/http/shutdown.js';
import { TrustedDocumentGuard } from '../../src/http/trusted-document-guard.js';
import { untraced } from '../../src/operation/operation-report.js';

const http = { ...readConfig({ PORT: '0' }).http, explorer: false };

type Suite = Parameters<typeof defineIntegrationTestSuite>[0];
type SuiteOptions = Parameters<Suite>[1];
/** Types of the suite's own copy of `@apollo/server`; the server itself is the gateway's. */
type SuiteServer = Awaited<ReturnType<Suite>>['server'];
type SuiteRequest = Parameters<SuiteServer['executeHTTPGraphQLRequest']>[0]['httpGraphQLRequest'];

/** The gateway's own server and route around an Apollo Server of the suite, which gets the context of the suite. */
async function serve(server: SuiteServer, options: SuiteOptions) {
  const context = options?.context ?? (async () => ({}));
  const graphql = {
    run: (request: GraphqlHttpRequest) =>
      server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: toApolloRequest(request) as unknown as SuiteRequest,
        context,
      }),
    stop: () => server.stop(),
  };
  const app = await createServer({
    graphql: graphql as unknown as ServerOptions['graphql'],
    shutdown: new Shutdown(),
    http,
    authentication: new Authentication({
      production: false,
      authenticator: () => ({ challenge: undefined, authenticate: () => unauthenticatedPrincipal }),
      isFromRouter: () => false,
      isAuthenticatedRouter: () => false,
    }),
    documentGuard: new TrustedDocumentGuard({
      documents: () => new TrustedDocuments([]),
      allowsAny: () => true,
      assertFits: () => undefined,
    }),
    observer: {
      startTrace: () => untraced,
      onOperationEnded: () => undefined,
      onCachedResponse: () => undefined,
      onRequestRejected: () => undefined,
    },
    isBacklogged: () => false,
    responseCache: new ResponseCache(0),
    admitIds: () => undefined,
    createContext: ({ requestId, principal }) =>
      ({
        requestId,
        principal,
        operation: {
          spending: () => ({ ids: 0, calls: 0, recordsBilled: 0 }),
          cacheable: () => undefined,
        },
      }) as unknown as OperationContext,
    clock: monotonicClock,
    logger: pino({ level: 'silent' }),
    production: false,
    operationTimeoutMs: 60_000,
    examples: [],
    onClosed: async () => undefined,
  });
  // The gateway adds an id to each error; the suite compares whole errors.
  app.addHook('onSend', async (_request, _reply, payload) =>
    typeof payload === 'string' ? payload.replaceAll(requestId, '') : payload,
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
}

/** The id of the request in the extensions of an error, and extensions that hold nothing else. */
const requestId = /,"extensions":\{"requestId":"[^"]+"\}|,"requestId":"[^"]+"|"requestId":"[^"]+",/g;

defineIntegrationTestSuite(
  async (config, options) => {
    const serverOptions = config as object as ApolloServerOptions<BaseContext>;
    const server = new ApolloServer(serverOptions) as unknown as SuiteServer;
    await server.start();
    const app = await serve(server, options);
    return { server, url: `${app.listeningOrigin}/graphql`, extraCleanup: () => app.close() };
  },
  { serverIsStartedInBackground: false, noIncrementalDelivery: true },
);
