import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../../errors.js';
import type { TrustedDocuments } from '../../graphql/documents/trusted-documents.js';
import { sendError } from '../errors.js';
import { readDocumentReference, withDocumentText } from './document-reference.js';
import { type RequestParts, toRequestParts } from './request-parts.js';

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
