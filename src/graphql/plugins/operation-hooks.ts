import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import type { OperationContext } from '../operation-context.js';

/** What the gateway does at the steps of one operation. Each step happens at once. */
interface OperationHooks {
  didResolveOperation?(request: GraphQLRequestContextDidResolveOperation<OperationContext>): void;
  didEncounterErrors?(request: GraphQLRequestContextDidEncounterErrors<OperationContext>): void;
  willSendResponse?(request: GraphQLRequestContextWillSendResponse<OperationContext>): void;
}

/** Returns the hooks of one operation; undefined for an operation that needs none. */
export type StartHooks = (request: GraphQLRequestContext<OperationContext>) => OperationHooks | undefined;

/** Makes one plugin of many hooks. Apollo waits for each hook of each plugin, which cost more than most hooks themselves. */
export function pluginOf(starts: readonly StartHooks[]): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart(request) {
      const all = starts.flatMap((start) => start(request) ?? []);
      return {
        async didResolveOperation(resolved) {
          for (const hooks of all) hooks.didResolveOperation?.(resolved);
        },
        async didEncounterErrors(failed) {
          for (const hooks of all) hooks.didEncounterErrors?.(failed);
        },
        async willSendResponse(response) {
          for (const hooks of all) hooks.willSendResponse?.(response);
        },
      };
    },
  };
}
