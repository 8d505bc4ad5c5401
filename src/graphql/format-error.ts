import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ErrorCode, GatewayError } from '../errors.js';

/** What a client gets to see of an error in its document or variables. */
export interface ClientError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Longest message in characters. GraphQL quotes wrong values in full, often before it says what is wrong with them. */
const maxMessageLength = 300;
/** Longest quoted text in a message that is too long. */
const maxQuoteLength = 60;

/** Where a message about a variable says what is wrong, after it has quoted the whole value. */
const reasonForm = /; (?=[A-Z_]\w* cannot represent |Expected |Field "|Enum "|Value "|Exactly one )/i;

/** Apollo's message for a request that a page of another site could make a browser send. */
const foreignPage = 'This operation has been blocked as a potential Cross-Site Request Forgery (CSRF).';
const foreignPageCure =
  'Send a POST with content-type: application/json (in urql: preferGetMethod: false), or add the header apollo-require-preflight: 1; a page of another site could send this request as well.';

/** The message of GraphQL's parser for too many tokens; the spelling is the library's own. */
const tooManyTokens = /^Syntax Error: Document contains more that (\d+) tokens/;

/** The parser's message when a document is nested more deeply than its stack. */
const tooDeep = 'Maximum call stack size exceeded';

/** The code for an error that GraphQL found, with its message in a length that is useful to a client. */
export function toClientError(message: string): ClientError {
  if (message.startsWith(foreignPage)) return { code: 'BAD_USER_INPUT', message: foreignPageCure };
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

/** Shortens the quoted values and keeps what is said about them. */
function shorten(message: string): string {
  if (message.length <= maxMessageLength) return message;
  const reason = message.search(reasonForm);
  if (reason < 0) return withoutMiddle(withShortQuotes(message), maxMessageLength);
  const half = maxMessageLength / 2;
  const subject = withoutMiddle(withShortQuotes(message.slice(0, reason)), half);
  return subject + withoutMiddle(withShortQuotes(message.slice(reason)), half);
}

function withShortQuotes(text: string): string {
  const parts = text.split('"').map((part) => withoutMiddle(part, maxQuoteLength));
  return parts.join('"');
}

function withoutMiddle(text: string, most: number): string {
  const half = Math.floor(most / 2);
  return text.length > most ? `${text.slice(0, half)}…${text.slice(-half)}` : text;
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

/** Apollo's codes for a wrong request; clients see BAD_USER_INPUT for all of them. */
const clientErrorCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

/**
 * Errors of a client that have no code in GraphQL: the last of too many errors in variables, and an error that GraphQL finds
 * only when it reads an argument, such as null for a variable with a default.
 */
const clientErrorWithoutCode =
  /^Too many errors processing variables|^Argument "\w+" (?:of (?:required|non-null) type "|has invalid value )/;

/** Most locations of one error; one wrong name can occur in thousands of places. */
const maxLocations = 3;

/** Apollo's codes to which clients of automatic persisted queries react. */
const persistedQueryCodes = new Set<unknown>([
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] satisfies ErrorCode[]);

/** Makes of errors what clients see of them. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** @param production whether messages suggest no names of the schema */
export function errorFormatter(production: boolean): FormatError {
  return (formatted, error) => reduceError(production ? withoutSuggestion(formatted) : formatted, error);
}

/** What clients see of an error that a resolver raised; Apollo formats other errors itself. */
export function formatResolverError(error: GraphQLError, format: FormatError): GraphQLFormattedError {
  const code = error.extensions.code ?? 'INTERNAL_SERVER_ERROR';
  return format({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
}

/** Reduces an error to a code of the catalogue. Any other error is a defect, whose message only the log shows. */
function reduceError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = causeOf(error);
  const { path, locations } = formatted;
  const place = { ...(locations && { locations: locations.slice(0, maxLocations) }), ...(path && { path }) };
  if (cause instanceof GatewayError) {
    // Apollo puts a code of its own into an error of validation.
    const extensions = { ...cause.extensions, ...formatted.extensions, code: cause.code };
    return { message: cause.message, ...place, extensions };
  }
  if (isClientError(formatted)) {
    const { code, message } = toClientError(formatted.message);
    return { message, ...place, extensions: { code } };
  }
  if (persistedQueryCodes.has(formatted.extensions?.code)) {
    return { message: formatted.message, extensions: { code: formatted.extensions?.code } };
  }
  const message = 'Something went wrong inside the gateway; its log has more under this requestId.';
  return { message, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** Whether neither the client nor Vonage caused an error. */
export function isInternalError(error: GraphQLError): boolean {
  if (causeOf(error) instanceof GatewayError) return false;
  return !isClientError(error) && !persistedQueryCodes.has(error.extensions.code);
}

function isClientError({ message, extensions }: Pick<GraphQLFormattedError, 'message' | 'extensions'>) {
  return clientErrorCodes.has(String(extensions?.code)) || clientErrorWithoutCode.test(message);
}

/** The error of a resolver or of a limit, which GraphQL wraps. */
export function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}
