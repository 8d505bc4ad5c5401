import { errorCatalogue } from '../src/errors.js';
import type { ConfigChanges } from '../test/support/change-config.js';

/** An answer as it came over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The same, read. */
export interface ReadAnswer {
  readonly faults: readonly string[];
  readonly data: unknown;
  readonly errors: readonly AnsweredError[];
}

interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Statuses of a refusal before GraphQL that no code of the catalogue has. */
const statusesOfHttp = [404, 405, 406, 408, 413, 414, 415, 417, 421, 431];
const statuses = new Set([
  ...statusesOfHttp,
  ...Object.values(errorCatalogue).map(({ httpStatus }) => httpStatus),
]);
const codes: ReadonlySet<unknown> = new Set(Object.keys(errorCatalogue));
const maxMessageLength = 400;
const requestIdForm = /^[A-Za-z0-9._-]{1,64}$/;

/** What belongs to the inside: frames of a stack, paths of files, secrets, addresses. */
const leaks =
  /\bat [\w.<>$ ]+ \(|\n\s+at |node_modules|node:internal|file:\/\/|\/src\/\w|\.[cm]?[jt]s:\d|simulator-secret|fuzz-secret|\[object Object\]|Basic [A-Za-z0-9+/=]{16}|127\.0\.0\.1/;

/** Reads an answer of a gateway to a GraphQL request, and says in what it breaks the form that every such answer has. */
export function readAnswer(
  { status, headers, text }: HttpAnswer,
  { production, graphql }: ConfigChanges = {},
): ReadAnswer {
  const body = parse(text);
  if (!isObject(body))
    return {
      faults: [`status ${status} with a body that is no JSON object: ${text.slice(0, 200)}`],
      data: undefined,
      errors: [],
    };
  const errors = (Array.isArray(body.errors) ? body.errors : []) as readonly AnsweredError[];
  const requestId = headers.get('x-request-id');
  const faults = [
    ...formFaults(body),
    ...(graphql?.legacyStatusCodes && status === 200 ? [] : statusFaults(status, body, errors)),
    ...errors.flatMap((error) => errorFaults(error, requestId)),
    ...errors.flatMap((error) => pathFaults(error, body.data)),
    ...(/^application\/(graphql-response\+)?json; charset=utf-8$/.test(headers.get('content-type') ?? '')
      ? []
      : [`content-type ${headers.get('content-type')}`]),
    ...(leaks.test(traceIn(body)) ? ['its trace tells of the inside'] : []),
    ...(leaks.test(text)
      ? [`it tells of the inside: ${text.slice(Math.max(0, text.search(leaks) - 100)).slice(0, 300)}`]
      : []),
    ...(production && text.includes('Did you mean') ? ['it proposes names of the schema'] : []),
    ...(hasHalfCharacter(text) ? ['it holds half a character'] : []),
  ];
  return { faults, data: body.data, errors };
}

function formFaults(body: Readonly<Record<string, unknown>>): string[] {
  const odd = Object.keys(body).filter((key) => !['data', 'errors', 'extensions'].includes(key));
  const { errors } = body;
  const isEmpty = errors === undefined ? !('data' in body) : !Array.isArray(errors) || errors.length === 0;
  return [...odd.map((key) => `the answer has ${key}`), ...(isEmpty ? ['neither data nor errors'] : [])];
}

function statusFaults(
  status: number,
  body: Readonly<Record<string, unknown>>,
  errors: readonly AnsweredError[],
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

function errorFaults(error: AnsweredError, requestId: string | null): string[] {
  const { message, extensions } = error;
  if (typeof message !== 'string' || !isObject(extensions))
    return [`an error of another form: ${JSON.stringify(error).slice(0, 200)}`];
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

/** What failed is null, or stands inside something that became null with it. */
function pathFaults({ path, message }: AnsweredError, data: unknown): string[] {
  if (!path || data === undefined) return [];
  let value: unknown = data;
  for (const key of path) {
    if (value === null) return [];
    value =
      isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[String(key)] : undefined;
  }
  return value === null ? [] : [`an error at ${path.join('.')}, which is no null: ${message}`];
}

/** Half of a character that takes two units: stricter readers refuse the whole answer for it. */
function hasHalfCharacter(text: string): boolean {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/i.test(text);
}

/** What a router is told of the way of an operation. */
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
