import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GraphQLSchema } from 'graphql';
import { documentLimitsRule } from '../limits/document-limits.js';
import { fixedLimits, type OperationLimits } from '../limits/operation-limits.js';
import type { ParsedDocuments, PersistedQueries } from './document-caches.js';
import { errorFormatter } from './format-error.js';
import { serializeResponse } from './graphql-over-http.js';
import type { OperationContext } from './operation-context.js';
import { type GatewayHooksOptions, gatewayHooks } from './plugins/gateway-hooks.js';
import { limitsPlugin } from './plugins/limits-plugin.js';
import { pluginOf, type StartHooks } from './plugins/operation-hooks.js';
import { roundedIdsRule } from './plugins/rounded-ids-hooks.js';

export interface ApolloOptions extends GatewayHooksOptions {
  readonly schema: GraphQLSchema;
  /** Whether error messages suggest no names of the schema, and no sandbox page is served. */
  readonly production: boolean;
  readonly limits: OperationLimits;
  /** The operation that the sandbox page shows first. */
  readonly sandboxDocument: string;
  /** Keeps parsed documents. */
  readonly parsedDocuments: ParsedDocuments;
  /** Stores the documents that clients register; undefined where clients cannot register any. */
  readonly persistedQueries: PersistedQueries | undefined;
}

/**
 * Configures how operations run. Fastify handles the shutdown, and Apollo sends no reports to outside services.
 *
 * @param hooks what the gateway does at the steps of each operation
 */
export function createApolloServer(
  options: ApolloOptions,
  hooks: readonly StartHooks[] = gatewayHooks(options),
): ApolloServer<OperationContext> {
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
    formatError: errorFormatter(production),
    // The limits are checked after the hooks, which put rounded ids right.
    plugins: [...apolloPlugins(options), pluginOf(hooks), limitsPlugin(limits), routerTracePlugin()],
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

function sandboxPage(document: string): ApolloServerPlugin {
  return ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false },
    document,
    footer: false,
  });
}

/**
 * Federated tracing (`ftv1`) for the router only, because traces reveal the gateway's internals. Apollo masks error
 * messages in traces; the response itself carries them.
 */
function routerTracePlugin(): ApolloServerPlugin<OperationContext> {
  const { requestDidStart } = ApolloServerPluginInlineTrace();
  return {
    async requestDidStart(request) {
      return request.contextValue.fromRouter ? requestDidStart?.(request) : undefined;
    },
  };
}
