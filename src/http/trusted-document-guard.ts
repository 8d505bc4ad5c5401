import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.js';
import { isObject, type RequestParts } from '../graphql/graphql-over-http.js';
import { TrustedDocuments, trustedDocumentList } from '../graphql/trusted-documents.js';
import { schemaFolder } from '../package-files.js';
import { sendError } from './errors.js';
import { toRequestParts } from './request-parts.js';

export interface TrustedDocumentGuardOptions {
  /** The trusted documents; read for each request, because a reload replaces them. */
  documents(): TrustedDocuments;
  /** Tells by its headers whether a request may run any document; otherwise it may run trusted ones only. */
  allowsAny(headers: IncomingHttpHeaders): boolean;
  /** Throws a GatewayError for a text that is too large to be parsed. */
  assertFits(text: string): void;
}

/** Finds trusted documents by their ids, and rejects untrusted ones where the list is enforced, before they are parsed. */
export class TrustedDocumentGuard {
  readonly #options: TrustedDocumentGuardOptions;
  readonly #parts = new WeakMap<FastifyRequest, RequestParts>();

  constructor(options: TrustedDocumentGuardOptions) {
    this.#options = options;
  }

  /** The hook that rejects documents. It also runs before a response comes from the cache. */
  readonly preHandler = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    try {
      this.#parts.set(request, this.#resolve(request));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      sendError(error, request, reply);
      return;
    }
    done();
  };

  /** The parts of a request that the hook let pass, with the text of a document that it named by an id. */
  partsOf(request: FastifyRequest): RequestParts {
    const parts = this.#parts.get(request);
    if (!parts) throw new Error('The document guard did not run for this request.');
    return parts;
  }

  #resolve(request: FastifyRequest): RequestParts {
    const parts = toRequestParts(request);
    const reference = readDocumentReference(parts);
    if (!reference) return parts;
    const { text, hash = '', isById } = reference;
    const documents = this.#options.documents();
    const found = text === undefined ? documents.get(hash) : undefined;
    if (found !== undefined) return withDocumentText(parts, found);
    if (text !== undefined) this.#options.assertFits(text);
    if (text !== undefined && documents.has(text)) return parts;
    if (text === undefined && isById)
      throw notInList(
        'No trusted document has this documentId. The list of the gateway may be older than the client.',
      );
    if (this.#options.allowsAny(request.headers)) return parts;
    throw notInList(
      'This gateway runs trusted documents only, and this document is not one of them. The operator can add it to the list.',
    );
  }
}

function notInList(message: string): GatewayError {
  return new GatewayError('PERSISTED_QUERY_NOT_IN_LIST', message);
}

/** The value of a JSON text; undefined for a text that is not JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a request names its document. */
interface DocumentReference {
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
function readDocumentReference(parts: RequestParts): DocumentReference | undefined {
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

function fieldsOf({ method, search, body }: RequestParts): Readonly<Record<string, unknown>> {
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
  const { version, sha256Hash: hash } = persisted as Readonly<Record<string, unknown>>;
  if (version === 1 && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) return hash;
  throw userError(
    'extensions.persistedQuery must have version 1 and a sha256Hash of 64 lower-case hex digits.',
  );
}

function userError(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message);
}

/** The same request with the text of its document in place of the id. */
function withDocumentText(parts: RequestParts, text: string): RequestParts {
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

const bundledFile = new URL('trusted-documents.json', schemaFolder);

/** The documented operations as trusted documents; the default where the operator configures no list. */
export function readBundledDocuments(): TrustedDocuments {
  return trustedDocumentList.parse(JSON.parse(readFileSync(bundledFile, 'utf8')));
}
