import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../errors.js';

/** What a caller is told of a faulty document, or of faulty variables. */
export interface ClientError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Longest message in characters: GraphQL quotes faulty values in full. */
const maxMessageLength = 300;

/** How GraphQL's parser ends a document that holds more than it may. */
const tooManyTokens = /^Syntax Error: Document contains more that (\d+) tokens/;

/** How the parser ends where its own stack does. */
const tooDeep = 'Maximum call stack size exceeded';

/** The code for a fault that GraphQL found, and its words as far as they are worth repeating. */
export function toClientError(message: string): ClientError {
  const excess = excessIn(message);
  return excess === undefined
    ? { code: 'BAD_USER_INPUT', message: shortened(message) }
    : { code: 'QUERY_TOO_COMPLEX', message: excess };
}

/** The parser finds two of the limits, and has no code for them. */
function excessIn(message: string): string | undefined {
  if (message === tooDeep) return 'The document is nested too deeply to be read.';
  const most = tooManyTokens.exec(message)?.[1];
  return most && `The document holds more than ${most} tokens; at most ${most} are allowed.`;
}

function shortened(message: string): string {
  return message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
}

/**
 * An error without the names of the schema that GraphQL proposes for one that it does not know. Its own way to leave them
 * out does not reach faulty variables. No regular expression: over a long quoted value, the obvious one takes seconds.
 */
export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  const start = error.message.lastIndexOf('Did you mean ');
  if (start < 0 || !error.message.endsWith('?')) return error;
  return { ...error, message: error.message.slice(0, start).trimEnd() };
}
