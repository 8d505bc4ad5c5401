import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationContext } from '../operation-context.js';

/**
 * Shows what an operation cost in `extensions.vonage`, as far as its caller may see it. A dry run answers with its plan
 * and without data: nothing was looked up, so nothing may be taken for an answer.
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
