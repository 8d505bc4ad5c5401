import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../../errors.js';
import type { TrustedDocuments } from '../../graphql/documents/trusted-documents.js';
import { sendRefusal } from '../errors.js';
import { type Asking, askedDocument, withDocument } from './document-reference.js';

export interface DocumentDoorOptions {
  /** The documents that are trusted now; asked for anew with each request, as they may be replaced. */
  documents(): TrustedDocuments;
  /** Tells by its headers whether a request may bring any document, or none but a trusted one. */
  admitsAny(headers: IncomingHttpHeaders): boolean;
}

/** Finds trusted documents by their ids, and refuses every other document where none else may run, before it is parsed. */
export class DocumentDoor {
  readonly #options: DocumentDoorOptions;
  readonly #askings = new WeakMap<FastifyRequest, Asking>();

  constructor(options: DocumentDoorOptions) {
    this.#options = options;
  }

  /** The hook that refuses documents. It runs before answers are given again, too. */
  readonly preHandler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      this.#askings.set(request, this.#settle(request));
      return undefined;
    } catch (error) {
      if (error instanceof GatewayError) return sendRefusal(error, request, reply);
      throw error;
    }
  };

  /** What a request that the hook let pass asks, with the text of the document that it named by an id. */
  askingOf(request: FastifyRequest): Asking {
    const asking = this.#askings.get(request);
    if (!asking) throw new Error('A request was answered before its document was looked at.');
    return asking;
  }

  #settle(request: FastifyRequest): Asking {
    const asking = asAsking(request);
    const asked = askedDocument(asking);
    if (!asked) return asking;
    const { text, hash = '', isById } = asked;
    const documents = this.#options.documents();
    const found = text === undefined ? documents.get(hash) : undefined;
    if (found !== undefined) return withDocument(asking, found);
    if (text !== undefined && documents.has(text)) return asking;
    if (text === undefined && isById) throw notInList('No trusted document has this documentId.');
    if (this.#options.admitsAny(request.headers)) return asking;
    throw notInList('This gateway runs trusted documents only, and this one is not in their list.');
  }
}

/** Only the query string is needed; a URL built from the Host header would let that header break the request. */
function asAsking({ method, url, body }: FastifyRequest): Asking {
  const mark = url.indexOf('?');
  return { method: method.toUpperCase(), search: mark === -1 ? '' : url.slice(mark), body };
}

function notInList(message: string): GatewayError {
  return new GatewayError('PERSISTED_QUERY_NOT_IN_LIST', message);
}
