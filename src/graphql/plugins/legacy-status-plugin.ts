import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationContext } from '../operation-context.js';

/** Apollo's codes for a document that does not parse or validate, and for variables that do not fit it. */
const legacyCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/**
 * Answers 200 where parsing, validation or variable coercion failed, to callers that do not name GraphQL's own media type
 * in `accept`: the convention of old, which some clients rely on to read the errors at all.
 */
export function legacyStatusPlugin(): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart({ request }) {
      const accept = request.http?.headers.get('accept') ?? '';
      if (accept.includes('application/graphql-response+json')) return;
      return {
        async willSendResponse({ response: { body, http }, errors = [] }) {
          if (body.kind !== 'single' || body.singleResult.data !== undefined || errors.length === 0) return;
          const isWrong = errors.every(({ extensions }) => legacyCodes.has(extensions.code));
          // What is refused for its size is not wrong, though it is found where wrong documents are.
          const isTold = body.singleResult.errors?.every(
            ({ extensions }) => extensions?.code === 'BAD_USER_INPUT',
          );
          if (isWrong && isTold) http.status = 200;
        },
      };
    },
  };
}
