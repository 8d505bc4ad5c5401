import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { type ErrorCode, errorCatalogue, GatewayError, retryAfterSeconds } from '../../errors.js';
import { causeOf, isInternalError } from '../format-error.js';
import type { StartHooks } from './operation-hooks.js';

export interface ErrorHooksOptions {
  readonly production: boolean;
  /** Gets every error that neither the client nor Vonage caused. */
  onInternalError(error: unknown, requestId: string): void;
}

/** Logs defects, and gives every error of an operation the request id of the log line. */
export function errorHooks({ production, onInternalError }: ErrorHooksOptions): StartHooks {
  return ({ contextValue }) => {
    const { requestId } = contextValue;
    return {
      didEncounterErrors({ errors }) {
        contextValue.operation.markUncacheable();
        for (const error of errors) if (isInternalError(error)) onInternalError(causeOf(error), requestId);
        if (!production || contextValue.principal.has('explain')) errors.forEach(explain);
      },
      willSendResponse({ response }) {
        if (response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        const withId = (error: GraphQLFormattedError) => ({
          ...error,
          extensions: { ...error.extensions, requestId },
        });
        if (result.errors) response.body.singleResult = { ...result, errors: result.errors.map(withId) };
      },
    };
  };
}

/** Adds Vonage's own words to an error of this operation. Its cause can be the error of other callers, too. */
function explain({ originalError, extensions }: GraphQLError): void {
  if (originalError instanceof GatewayError) Object.assign(extensions, originalError.explainedExtensions);
}

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

/** Apollo's codes for a document that does not parse or validate, and for variables that do not fit its definitions. */
const legacyCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/**
 * Sets status 200 when parsing, validation or variable coercion failed and the client's `accept` header does not name
 * GraphQL's own media type. Some older clients read the errors of a response only under this status.
 */
export function legacyStatusHooks(): StartHooks {
  return ({ request }) => {
    const accept = request.http?.headers.get('accept') ?? '';
    if (accept.includes('application/graphql-response+json')) return undefined;
    return {
      willSendResponse({ response: { body, http }, errors = [] }) {
        if (body.kind !== 'single' || body.singleResult.data !== undefined || errors.length === 0) return;
        const isLegacyError = errors.every(({ extensions }) => legacyCodes.has(extensions.code));
        // Apollo reports exceeded limits under the same codes; they keep their own status.
        const isUserInput = body.singleResult.errors?.every(
          ({ extensions }) => extensions?.code === 'BAD_USER_INPUT',
        );
        if (isLegacyError && isUserInput) http.status = 200;
      },
    };
  };
}
