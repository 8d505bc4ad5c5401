import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../../errors.js';
import type { TrustedDocuments } from '../../graphql/documents/trusted-documents.js';
import { sendError } from '../errors.js';
import { type RequestParts, readDocumentReference, withDocumentText } from './document-reference.js';

export interface TrustedDocumentGuardOptions {
  /** The documents that are trusted now; asked for anew with each request, as they may be replaced. */
  documents(): TrustedDocuments;
  /** Tells by its headers whether a request may bring any document, or none but a trusted one. */
  allowsAny(headers: IncomingHttpHeaders): boolean;
}

/** Finds trusted documents by their ids, and refuses every other document where none else may run, before it is parsed. */
export class TrustedDocumentGuard {
  readonly #options: TrustedDocumentGuardOptions;
  readonly #parts = new WeakMap<FastifyRequest, RequestParts>();

  constructor(options: TrustedDocumentGuardOptions) {
    this.#options = options;
  }

  /** The hook that refuses documents. It runs before answers are given again, too. */
  readonly preHandler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      this.#parts.set(request, this.#settle(request));
      return undefined;
    } catch (error) {
      if (error instanceof GatewayError) return sendError(error, request, reply);
      throw error;
    }
  };

  /** What a request that the hook let pass asks, with the text of the document that it named by an id. */
  partsOf(request: FastifyRequest): RequestParts {
    const parts = this.#parts.get(request);
    if (!parts) throw new Error('A request was answered before its document was looked at.');
    return parts;
  }

  #settle(request: FastifyRequest): RequestParts {
    const parts = toRequestParts(request);
    const asked = readDocumentReference(parts);
    if (!asked) return parts;
    const { text, hash = '', isById } = asked;
    const documents = this.#options.documents();
    const found = text === undefined ? documents.get(hash) : undefined;
    if (found !== undefined) return withDocumentText(parts, found);
    if (text !== undefined && documents.has(text)) return parts;
    if (text === undefined && isById) throw notInList('No trusted document has this documentId.');
    if (this.#options.allowsAny(request.headers)) return parts;
    throw notInList('This gateway runs trusted documents only, and this one is not in their list.');
  }
}

/** Only the query string is needed; a URL built from the Host header would let that header break the request. */
function toRequestParts({ method, url, body }: FastifyRequest): RequestParts {
  const mark = url.indexOf('?');
  return { method: method.toUpperCase(), search: mark === -1 ? '' : url.slice(mark), body };
}

function notInList(message: string): GatewayError {
  return new GatewayError('PERSISTED_QUERY_NOT_IN_LIST', message);
}
