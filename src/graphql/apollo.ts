import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { type ErrorCode, GatewayError } from '../errors.js';
import { costPlugin } from './cost-plugin.js';
import { freshnessPlugin } from './freshness-plugin.js';
import type { OperationContext } from './operation-context.js';
import type { PersistedQueries } from './persisted-queries.js';
import { refusalStatusPlugin } from './refusal-status-plugin.js';
import { routerTracePlugin } from './router-trace-plugin.js';
import { type UntrustedDocumentsOptions, untrustedDocumentsPlugin } from './untrusted-documents-plugin.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Turns introspection, suggestions and the sandbox page off. */
  readonly production: boolean;
  /** The operation that the sandbox page opens with. */
  readonly sandboxDocument: string;
  /** Keeps the documents that callers register; undefined where they cannot. */
  readonly persistedQueries: PersistedQueries | undefined;
  /** Who is told of documents that are not trusted; undefined for nobody. */
  readonly untrustedDocuments: UntrustedDocumentsOptions | undefined;
  /** Gets every error that is not a caller's or Vonage's fault. */
  onDefect(error: unknown, requestId: string): void;
}

/** Codes of Apollo's own for a request that is the caller's fault; callers see one code for all of them. */
const callerFaults = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

/** Codes of Apollo's own that clients of automatic persisted queries act upon. */
const persistedQueryCodes = new Set<unknown>([
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] satisfies ErrorCode[]);

/** Configures how operations run. Fastify owns the process's end, and nothing is reported to anybody outside. */
export function createApolloServer(options: ApolloOptions): ApolloServer<OperationContext> {
  const { schema, production, sandboxDocument, persistedQueries, untrustedDocuments } = options;
  return new ApolloServer<OperationContext>({
    schema,
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    nodeEnv: production ? 'production' : 'development',
    persistedQueries: persistedQueries ? { cache: persistedQueries } : false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => showable(formatted, error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      // It would trace for anybody who asks; ours does for the router.
      ApolloServerPluginInlineTraceDisabled(),
      production ? ApolloServerPluginLandingPageDisabled() : sandboxPage(sandboxDocument),
      requestIdPlugin(options),
      costPlugin(),
      freshnessPlugin(),
      routerTracePlugin(),
      refusalStatusPlugin(),
      ...(untrustedDocuments ? [untrustedDocumentsPlugin(untrustedDocuments)] : []),
    ],
  });
}

function sandboxPage(document: string): ApolloServerPlugin {
  return ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false },
    document,
    footer: false,
  });
}

/** Reduces an error to a code of the catalogue. What is not in it is a defect, whose words stay in the log. */
function showable(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const { path, locations } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (original instanceof GatewayError) {
    return { message: original.message, ...place, extensions: original.extensions };
  }
  if (callerFaults.has(String(formatted.extensions?.code))) {
    return { message: formatted.message, ...place, extensions: { code: 'BAD_USER_INPUT' } };
  }
  if (persistedQueryCodes.has(formatted.extensions?.code)) {
    return { message: formatted.message, extensions: { code: formatted.extensions?.code } };
  }
  const message = 'Something went wrong inside the gateway; its log has more under this requestId.';
  return { message, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** Logs defects and gives every error of an operation the id under which they are logged. */
function requestIdPlugin({ onDefect }: ApolloOptions): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart({ contextValue }) {
      const { requestId } = contextValue;
      return {
        async didEncounterErrors({ errors }) {
          contextValue.noteError?.();
          for (const error of errors) if (isDefect(error)) onDefect(unwrapResolverError(error), requestId);
        },
        async willSendResponse({ response }) {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          const withId = (error: GraphQLFormattedError) => ({
            ...error,
            extensions: { ...error.extensions, requestId },
          });
          if (result.errors) response.body.singleResult = { ...result, errors: result.errors.map(withId) };
        },
      };
    },
  };
}

function isDefect(error: GraphQLError): boolean {
  if (unwrapResolverError(error) instanceof GatewayError) return false;
  const { code } = error.extensions;
  return !callerFaults.has(String(code)) && !persistedQueryCodes.has(code);
}
