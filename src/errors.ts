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
    'An argument breaks a rule; the message names the argument and the rule. Nothing was sent to Vonage.',
  ),
  UNAUTHENTICATED: kind(401, false, 'The caller did not prove who it is.'),
  AUTHENTICATION_UNAVAILABLE: kind(
    503,
    true,
    'Who the caller is could not be checked, as the keys of the issuer of its token cannot be fetched now.',
  ),
  FORBIDDEN: kind(403, false, 'The caller may not see what it asked for.'),
  TOO_MANY_IDS: kind(400, false, 'More ids than one operation may ask for. Nothing was sent to Vonage.'),
  QUERY_TOO_COMPLEX: kind(
    400,
    false,
    'The operation exceeds a limit on its size or shape. Nothing was sent to Vonage.',
  ),
  PERSISTED_QUERY_NOT_FOUND: kind(
    404,
    false,
    'No document is known by the hash that was sent; send its text along, as clients do by themselves. The status of the answer is 200.',
  ),
  PERSISTED_QUERY_NOT_SUPPORTED: kind(
    400,
    false,
    'Documents cannot be registered here; send their text alone, as clients do by themselves. The status of the answer is 200.',
  ),
  PERSISTED_QUERY_NOT_IN_LIST: kind(
    400,
    false,
    'The document is not in the list of trusted documents; it was not even parsed. The operator can add it to the list.',
  ),
  RATE_LIMITED: kind(429, true, 'The caller exceeded its own limit at this gateway.'),
  OVERLOADED: kind(
    503,
    true,
    'The queue for Vonage is too long to answer in time; `retryAfterMs` says when to try again.',
  ),
  UPSTREAM_RATE_LIMITED: kind(503, true, 'Vonage refused the call because of its rate limit.'),
  UPSTREAM_TIMEOUT: kind(504, true, 'Vonage did not answer in time.'),
  UPSTREAM_UNAVAILABLE: kind(502, true, 'Vonage could not be reached, or answered with a server error.'),
  UPSTREAM_REJECTED: kind(
    502,
    false,
    'Vonage refused the call as wrong; trying the same again will not help.',
  ),
  UPSTREAM_UNAUTHORIZED: kind(
    502,
    false,
    "Vonage did not accept the gateway's own credentials; its operator must check them.",
  ),
  UPSTREAM_MALFORMED: kind(502, true, 'Vonage answered with something that is not a records response.'),
  CANCELLED: kind(499, true, 'The caller went away before the answer was there.'),
  SHUTTING_DOWN: kind(503, true, 'The gateway is stopping; ask another instance, or again in a moment.'),
  INTERNAL_SERVER_ERROR: kind(500, false, 'A defect of the gateway. `requestId` leads to its log line.'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCatalogue;

/** What Vonage said about a failed call; only fields that carry no secret, address or personal data. */
export interface UpstreamFailure {
  /** HTTP status, absent when no response arrived. */
  readonly status?: number;
  /** Fragment of the problem's `type` URL, such as `invalid-filter`. */
  readonly type?: string;
  readonly title?: string;
  /** Vonage's trace id of the failed call, worth quoting to its support. */
  readonly instance?: string;
  /** Milliseconds to wait before trying again, as far as Vonage said. */
  readonly retryAfterMs?: number;
}

export interface ErrorDetails {
  readonly retryAfterMs?: number;
  readonly upstream?: UpstreamFailure;
  readonly cause?: unknown;
  /** Vonage's own name of the failed call, for its support. Not shown to callers. */
  readonly upstreamRequestId?: string | undefined;
  /** True when it is certain that the failed call never reached Vonage. Not shown to callers. */
  readonly neverSent?: boolean;
}

/** The only error that callers see as it is; any other becomes INTERNAL_SERVER_ERROR. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly upstream: UpstreamFailure | undefined;
  readonly neverSent: boolean;
  readonly upstreamRequestId: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.upstream = details.upstream;
    this.neverSent = details.neverSent ?? false;
    this.upstreamRequestId = details.upstreamRequestId;
  }

  /** What GraphQL shows beside the message. */
  get extensions(): Record<string, unknown> {
    return {
      code: this.code,
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      ...(this.upstream && { upstream: this.upstream }),
    };
  }
}

function kind(httpStatus: number, retryable: boolean, meaning: string): ErrorKind {
  return { httpStatus, retryable, meaning };
}

/** The wait that clients are told when no other is known. */
const fallbackMs = 1000;

/** Value of a `Retry-After` header: whole seconds, rounded up, so that no client comes back too early. */
export function retryAfterSeconds(retryAfterMs: number = fallbackMs): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
