/** What a code tells: the HTTP status that a REST client would expect, whether a retry can help, and its meaning. */
interface ErrorKind {
  readonly httpStatus: number;
  readonly retryable: boolean;
  readonly meaning: string;
}

/** Every error a caller can meet. `docs/errors.md` lists the same codes; a test compares the two. */
export const errorCatalogue = {
  BAD_USER_INPUT: kind(
    400,
    false,
    'An argument breaks a rule. The message names the argument, the rule and what arrived; nothing was sent to Vonage.',
  ),
  UNAUTHENTICATED: kind(401, false, 'The request carries no valid credentials.'),
  AUTHENTICATION_UNAVAILABLE: kind(
    503,
    true,
    'The gateway cannot check the credentials now, because it cannot fetch the keys of the token issuer or Vonage does not answer.',
  ),
  FORBIDDEN: kind(403, false, 'The caller may not read what it asked for.'),
  TOO_MANY_IDS: kind(400, false, 'The operation asks for more ids than it may. Nothing was sent to Vonage.'),
  QUERY_TOO_COMPLEX: kind(
    400,
    false,
    'The operation exceeds a limit on its size or shape. Nothing was sent to Vonage.',
  ),
  PERSISTED_QUERY_NOT_FOUND: kind(
    404,
    false,
    'The gateway knows no document with this hash. Clients of automatic persisted queries send its text next; the HTTP status is 200.',
  ),
  PERSISTED_QUERY_NOT_SUPPORTED: kind(
    400,
    false,
    'Clients cannot register documents here. They send the text of each document instead; the HTTP status is 200.',
  ),
  PERSISTED_QUERY_NOT_IN_LIST: kind(
    400,
    false,
    'The document is not in the list of trusted documents, and the gateway did not parse it. The operator can add it to the list.',
  ),
  RATE_LIMITED: kind(
    429,
    true,
    "The caller exceeded its own limit, or the operator's limit, at this gateway.",
  ),
  OVERLOADED: kind(
    503,
    true,
    'The queue for Vonage is too long to answer before the deadline. `retryAfterMs` says when a retry makes sense.',
  ),
  UPSTREAM_RATE_LIMITED: kind(503, true, 'Vonage refused the call because of its rate limit.'),
  UPSTREAM_TIMEOUT: kind(504, true, 'Vonage did not answer in time.'),
  UPSTREAM_UNAVAILABLE: kind(502, true, 'Vonage could not be reached, or answered with a server error.'),
  UPSTREAM_REJECTED: kind(502, false, 'Vonage refused the call. The same call will be refused again.'),
  UPSTREAM_UNAUTHORIZED: kind(
    502,
    false,
    "Vonage did not accept the gateway's own credentials. The operator must check them.",
  ),
  UPSTREAM_MALFORMED: kind(502, true, 'Vonage answered with a body that is no records response.'),
  CANCELLED: kind(499, true, 'The client disconnected before the response was ready.'),
  SHUTTING_DOWN: kind(
    503,
    true,
    'The gateway is stopping. Another instance can answer, or this one after its restart.',
  ),
  INTERNAL_SERVER_ERROR: kind(
    500,
    false,
    'The gateway failed with an error of its own. Its log has more under `requestId`.',
  ),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCatalogue;

/** What Vonage wrote about a failed call, without secrets, addresses and numbers. Only some callers see it. */
interface UpstreamWords {
  /** Fragment of the problem's `type` URL, such as `invalid-filter`. */
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  /** Vonage's trace id of the failed call, worth quoting to its support. */
  readonly instance?: string;
}

/** What is known of a failed call. */
export interface UpstreamFailure extends UpstreamWords {
  /** HTTP status, absent when no response arrived. */
  readonly status?: number;
  /** Vonage's `X-Request-Id` of the failed call. */
  readonly requestId?: string;
  /** Names of the parameters that Vonage called invalid. No caller sees them. */
  readonly invalidParameters?: readonly string[];
  /** Milliseconds to wait before trying again, as far as Vonage said. */
  readonly retryAfterMs?: number;
  /** Vonage's clock at its response, from the `Date` header, in epoch milliseconds. Not in `extensions`. */
  readonly dateMs?: number;
}

export interface ErrorDetails {
  readonly retryAfterMs?: number;
  readonly upstream?: UpstreamFailure;
  readonly cause?: unknown;
  /** True when it is certain that the failed call never reached Vonage. Not shown to callers. */
  readonly neverSent?: boolean;
}

/** The only error that callers see as it is; any other becomes INTERNAL_SERVER_ERROR. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly upstream: UpstreamFailure | undefined;
  readonly neverSent: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.upstream = details.upstream;
    this.neverSent = details.neverSent ?? false;
  }

  /** What GraphQL shows beside the message, to every caller. */
  get extensions(): Record<string, unknown> {
    const { status, requestId, retryAfterMs } = this.upstream ?? {};
    return {
      code: this.code,
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      ...(this.upstream && {
        upstream: {
          ...(status !== undefined && { status }),
          ...(requestId !== undefined && { requestId }),
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        },
      }),
    };
  }

  /** The same with Vonage's own words, for callers that may see them. */
  get explainedExtensions(): Record<string, unknown> {
    const { invalidParameters: _names, dateMs: _date, ...upstream } = this.upstream ?? {};
    return { ...this.extensions, ...(this.upstream && { upstream }) };
  }
}

function kind(httpStatus: number, retryable: boolean, meaning: string): ErrorKind {
  return { httpStatus, retryable, meaning };
}

/** The wait that clients are told when no other is known. */
const fallbackMs = 1000;

/** The error of what a stopping gateway can no longer do. Another instance can do it, and this one after its restart. */
export function shuttingDown(): GatewayError {
  return new GatewayError('SHUTTING_DOWN', 'The gateway is stopping; send the request to another instance.', {
    retryAfterMs: fallbackMs,
  });
}

/** Value of a `Retry-After` header: whole seconds, rounded up, so that no client comes back too early. */
export function retryAfterSeconds(retryAfterMs: number = fallbackMs): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
