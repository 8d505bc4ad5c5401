import type { GraphQLFormattedError } from 'graphql';

/**
 * An error without the names of the schema that GraphQL proposes for one that it does not know. Its own way to leave them
 * out does not reach faulty variables. No regular expression: over a long quoted value, the obvious one takes seconds.
 */
export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  const start = error.message.lastIndexOf('Did you mean ');
  if (start < 0 || !error.message.endsWith('?')) return error;
  return { ...error, message: error.message.slice(0, start).trimEnd() };
}
