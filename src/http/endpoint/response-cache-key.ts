import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Sender } from '../authentication.js';
import { hasPrototypeKey, prototypeKeyError } from '../request-parts.js';

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
