import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationContext } from '../operation-context.js';

/**
 * Adds the cost of an operation as `extensions.vonage`, where its caller may see it. The response to a dry run holds the
 * plan and no data, so that no client takes its empty results for records that do not exist.
 */
export function costPlugin(): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response, contextValue }) {
          const vonage = contextValue.operation.usageReport();
          if (!vonage || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          const data = 'plan' in vonage && 'data' in singleResult ? { data: null } : {};
          const extensions = { ...singleResult.extensions, vonage };
          response.body.singleResult = { ...singleResult, ...data, extensions };
        },
      };
    },
  };
}
