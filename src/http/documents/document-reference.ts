import { GatewayError } from '../../errors.js';
import { TrustedDocuments } from '../../graphql/documents/trusted-documents.js';

/** The value that a text writes in JSON; undefined where it is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The parts of a request that Apollo reads an operation from. */
export interface RequestParts {
  readonly method: string;
  /** The query string with its question mark; empty for none. */
  readonly search: string;
  readonly body: unknown;
}

/** How a request says which document it means. */
export interface DocumentReference {
  /** The document itself; undefined when the request brings its hash alone. */
  readonly text: string | undefined;
  /** SHA-256 of the text, as the request says it; undefined when it brings the text alone. */
  readonly hash: string | undefined;
  /** Whether the hash is a `documentId`: only the list of trusted documents knows what that is. */
  readonly isById: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads which document a request means: by its text, by `documentId`, or by the hash of automatic persisted queries.
 * Undefined where there is none to run. Throws BAD_USER_INPUT where the ways contradict each other.
 */
export function readDocumentReference(parts: RequestParts): DocumentReference | undefined {
  const { query, documentId, extensions } = fieldsOf(parts);
  const text = typeof query === 'string' ? query : undefined;
  const id = hashOfId(documentId);
  const hashes = [id, hashOfExtension(extensions)].filter((hash) => hash !== undefined);
  if (text === undefined && hashes.length === 0) return undefined;
  if (text !== undefined && hashes.length > 0) hashes.push(TrustedDocuments.hashOf(text));
  if (new Set(hashes).size > 1)
    throw wrong('The document is not the one that the request names: provided sha does not match query.');
  return { text, hash: hashes[0], isById: id !== undefined };
}

function fieldsOf({ method, search, body }: RequestParts): Fields {
  if (method === 'POST') return isObject(body) ? body : {};
  if (method !== 'GET' || search === '') return {};
  const parameters = new URLSearchParams(search);
  if (parameters.getAll('documentId').length > 1) throw wrong('documentId may only be given once.');
  return { ...Object.fromEntries(parameters), extensions: readJson(parameters.get('extensions') ?? '') };
}

function hashOfId(documentId: unknown): string | undefined {
  if (documentId === undefined || documentId === null) return undefined;
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '');
  throw wrong('documentId must be a string.');
}

function hashOfExtension(extensions: unknown): string | undefined {
  const persisted = isObject(extensions) ? extensions.persistedQuery : undefined;
  if (!persisted) return undefined;
  const { version, sha256Hash: hash } = persisted as Fields;
  if (version === 1 && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) return hash;
  throw wrong('extensions.persistedQuery must have version 1 and a sha256Hash of 64 lower-case hex digits.');
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message);
}

/** The same request with a document's text in place of its id. */
export function withDocumentText(parts: RequestParts, text: string): RequestParts {
  return parts.method === 'GET' ? inSearch(parts, text) : inBody(parts, text);
}

function inBody(parts: RequestParts, text: string): RequestParts {
  const { documentId: _id, ...body } = parts.body as Record<string, unknown>;
  return { ...parts, body: { ...body, query: text, ...withoutHash(body.extensions) } };
}

function inSearch(parts: RequestParts, text: string): RequestParts {
  const parameters = new URLSearchParams(parts.search);
  parameters.delete('documentId');
  parameters.set('query', text);
  const { extensions } = withoutHash(readJson(parameters.get('extensions') ?? ''));
  if (extensions) parameters.set('extensions', JSON.stringify(extensions));
  return { ...parts, search: `?${parameters}` };
}

/** The extensions to run with: a document that was found by its hash is not to be registered. Empty where they may stay. */
function withoutHash(extensions: unknown): { readonly extensions?: object } {
  if (typeof extensions !== 'object' || !extensions || !('persistedQuery' in extensions)) return {};
  const { persistedQuery: _hash, ...others } = extensions;
  return { extensions: others };
}
