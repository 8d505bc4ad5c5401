import { GatewayError } from '../../errors.js';
import { TrustedDocuments } from '../../graphql/documents/trusted-documents.js';
import { type Fields, isObject, type RequestParts } from './request-parts.js';

/** The value of a JSON text; undefined for a text that is not JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a request names its document. */
export interface DocumentReference {
  /** The document itself; undefined when the request holds only its hash. */
  readonly text: string | undefined;
  /** SHA-256 of the text as the request gives it; undefined when the request holds only the text. */
  readonly hash: string | undefined;
  /** Whether the hash is a `documentId`, which names a trusted document and never a registered one. */
  readonly isById: boolean;
}

/**
 * Reads which document a request names: by its text, by `documentId`, or by the hash of automatic persisted queries.
 * Undefined for a request without a document. Throws BAD_USER_INPUT when a part is malformed or two parts contradict.
 */
export function readDocumentReference(parts: RequestParts): DocumentReference | undefined {
  const { query, documentId, extensions } = fieldsOf(parts);
  const text = typeof query === 'string' ? query : undefined;
  const id = hashOfId(documentId);
  const hashes = [id, hashOfExtension(extensions)].filter((hash) => hash !== undefined);
  if (text === undefined && hashes.length === 0) return undefined;
  if (text !== undefined && hashes.length > 0) hashes.push(TrustedDocuments.hashOf(text));
  if (new Set(hashes).size > 1)
    throw userError(
      'query, documentId and extensions.persistedQuery.sha256Hash must name the same document: provided sha does not match query.',
    );
  return { text, hash: hashes[0], isById: id !== undefined };
}

function fieldsOf({ method, search, body }: RequestParts): Fields {
  if (method === 'POST') return isObject(body) ? body : {};
  if (method !== 'GET' || search === '') return {};
  const parameters = new URLSearchParams(search);
  if (parameters.getAll('documentId').length > 1)
    throw userError('The query parameter documentId must be given once; it arrived several times.');
  return { ...Object.fromEntries(parameters), extensions: readJson(parameters.get('extensions') ?? '') };
}

function hashOfId(documentId: unknown): string | undefined {
  if (documentId === undefined || documentId === null) return undefined;
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '');
  throw userError(`documentId must be a string, got: ${typeof documentId}.`);
}

function hashOfExtension(extensions: unknown): string | undefined {
  const persisted = isObject(extensions) ? extensions.persistedQuery : undefined;
  if (!persisted) return undefined;
  const { version, sha256Hash: hash } = persisted as Fields;
  if (version === 1 && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) return hash;
  throw userError(
    'extensions.persistedQuery must have version 1 and a sha256Hash of 64 lower-case hex digits.',
  );
}

function userError(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message);
}

/** The same request with the text of its document in place of the id. */
export function withDocumentText(parts: RequestParts, text: string): RequestParts {
  return parts.method === 'GET' ? withTextInSearch(parts, text) : withTextInBody(parts, text);
}

function withTextInBody(parts: RequestParts, text: string): RequestParts {
  const { documentId: _id, ...body } = parts.body as Record<string, unknown>;
  return { ...parts, body: { ...body, query: text, ...withoutHash(body.extensions) } };
}

function withTextInSearch(parts: RequestParts, text: string): RequestParts {
  const parameters = new URLSearchParams(parts.search);
  parameters.delete('documentId');
  parameters.set('query', text);
  const { extensions } = withoutHash(readJson(parameters.get('extensions') ?? ''));
  if (extensions) parameters.set('extensions', JSON.stringify(extensions));
  return { ...parts, search: `?${parameters}` };
}

/** The extensions without the hash, so that Apollo does not register a trusted document; empty when there is no hash. */
function withoutHash(extensions: unknown): { readonly extensions?: object } {
  if (typeof extensions !== 'object' || !extensions || !('persistedQuery' in extensions)) return {};
  const { persistedQuery: _hash, ...others } = extensions;
  return { extensions: others };
}
