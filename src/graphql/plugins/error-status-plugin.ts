import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { type ErrorCode, errorCatalogue, retryAfterSeconds } from '../../errors.js';
import type { OperationContext } from '../operation-context.js';

/** Codes with which an operation is refused before anything was looked up. */
const refusals: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'TOO_MANY_IDS',
  'QUERY_TOO_COMPLEX',
  'RATE_LIMITED',
  'OVERLOADED',
  'SHUTTING_DOWN',
]);

/**
 * An operation that was refused as a whole has the status of its refusal, so that proxies and logs see it as one, and
 * says when to come back. Where something was answered beside the refusal, be it a null, GraphQL's 200 stays.
 */
export function errorStatusPlugin(): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body, http } }) {
          if (body.kind !== 'single' || body.singleResult.data) return;
          // Apollo sets 500 where it knows nothing better; what it knows better stays.
          if (http.status !== undefined && http.status !== 500) return;
          const { errors = [] } = body.singleResult;
          const status = statusOf(errors);
          if (status !== undefined) http.status = status;
          if (status === 429 || status === 503)
            http.headers.set('retry-after', retryAfterSeconds(longestWait(errors)));
        },
      };
    },
  };
}

/** The status of the first refusal; undefined where something else went wrong, too, or nothing. */
function statusOf(errors: readonly GraphQLFormattedError[]): number | undefined {
  const codes = errors.map(({ extensions }) => extensions?.code);
  if (codes.length === 0 || !codes.every((code) => refusals.has(code))) return undefined;
  return errorCatalogue[codes[0] as ErrorCode].httpStatus;
}

/** Milliseconds after which none of the errors would come again, as far as they say. */
function longestWait(errors: readonly GraphQLFormattedError[]): number | undefined {
  const waits = errors.map(({ extensions }) => extensions?.retryAfterMs);
  const known = waits.filter((wait): wait is number => typeof wait === 'number');
  return known.length === 0 ? undefined : Math.max(...known);
}
