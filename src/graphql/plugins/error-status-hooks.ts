import type { GraphQLFormattedError } from 'graphql';
import { type ErrorCode, errorCatalogue, retryAfterSeconds } from '../../errors.js';
import type { StartHooks } from './operation-hooks.js';

/** Codes of errors that are found before any lookup. */
const codesBeforeLookup: ReadonlySet<unknown> = new Set<ErrorCode>([
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
 * Gives an operation that is rejected as a whole the HTTP status of its error, so that proxies and logs see the error. A
 * 429 or 503 also gets `Retry-After`. A response with partial data keeps GraphQL's 200, even when the data is a null.
 */
export function errorStatusHooks(): StartHooks {
  return () => ({
    willSendResponse({ response: { body, http } }) {
      if (body.kind !== 'single' || body.singleResult.data) return;
      // Apollo sets 500 for want of a better status; any other status is Apollo's decision and stays.
      if (http.status !== undefined && http.status !== 500) return;
      const { errors = [] } = body.singleResult;
      const status = statusOf(errors);
      if (status !== undefined) http.status = status;
      if (status === 429 || status === 503)
        http.headers.set('retry-after', retryAfterSeconds(longestWait(errors)));
    },
  });
}

/** The status of the first error; undefined without errors, and when one of them came up during lookups. */
function statusOf(errors: readonly GraphQLFormattedError[]): number | undefined {
  const codes = errors.map(({ extensions }) => extensions?.code);
  if (codes.length === 0 || !codes.every((code) => codesBeforeLookup.has(code))) return undefined;
  return errorCatalogue[codes[0] as ErrorCode].httpStatus;
}

/** The longest `retryAfterMs` of the errors; undefined when none has one. */
function longestWait(errors: readonly GraphQLFormattedError[]): number | undefined {
  const waits = errors.map(({ extensions }) => extensions?.retryAfterMs);
  const known = waits.filter((wait): wait is number => typeof wait === 'number');
  return known.length === 0 ? undefined : Math.max(...known);
}
