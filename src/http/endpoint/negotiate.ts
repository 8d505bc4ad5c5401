import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { HttpError } from '../errors.js';

const responseTypes = ['application/json', 'application/graphql-response+json'];
const charsetForm = /;\s*charset\s*=\s*"?([^";\s]*)/gi;

/**
 * Rejects a request before any work is done for it: with 406 where its client accepts no JSON, and with 415 where its body
 * has another charset than UTF-8. Outside production, a browser may ask for the sandbox page.
 */
export function negotiate({ production }: { readonly production: boolean }) {
  const admits = byHeaderValue(admitsJson);
  const isUtf8 = byHeaderValue((contentType) => wrongCharset(contentType) === undefined);
  return (
    { method, headers }: FastifyRequest,
    _reply: unknown,
    _payload: unknown,
    done: () => void,
  ): void => {
    const { accept, 'content-type': contentType = '' } = headers;
    const wantsPage = !production && method === 'GET' && /text\/(html|\*)/i.test(accept ?? '');
    if (accept && !wantsPage && !admits(accept))
      throw new HttpError(
        406,
        `The accept header must admit one of ${responseTypes.join(', ')}, got: ${accept.slice(0, 80)}.`,
      );
    if (!isUtf8(contentType))
      throw new HttpError(
        415,
        `The charset of the content-type must be utf-8, got: ${wrongCharset(contentType)?.slice(0, 80) || 'nothing'}.`,
      );
    done();
  };
}

function wrongCharset(contentType: string): string | undefined {
  const charsets = [...contentType.matchAll(charsetForm)].map(([, charset = '']) => charset);
  return charsets.find((charset) => !/^utf-?8$/i.test(charset));
}

/** The most specific range that matches a type counts; a weight of 0 excludes the type. */
function admitsJson(accept: string): boolean {
  const weights = new Map(accept.split(',').flatMap(rangeOf));
  return responseTypes.some((type) => {
    const weight = weights.get(type) ?? weights.get('application/*') ?? weights.get('*/*') ?? 0;
    return weight > 0;
  });
}

/** A range and its weight; none for a range whose parameters no response has. */
function rangeOf(text: string): [range: string, weight: number][] {
  const [range = '', ...parameters] = text.split(';').map((each) => each.trim().toLowerCase());
  const isKnown = (parameter: string) => /^(q=.*|charset="?utf-8"?)$/.test(parameter);
  if (!parameters.every(isKnown)) return [];
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return [[range, Number(weight) || 0]];
}

/** Values that are remembered; the clients of a gateway send few. */
const maxValues = 100;

/**
 * Remembers what a header value means, because clients send the same few values again and again.
 *
 * @param meaningOf finds out the meaning of one value; must depend on nothing else
 */
export function byHeaderValue<Meaning extends string | boolean>(
  meaningOf: (value: string) => Meaning,
): (value: string) => Meaning {
  const known = new LRUCache<string, Meaning>({ max: maxValues });
  return (value) => {
    const remembered = known.get(value);
    if (remembered !== undefined) return remembered;
    const meaning = meaningOf(value);
    known.set(value, meaning);
    return meaning;
  };
}
