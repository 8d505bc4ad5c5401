import type { StartHooks } from './operation-hooks.js';

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
