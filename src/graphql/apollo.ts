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
import type { ParsedDocuments } from './documents/parsed-documents.js';
import type { PersistedQueries } from './documents/persisted-queries.js';
import type { TrustedDocuments } from './documents/trusted-documents.js';
import { toClientError, withoutSuggestion } from './format-error.js';
import type { OperationContext } from './operation-context.js';
import { cacheControlHooks } from './plugins/cache-control-hooks.js';
import { costHooks } from './plugins/cost-hooks.js';
import { errorStatusHooks } from './plugins/error-status-hooks.js';
import { legacyStatusHooks } from './plugins/legacy-status-hooks.js';
import { limitsPlugin } from './plugins/limits-plugin.js';
import { listFaultHooks } from './plugins/list-fault-hooks.js';
import { pluginOf, type StartHooks } from './plugins/operation-hooks.js';
import { operationSummaryHooks } from './plugins/operation-summary-hooks.js';
import { roundedIdsHooks, roundedIdsRule } from './plugins/rounded-ids-hooks.js';
import { routerTracePlugin } from './plugins/router-trace-plugin.js';
import {
  type UntrustedDocumentsOptions,
  untrustedDocumentsHooks,
} from './plugins/untrusted-documents-hooks.js';
import { serializeResponse } from './serialize-response.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Whether error messages suggest no names of the schema, and no sandbox page is served. */
  readonly production: boolean;
  readonly limits: OperationLimits;
  /** Whether clients that do not accept GraphQL's own media type get 200, not 400, for wrong documents and variables. */
  readonly legacyStatusCodes: boolean;
  /** Whether records are invented, so that responses say so. Default: false. */
  readonly simulated?: boolean;
  /** The operation that the sandbox page shows first. */
  readonly sandboxDocument: string;
  /** Keeps parsed documents. */
  readonly parsedDocuments: ParsedDocuments;
  /** Stores the documents that clients register; undefined where clients cannot register any. */
  readonly persistedQueries: PersistedQueries | undefined;
  /** Reports documents that are not trusted; undefined for no report. */
  readonly untrustedDocuments: UntrustedDocumentsOptions | undefined;
  /** The documents that are trusted now; logs and metrics show the names of their operations. Default: none. */
  trustedDocuments?(): TrustedDocuments;
  /** Gets every error that neither the client nor Vonage caused. */
  onInternalError(error: unknown, requestId: string): void;
}

/** Apollo's codes for a wrong request; clients see BAD_USER_INPUT for all of them. */
const clientErrorCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

/**
 * Errors of a client that have no code in GraphQL: the last of too many errors in variables, and an error that GraphQL finds
 * only when it reads an argument, such as null for a variable with a default.
 */
const clientErrorWithoutCode =
  /^Too many errors processing variables|^Argument "\w+" (?:of (?:required|non-null) type "|has invalid value )/;

/** Most locations of one error; one wrong name can occur in thousands of places. */
const maxLocations = 3;

/** Apollo's codes to which clients of automatic persisted queries react. */
const persistedQueryCodes = new Set<unknown>([
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] satisfies ErrorCode[]);

/** Configures how operations run. Fastify handles the shutdown, and Apollo sends no reports to outside services. */
export function createApolloServer(options: ApolloOptions): ApolloServer<OperationContext> {
  const { schema, production, limits, persistedQueries } = options;
  return new ApolloServer<OperationContext>({
    schema,
    // The limits plugin decides per caller. Apollo decides for all callers, and only when it first validates a document.
    introspection: true,
    parseOptions: { maxLexicalTokens: limits.maxTokens },
    validationRules: [documentLimitsRule(limits), roundedIdsRule],
    // GraphQL adds one error that says there are more. Apollo's own option to hide suggestions takes seconds for long messages.
    validationOptions: { maxErrors: fixedLimits.maxErrors - 1, hideSuggestions: production },
    executionOptions: { maxCoercionErrors: fixedLimits.maxErrors - 1 },
    includeStacktraceInErrorResponses: false,
    nodeEnv: production ? 'production' : 'development',
    documentStore: options.parsedDocuments,
    persistedQueries: persistedQueries ? { cache: persistedQueries } : false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    stringifyResult: serializeResponse,
    formatError: (formatted, error) =>
      formatError(production ? withoutSuggestion(formatted) : formatted, error),
    plugins: [...apolloPlugins(options), ...gatewayPlugins(options)],
  });
}

/** Apollo's own plugins: each is named, since Apollo adds those that are not. */
function apolloPlugins({
  production,
  sandboxDocument,
}: ApolloOptions): ApolloServerPlugin<OperationContext>[] {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
    // Apollo's own plugin traces for every client; ours traces for the router only.
    ApolloServerPluginInlineTraceDisabled(),
    production ? ApolloServerPluginLandingPageDisabled() : sandboxPage(sandboxDocument),
  ];
}

