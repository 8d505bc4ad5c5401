import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationContext } from '../operation-context.js';

/**
 * Sends `Cache-Control` from the finality of the records in the answer. A hint on their types could not: one SMS is
 * final while the next is on its way.
 */
export function cacheControlPlugin(): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response, contextValue, errors }) {
          const header = contextValue.operation.cacheControl();
          if (header !== undefined) response.http.headers.set('cache-control', errors ? 'no-store' : header);
        },
      };
    },
  };
}
