import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { OperationContext } from '../operation-context.js';

/**
 * Federated tracing (`ftv1`) for the router only, because traces reveal the gateway's internals. Apollo masks error
 * messages in traces; the response itself carries them.
 */
export function routerTracePlugin(): ApolloServerPlugin<OperationContext> {
  const { requestDidStart } = ApolloServerPluginInlineTrace();
  return {
    async requestDidStart(request) {
      return request.contextValue.fromRouter ? requestDidStart?.(request) : undefined;
    },
  };
}
