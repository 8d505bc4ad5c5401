import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { OperationContext } from '../operation-context.js';

/**
 * Federated tracing (`ftv1`), for the router only: to anybody else it would tell how the gateway works inside. Errors
 * are traced without their words, as those are in the answer.
 */
export function routerTracePlugin(): ApolloServerPlugin<OperationContext> {
  const { requestDidStart } = ApolloServerPluginInlineTrace();
  return {
    async requestDidStart(request) {
      return request.contextValue.fromRouter ? requestDidStart?.(request) : undefined;
    },
  };
}
