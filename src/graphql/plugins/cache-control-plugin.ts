import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationContext } from '../operation-context.js';

/**
 * Sets `Cache-Control` by whether the records of the response are final. Cache hints on types cannot tell: one SMS is final
 * while the next one is still pending.
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
