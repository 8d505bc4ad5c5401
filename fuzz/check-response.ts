import { errorCatalogue } from '../src/errors.js';
import type { ConfigChanges } from '../test/support/change-config.js';

/** An HTTP response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The parsed body of a response and the violations that the checks found in it. */
export interface CheckedResponse {
  readonly violations: readonly string[];
  readonly data: unknown;
  readonly errors: readonly ResponseError[];
}

interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Statuses of HTTP errors before GraphQL that the error catalogue does not list. */
const statusesOfHttp = [404, 405, 406, 408, 413, 414, 415, 417, 421, 431];
const statuses = new Set([
  ...statusesOfHttp,
  ...Object.values(errorCatalogue).map(({ httpStatus }) => httpStatus),
]);
const codes: ReadonlySet<unknown> = new Set(Object.keys(errorCatalogue));
const maxMessageLength = 400;
const requestIdForm = /^[A-Za-z0-9._-]{1,64}$/;

/** Internal details: stack frames, file paths, secrets, addresses. */
const leaks =
  /\bat [\w.<>$ ]+ \(|\n\s+at |node_modules|node:internal|file:\/\/|\/src\/\w|\.[cm]?[jt]s:\d|simulator-secret|fuzz-secret|\[object Object\]|Basic [A-Za-z0-9+/=]{16}|127\.0\.0\.1/;

/** Checks a response to a GraphQL request against the form that every GraphQL response has. */
export function checkResponse(
  { status, headers, text }: HttpResponse,
  { production, graphql }: ConfigChanges = {},
): CheckedResponse {
  const body = parse(text);
  if (!isObject(body))
    return {
      violations: [`status ${status} with a body that is not a JSON object: ${text.slice(0, 200)}`],
      data: undefined,
      errors: [],
    };
  const errors = (Array.isArray(body.errors) ? body.errors : []) as readonly ResponseError[];
  const requestId = headers.get('x-request-id');
  const violations = [
    ...formViolations(body),
    ...(graphql?.legacyStatusCodes && status === 200 ? [] : statusViolations(status, body, errors)),
    ...errors.flatMap((error) => errorViolations(error, requestId)),
    ...errors.flatMap((error) => pathViolations(error, body.data)),
    ...(/^application\/(graphql-response\+)?json; charset=utf-8$/.test(headers.get('content-type') ?? '')
      ? []
      : [`content-type ${headers.get('content-type')}`]),
    ...(leaks.test(traceIn(body)) ? ['its trace leaks internal details'] : []),
    ...(leaks.test(text)
      ? [`it leaks internal details: ${text.slice(Math.max(0, text.search(leaks) - 100)).slice(0, 300)}`]
      : []),
    ...(production && text.includes('Did you mean') ? ['it suggests names of the schema'] : []),
    ...(hasUnpairedSurrogate(text) ? ['it contains an unpaired surrogate'] : []),
  ];
  return { violations, data: body.data, errors };
}

function formViolations(body: Readonly<Record<string, unknown>>): string[] {
  const odd = Object.keys(body).filter((key) => !['data', 'errors', 'extensions'].includes(key));
  const { errors } = body;
  const isEmpty = errors === undefined ? !('data' in body) : !Array.isArray(errors) || errors.length === 0;
  return [...odd.map((key) => `the response has ${key}`), ...(isEmpty ? ['neither data nor errors'] : [])];
}

function statusViolations(
  status: number,
  body: Readonly<Record<string, unknown>>,
  errors: readonly ResponseError[],
): string[] {
  if (body.data) return status === 200 ? [] : [`status ${status} with data`];
  if (status === 200) {
    const isKnown =
      'data' in body ||
      errors.every(({ extensions }) => String(extensions?.code).startsWith('PERSISTED_QUERY_NOT_'));
    return isKnown ? [] : ['status 200 without data'];
  }
  return statuses.has(status) && status !== 500 ? [] : [`status ${status}`];
}

function errorViolations(error: ResponseError, requestId: string | null): string[] {
  const { message, extensions } = error;
  if (typeof message !== 'string' || !isObject(extensions))
    return [`an error of an unknown form: ${JSON.stringify(error).slice(0, 200)}`];
  const odd = Object.keys(error).filter(
    (key) => !['message', 'locations', 'path', 'extensions'].includes(key),
  );
  const isLong = message === '' || message.length > maxMessageLength;
  const isInternalError = !codes.has(extensions.code) || extensions.code === 'INTERNAL_SERVER_ERROR';
  return [
    ...odd.map((key) => `an error has ${key}`),
    ...(isLong ? [`a message of ${message.length} characters`] : []),
    ...(isInternalError ? [`the code ${extensions.code}: ${message}`] : []),
    ...(extensions.requestId === requestId && requestIdForm.test(`${requestId}`)
      ? []
      : [`requestId ${extensions.requestId} instead of ${requestId}`]),
  ];
}

/** The value at the path of an error is null, or one of its ancestors is null. */
function pathViolations({ path, message }: ResponseError, data: unknown): string[] {
  if (!path || data === undefined) return [];
  let value: unknown = data;
  for (const key of path) {
    if (value === null) return [];
    value =
      isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[String(key)] : undefined;
  }
  return value === null ? [] : [`an error at ${path.join('.')}, which is not null: ${message}`];
}

/** Strict JSON parsers reject the whole response because of an unpaired surrogate. */
function hasUnpairedSurrogate(text: string): boolean {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/i.test(text);
}

/** The decoded federation trace of a response. */
function traceIn({ extensions }: Readonly<Record<string, unknown>>): string {
  const trace = isObject(extensions) ? extensions.ftv1 : undefined;
  return Buffer.from(String(trace ?? ''), 'base64').toString('latin1');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
