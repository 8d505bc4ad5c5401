import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Sender } from '../security/authentication.js';

/** Headers with which a caller asks to be told how its own operation went; its answer is not for others. */
const uncacheableHeaders = ['x-dry-run', 'x-explain', 'apollo-federation-include-trace'];

/** Tells what a request asks; undefined where its answer may be no answer to another. */
export type ResponseCacheKeyOf = (request: FastifyRequest, sender: Sender) => string | undefined;

/**
 * Requests ask the same when their bodies have the same bytes, and all that an answer depends on besides is the same,
 * too. JSON is read as ever; only its text is remembered for as long as its request lives.
 */
export function responseCacheKeys(app: FastifyInstance): ResponseCacheKeyOf {
  const texts = new WeakMap<FastifyRequest, string>();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    texts.set(request, text);
    return parse(request, text, done);
  });
  return (request, { principal, fromRouter }) => {
    const { headers, method } = request;
    // An answer given again counts no ids, so a caller whose ids are counted has each made anew.
    if (principal.limits.idsPerSecond !== undefined) return undefined;
    const text = texts.get(request);
    if (text === undefined || method !== 'POST' || uncacheableHeaders.some((name) => name in headers))
      return undefined;
    // A header has no line breaks, so that no two requests are written alike.
    return `${headers['content-type']}\n${headers.accept}\n${fromRouter}\n${principal.key}\n${text}`;
  };
}
