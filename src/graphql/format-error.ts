import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../errors.js';

/** What a client gets to see of an error in its document or variables. */
export interface ClientError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Longest message in characters; GraphQL quotes wrong values in full. */
const maxMessageLength = 300;

/** The message of GraphQL's parser for too many tokens; the spelling is the library's own. */
const tooManyTokens = /^Syntax Error: Document contains more that (\d+) tokens/;

/** The parser's message when a document is nested more deeply than its stack. */
const tooDeep = 'Maximum call stack size exceeded';

/** The code for an error that GraphQL found, with its message in a length that is useful to a client. */
export function toClientError(message: string): ClientError {
  const exceededLimit = exceededLimitIn(message);
  return exceededLimit === undefined
    ? { code: 'BAD_USER_INPUT', message: shorten(message) }
    : { code: 'QUERY_TOO_COMPLEX', message: exceededLimit };
}

/** The parser enforces two of the limits and has no code for them. */
function exceededLimitIn(message: string): string | undefined {
  if (message === tooDeep)
    return 'The document is nested too deeply to be parsed; nest its selections, lists and objects less deeply.';
  const most = tooManyTokens.exec(message)?.[1];
  return most && `The document holds more than ${most} tokens; at most ${most} are allowed.`;
}

function shorten(message: string): string {
  return message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
}

/**
 * Removes the names of the schema that GraphQL suggests for an unknown one. GraphQL's own option leaves them in the errors
 * of variables. No regular expression, because the obvious one takes seconds over a long quoted value.
 */
export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  const start = error.message.lastIndexOf('Did you mean ');
  if (start < 0 || !error.message.endsWith('?')) return error;
  return { ...error, message: error.message.slice(0, start).trimEnd() };
}
