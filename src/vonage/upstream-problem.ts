import { type ErrorCode, GatewayError, type UpstreamFailure } from '../errors.js';
import { isPublicId, maskWithin } from '../mask-text.js';

/** Longest text of Vonage's that is passed on; its own titles and trace ids are far shorter. */
const maxTextLength = 200;

/** Names of parameters that are kept; Vonage documents fewer than thirty. */
const maxParameters = 30;

/** Milliseconds that a caller is told to wait after a 429 that names no time: the length of Vonage's own window. */
const rateWindowMs = 1000;

type Told = readonly [ErrorCode, string];

const outOfCredit: Told = [
  'UPSTREAM_REJECTED',
  'Vonage refused the call because the account is out of credit; its operator must top it up.',
];

const unprovisioned: Told = [
  'UPSTREAM_REJECTED',
  "Vonage has not enabled this product for the gateway's API key; name another product, or let the operator ask Vonage for it.",
];

/** What a caller is told for each documented fragment of a problem's type; it says more than the status. */
const toldByType: Readonly<Record<string, Told>> = {
  '401 unprovisioned': unprovisioned,
  '403 unprovisioned': unprovisioned,
  '403 out-of-credit': outOfCredit,
};

/** What a caller is told for each status; a status that is not listed falls back to its class. */
const toldByStatus: Readonly<Record<number, Told>> = {
  401: [
    'UPSTREAM_UNAUTHORIZED',
    "Vonage did not accept the gateway's API key and secret; its operator must check them.",
  ],
  402: outOfCredit,
  403: [
    'UPSTREAM_REJECTED',
    "Vonage does not let the gateway's credentials read this account or product; check accountId and product.",
  ],
  408: ['UPSTREAM_TIMEOUT', 'Vonage gave up waiting for the call; try again.'],
  429: [
    'UPSTREAM_RATE_LIMITED',
    'Vonage refused the call because of its rate limit; try again after retryAfterMs.',
  ],
  504: ['UPSTREAM_TIMEOUT', 'Vonage did not answer in time; try again.'],
};

/** What is known of a failed call beside the body of its response. */
export interface ProblemContext {
  /** Milliseconds for which Vonage asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** `X-Request-Id`, which is not trusted. */
  readonly requestId?: unknown;
  /** Vonage's clock at its response, in epoch milliseconds. */
  readonly dateMs?: number | undefined;
  /** What no text may hold, since a proxy can repeat what it was sent: the secret of the call. */
  readonly secrets?: readonly string[];
}

