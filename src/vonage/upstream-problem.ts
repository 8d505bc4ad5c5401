import { type ErrorCode, GatewayError, type UpstreamFailure } from '../errors.js';

/** Longest text of Vonage's that is passed on; its own titles and trace ids are far shorter. */
const maxTextLength = 200;

/** Digits that may be a phone number; a title has no other use for so many. */
const longNumber = /\d(?:[ ().-]?\d){6}/;

/** What a caller is told for each status; a status that is not listed falls back to its class. */
const codeByStatus: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  401: [
    'UPSTREAM_UNAUTHORIZED',
    "Vonage did not accept the gateway's API key and secret; its operator must check them.",
  ],
  402: ['UPSTREAM_REJECTED', 'Vonage asks for payment: the account is out of credit.'],
  403: [
    'UPSTREAM_REJECTED',
    "Vonage does not let the gateway's credentials read this account; check accountId.",
  ],
  408: ['UPSTREAM_TIMEOUT', 'Vonage gave up waiting for the call; try again.'],
  429: [
    'UPSTREAM_RATE_LIMITED',
    'Vonage refused the call because of its rate limit; try again after retryAfterMs.',
  ],
  504: ['UPSTREAM_TIMEOUT', 'Vonage did not answer in time; try again.'],
};

/** The error for an answer whose status is not 200. `body` is whatever could be parsed of it, and is not trusted. */
export function upstreamProblem(
  status: number,
  body: unknown,
  retryAfterMs: number | undefined,
  upstreamRequestId?: string,
): GatewayError {
  const [code, message] = codeByStatus[status] ?? byClass(status);
  const upstream = { status, ...describe(body), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return new GatewayError(code, message, {
    upstream,
    upstreamRequestId,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function byClass(status: number): readonly [ErrorCode, string] {
  if (status >= 500)
    return ['UPSTREAM_UNAVAILABLE', 'Vonage answered with a server error; try again in a moment.'];
  if (status >= 400)
    return ['UPSTREAM_REJECTED', 'Vonage refused the call as wrong; check id, product and direction.'];
  return ['UPSTREAM_MALFORMED', 'Vonage answered with a status that a records response does not have.'];
}

function describe(body: unknown): UpstreamFailure {
  const { type, title, instance } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const fragment = typeof type === 'string' ? type.split('#')[1] : undefined;
  const safeTitle = typeof title === 'string' && longNumber.test(title) ? undefined : title;
  return { ...text('type', fragment), ...text('title', safeTitle), ...text('instance', instance) };
}

/** Keeps short printable text; a URL, a path or markup says nothing to a caller and may say too much. */
function text(name: keyof UpstreamFailure, value: unknown): UpstreamFailure {
  const harmless =
    typeof value === 'string' && value.length <= maxTextLength && /^[\w .,:;()'-]+$/.test(value);
  return harmless ? { [name]: value } : {};
}