function gatewayPlugins(options: ApolloOptions): ApolloServerPlugin<OperationContext>[] {
  // The limits are checked after the hooks, which put rounded ids right.
  return [pluginOf(gatewayHooks(options)), limitsPlugin(options.limits), routerTracePlugin()];
}

function gatewayHooks(options: ApolloOptions): StartHooks[] {
  const { legacyStatusCodes, untrustedDocuments } = options;
  return [
    // Before the hooks that read the errors of a response.
    listFaultHooks(),
    requestIdHooks(options),
    operationSummaryHooks(() => options.trustedDocuments?.()),
    roundedIdsHooks(),
    costHooks(options.simulated ?? false),
    cacheControlHooks(),
    errorStatusHooks(),
    ...(legacyStatusCodes ? [legacyStatusHooks()] : []),
    ...(untrustedDocuments ? [untrustedDocumentsHooks(untrustedDocuments)] : []),
  ];
}

function sandboxPage(document: string): ApolloServerPlugin {
  return ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false },
    document,
    footer: false,
  });
}

/** Reduces an error to a code of the catalogue. Any other error is a defect, whose message only the log shows. */
function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = causeOf(error);
  const { path, locations } = formatted;
  const place = { ...(locations && { locations: locations.slice(0, maxLocations) }), ...(path && { path }) };
  if (cause instanceof GatewayError) {
    // Apollo puts a code of its own into an error of validation.
    const extensions = { ...cause.extensions, ...formatted.extensions, code: cause.code };
    return { message: cause.message, ...place, extensions };
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

/** Logs defects, and gives every error of an operation the request id of the log line. */
function requestIdHooks({ production, onInternalError }: ApolloOptions): StartHooks {
  return ({ contextValue }) => {
    const { requestId } = contextValue;
    return {
      didEncounterErrors({ errors }) {
        contextValue.operation.markUncacheable();
        for (const error of errors) if (isInternalError(error)) onInternalError(causeOf(error), requestId);
        if (!production || contextValue.principal.has('explain')) errors.forEach(explain);
      },
      willSendResponse({ response }) {
        if (response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        const withId = (error: GraphQLFormattedError) => ({
          ...error,
          extensions: { ...error.extensions, requestId },
        });
        if (result.errors) response.body.singleResult = { ...result, errors: result.errors.map(withId) };
      },
    };
  };
}

/** Adds Vonage's own words to an error of this operation. Its cause can be the error of other callers, too. */
function explain({ originalError, extensions }: GraphQLError): void {
  if (originalError instanceof GatewayError) Object.assign(extensions, originalError.explainedExtensions);
}

function isInternalError(error: GraphQLError): boolean {
  if (causeOf(error) instanceof GatewayError) return false;
  return !isClientError(error) && !persistedQueryCodes.has(error.extensions.code);
}

function isClientError({ message, extensions }: Pick<GraphQLFormattedError, 'message' | 'extensions'>) {
  return clientErrorCodes.has(String(extensions?.code)) || clientErrorWithoutCode.test(message);
}

/** The error of a resolver or of a limit, which GraphQL wraps. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}
