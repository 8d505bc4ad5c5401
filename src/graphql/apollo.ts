import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { type ErrorCode, GatewayError } from '../errors.js';
import { documentLimitsRule } from '../limits/document/document-limits.js';
import { fixedLimits, type OperationLimits } from '../limits/operation-limits.js';
import type { PersistedQueries } from './documents/persisted-queries.js';
import { toClientError, withoutSuggestion } from './format-error.js';
import type { OperationContext } from './operation-context.js';
import { cacheControlPlugin } from './plugins/cache-control-plugin.js';
import { errorStatusPlugin } from './plugins/error-status-plugin.js';
import { legacyStatusPlugin } from './plugins/legacy-status-plugin.js';
import { limitsPlugin } from './plugins/limits-plugin.js';
import { routerTracePlugin } from './plugins/router-trace-plugin.js';
import {
  type UntrustedDocumentsOptions,
  untrustedDocumentsPlugin,
} from './plugins/untrusted-documents-plugin.js';
import { costPlugin } from './plugins/usage-plugin.js';
import { serializeResponse } from './serialize-response.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Turns suggestions and the sandbox page off. */
  readonly production: boolean;
  readonly limits: OperationLimits;
  /** Whether callers without GraphQL's media type get 200, not 400, for documents and variables that are wrong. */
  readonly legacyStatusCodes: boolean;
  /** The operation that the sandbox page opens with. */
  readonly sandboxDocument: string;
  /** Keeps the documents that callers register; undefined where they cannot. */
  readonly persistedQueries: PersistedQueries | undefined;
  /** Who is told of documents that are not trusted; undefined for nobody. */
  readonly untrustedDocuments: UntrustedDocumentsOptions | undefined;
  /** Gets every error that is not a caller's or Vonage's fault. */
  onInternalError(error: unknown, requestId: string): void;
}

/** Codes of Apollo's own for a request that is the caller's fault; callers see one code for all of them. */
const clientErrorCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

/**
 * A caller's faults for which GraphQL has no code: the end of a list of faulty variables, and what it finds out only when it
 * reads an argument, such as a null that was sent for a variable with a default.
 */
const clientErrorWithoutCode =
  /^Too many errors processing variables|^Argument "\w+" (?:of (?:required|non-null) type "|has invalid value )/;

/** Places that are told of one fault: a name that stands in a thousand of them is one fault, too. */
const maxLocations = 3;

/** Codes of Apollo's own that clients of automatic persisted queries act upon. */
const persistedQueryCodes = new Set<unknown>([
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] satisfies ErrorCode[]);

/** Configures how operations run. Fastify owns the process's end, and nothing is reported to anybody outside. */
export function createApolloServer(options: ApolloOptions): ApolloServer<OperationContext> {
  const { schema, production, limits, sandboxDocument, persistedQueries, untrustedDocuments } = options;
  return new ApolloServer<OperationContext>({
    schema,
    // Refused by caller: Apollo would refuse it for all, and only in documents that it does not know yet.
    introspection: true,
    parseOptions: { maxLexicalTokens: limits.maxTokens },
    validationRules: [documentLimitsRule(limits)],
    // One more error says that there are more. Apollo's own way to hide suggestions takes seconds for long messages.
    validationOptions: { maxErrors: fixedLimits.maxErrors - 1, hideSuggestions: production },
    executionOptions: { maxCoercionErrors: fixedLimits.maxErrors - 1 },
    includeStacktraceInErrorResponses: false,
    nodeEnv: production ? 'production' : 'development',
    persistedQueries: persistedQueries ? { cache: persistedQueries } : false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    stringifyResult: serializeResponse,
    formatError: (formatted, error) =>
      formatError(production ? withoutSuggestion(formatted) : formatted, error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      // It would trace for anybody who asks; ours does for the router.
      ApolloServerPluginInlineTraceDisabled(),
      production ? ApolloServerPluginLandingPageDisabled() : sandboxPage(sandboxDocument),
      requestIdPlugin(options),
      limitsPlugin(limits),
      costPlugin(),
      cacheControlPlugin(),
      routerTracePlugin(),
      errorStatusPlugin(),
      ...(options.legacyStatusCodes ? [legacyStatusPlugin()] : []),
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
function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = causeOf(error);
  const { path, locations } = formatted;
  const place = { ...(locations && { locations: locations.slice(0, maxLocations) }), ...(path && { path }) };
  if (original instanceof GatewayError) {
    return { message: original.message, ...place, extensions: original.extensions };
  }
  if (isClientError(formatted)) {
    const { code, message } = toClientError(formatted.message);
    return { message, ...place, extensions: { code } };
  }
  if (persistedQueryCodes.has(formatted.extensions?.code)) {
    return { message: formatted.message, extensions: { code: formatted.extensions?.code } };
  }
  const message = 'Something went wrong inside the gateway; its log has more under this requestId.';
  return { message, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** Logs defects and gives every error of an operation the id under which they are logged. */
function requestIdPlugin({ onInternalError }: ApolloOptions): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart({ contextValue }) {
      const { requestId } = contextValue;
      return {
        async didEncounterErrors({ errors }) {
          contextValue.operation.markUncacheable();
          for (const error of errors) if (isInternalError(error)) onInternalError(causeOf(error), requestId);
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

function isInternalError(error: GraphQLError): boolean {
  if (causeOf(error) instanceof GatewayError) return false;
  return !isClientError(error) && !persistedQueryCodes.has(error.extensions.code);
}

function isClientError({ message, extensions }: Pick<GraphQLFormattedError, 'message' | 'extensions'>) {
  return clientErrorCodes.has(String(extensions?.code)) || clientErrorWithoutCode.test(message);
}

/** What GraphQL wrapped: the error of a resolver, or of a limit. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}
