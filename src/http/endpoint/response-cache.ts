import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Product } from '../../catalogue/product.js';
import type { Sender } from '../authentication.js';
import { hasPrototypeKey, prototypeKeyError } from '../request-parts.js';

/** A complete response that other requests may get. */
export interface CachedResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ids that the operation asked for; each request that gets the response pays for as many. */
  readonly ids: number;
  /** Lookups whose cached rows the response shows. */
  readonly lookups: number;
  /** Records that the response shows, by product. */
  readonly savedRecords: ReadonlyMap<Product, number>;
  /** Name of the operation if its document is trusted, or `other`. */
  readonly operation: string;
  /** Whether memory still holds every row that the response shows. */
  isFresh(): boolean;
}

/** Rough size of an entry without its texts, and of the rows that one lookup keeps alive. */
const overheadBytes = 4096;
const lookupBytes = 2048;
/** Bytes of a body, its two compressed forms included, for each of its characters. */
const bytesPerCharacter = 3;

/**
 * Caches complete responses by request, so that a client that polls final records costs next to nothing. Most requests
 * come once, so a response is cached from the second equal request on. The least recently used entries make room.
 */
export class ResponseCache {
  readonly #maxBytes: number;
  /** An entry without a response says that its request came once. */
  readonly #entries: LRUCache<string, { readonly response: CachedResponse | undefined }>;

  /**
   * @param maxBytes a number from 0 up; 0 caches nothing
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#entries = new LRUCache({ maxSize: Math.max(1, Math.floor(maxBytes)) });
  }

  /** Bytes of all keys and responses, roughly. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** The response to an equal request; undefined when there is none, or when one of its rows has changed. */
  get(key: string): CachedResponse | undefined {
    const response = this.#entries.get(key)?.response;
    if (!response || response.isFresh()) return response;
    this.#set(key, undefined);
    return undefined;
  }

  /**
   * Records that a request was answered, and caches the response when an equal request came before.
   *
   * @param responseOf makes the response to cache; undefined for one that fits no other request
   */
  record(key: string, responseOf: () => CachedResponse | undefined): void {
    this.#set(key, this.#entries.has(key) ? responseOf() : undefined);
  }

  #set(key: string, response: CachedResponse | undefined): void {
    const bodyBytes = bytesPerCharacter * (response?.body.length ?? 0);
    const size = overheadBytes + 2 * key.length + bodyBytes + lookupBytes * (response?.lookups ?? 0);
    if (size <= this.#maxBytes) this.#entries.set(key, { response }, { size });
  }
}

/** Request headers that ask for a report on this one operation, so its response fits no other request. */
const uncacheableHeaders = ['x-dry-run', 'x-explain', 'apollo-federation-include-trace'];

/** The key under which the response to a request is cached; undefined for a request that is never answered from the cache. */
export type ResponseCacheKeyOf = (request: FastifyRequest, sender: Sender) => string | undefined;

/**
 * Requests share a key when their bodies are equal byte by byte, and when the media types, the caller, its rights and the
 * way through a router are equal too. The caller's quota is no part of the key: the endpoint asks it for each request.
 *
 * Replaces the JSON parser of `app` by one that also keeps the text of the body for as long as its request lives.
 */
export function responseCacheKeys(app: FastifyInstance): ResponseCacheKeyOf {
  const texts = new WeakMap<FastifyRequest, string>();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    texts.set(request, text);
    return parse(request, text, (error, body) =>
      error && hasPrototypeKey(text) ? done(prototypeKeyError()) : done(error, body),
    );
  });
  return (request, { principal, fromRouter }) => {
    const { headers, method } = request;
    const text = texts.get(request);
    if (text === undefined || method !== 'POST' || uncacheableHeaders.some((name) => name in headers))
      return undefined;
    // Neither a header nor a principal's key holds a line break, so different requests never have equal keys.
    return `${headers['content-type']}\n${headers.accept}\n${fromRouter}\n${principal.key}\n${text}`;
  };
}
