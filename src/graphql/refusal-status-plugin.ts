import type { ApolloServerPlugin } from '@apollo/server';
import { type ErrorCode, errorCatalogue } from '../errors.js';
import type { OperationContext } from './operation-context.js';

/** Codes with which an operation is refused before anything was looked up. */
const refusals: ReadonlySet<unknown> = new Set<ErrorCode>(['FORBIDDEN', 'TOO_MANY_IDS']);

/**
 * An operation that was refused as a whole has the status of its refusal, so that proxies and logs see it as one. Where
 * something was answered beside the refusal, GraphQL's 200 stays.
 */
export function refusalStatusPlugin(): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body, http } }) {
          if (body.kind !== 'single' || body.singleResult.data) return;
          const codes = body.singleResult.errors?.map((error) => error.extensions?.code) ?? [];
          if (codes.length > 0 && codes.every((code) => refusals.has(code)))
            http.status = errorCatalogue[codes[0] as ErrorCode].httpStatus;
        },
      };
    },
  };
}