/** The error for a response whose status is not 200. `body` is whatever could be parsed of it, and is not trusted. */
export function upstreamProblem(status: number, body: unknown, context: ProblemContext = {}): GatewayError {
  const problem = withoutSecrets(describe(body), context.secrets ?? []);
  const [code, message] =
    toldByType[`${status} ${problem.type}`] ?? toldByStatus[status] ?? toldByClass(status);
  const { retryAfterMs: askedMs, requestId, dateMs } = context;
  const retryAfterMs = askedMs ?? (status === 429 ? rateWindowMs : undefined);
  const upstream = {
    status,
    ...problem,
    ...text('requestId', requestId),
    ...(askedMs !== undefined && { retryAfterMs: askedMs }),
    ...(dateMs !== undefined && { dateMs }),
  };
  return new GatewayError(code, message, { upstream, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** The same error with Vonage's `X-Request-Id` of its call, where that is a short plain text. */
export function withRequestId(error: GatewayError, requestId: unknown): GatewayError {
  const named = text('requestId', requestId);
  if (named.requestId === undefined) return error;
  const { code, message, cause, neverSent, retryAfterMs } = error;
  return new GatewayError(code, message, {
    cause,
    neverSent,
    upstream: { ...error.upstream, ...named },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function toldByClass(status: number): Told {
  if (status >= 500)
    return ['UPSTREAM_UNAVAILABLE', 'Vonage answered with a server error; try again in a moment.'];
  if (status >= 400)
    return ['UPSTREAM_REJECTED', 'Vonage refused the call as wrong; check id, product and direction.'];
  return ['UPSTREAM_MALFORMED', 'Vonage answered with a status that a records response does not have.'];
}

function describe(body: unknown): UpstreamFailure {
  const { type, title, detail, instance, invalid_parameters } = fieldsOf(body);
  const fragment = typeof type === 'string' ? type.split('#')[1] : undefined;
  return {
    ...text('type', fragment),
    ...text('title', title),
    ...text('detail', detail),
    ...text('instance', instance),
    ...namesOf(invalid_parameters),
  };
}

function withoutSecrets(problem: UpstreamFailure, secrets: readonly string[]): UpstreamFailure {
  const isHarmless = (value: unknown) => !secrets.some((secret) => String(value).includes(secret));
  return Object.fromEntries(Object.entries(problem).filter(([, value]) => isHarmless(value)));
}

/** Only the names: the reasons quote values. */
function namesOf(parameters: unknown): UpstreamFailure {
  if (!Array.isArray(parameters)) return {};
  const names = parameters
    .slice(0, maxParameters)
    .map((each) => fieldsOf(each).name)
    .filter((name): name is string => typeof name === 'string' && /^\w{1,40}$/.test(name));
  return names.length > 0 ? { invalidParameters: names } : {};
}

/**
 * Keeps short printable text, and masks numbers in it; a URL, a path, an address or markup says nothing to a caller and may
 * say too much.
 */
function text(name: keyof UpstreamFailure, value: unknown): UpstreamFailure {
  const isHarmless =
    typeof value === 'string' && value.length <= maxTextLength && /^[\w .,:;()'+-]+$/.test(value);
  if (!isHarmless) return {};
  return { [name]: isPublicId(value) ? value : maskWithin(value) };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
}

/**
 * What Vonage refuses as a whole. A 403 without a reason may concern the account or the product of the call: Vonage
 * documents one text for both, so its reader decides by what else it knows of the account.
 */
export type Refused = 'credentials' | 'account' | 'product' | 'account or product';

/** What an error of a call says about more than that call; undefined where it concerns the call alone. */
export function refusedBy(error: unknown): Refused | undefined {
  if (!(error instanceof GatewayError)) return undefined;
  if (error.code === 'UPSTREAM_UNAUTHORIZED') return 'credentials';
  const { status, type, invalidParameters = [] } = error.upstream ?? {};
  if (type === 'unprovisioned' && (status === 401 || status === 403)) return 'product';
  if (status === 402 || (status === 403 && type === 'out-of-credit')) return 'account';
  if (status === 403) return 'account or product';
  return status === 422 && invalidParameters.includes('product') ? 'product' : undefined;
}

/**
 * Whether a call may have failed because of one of its ids, and certainly was not billed. 400 and 422 say that a parameter
 * is wrong, and only the ids differ between the calls of a lane; a response that names other parameters rules it out. A
 * 500 can be a single record that Vonage cannot read.
 */
export function mayConcernOneId(error: unknown): boolean {
  const { status, invalidParameters = [] } = (error instanceof GatewayError && error.upstream) || {};
  if (isInternalError(error)) return true;
  if (status !== 400 && status !== 422) return false;
  return invalidParameters.length === 0 || invalidParameters.includes('id');
}

/** Whether Vonage failed on its own, which happens by accident or each time for the same id. */
export function isInternalError(error: unknown): boolean {
  return error instanceof GatewayError && error.upstream?.status === 500;
}

/**
 * Whether a call that reached Vonage failed without a reason: no response, a broken or unreadable one, or an error of a
 * proxy. One of its ids may be the cause.
 */
export function isUnexplained(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.neverSent) return false;
  const { code, upstream: { status = 0 } = {} } = error;
  return status > 500 || ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_MALFORMED'].includes(code);
}
