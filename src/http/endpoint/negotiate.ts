import type { FastifyRequest } from 'fastify';
import { HttpError } from '../errors.js';

const answerTypes = ['application/json', 'application/graphql-response+json'];
const charsetForm = /;\s*charset\s*=\s*"?([^";\s]*)/gi;

/**
 * Refuses what could not be answered or read, before anything is looked up: a request for another type than JSON, and
 * text in another charset than JSON's own. A browser may ask for the sandbox page where there is one.
 */
export function negotiate({ production }: { readonly production: boolean }) {
  return async ({ method, headers }: FastifyRequest): Promise<void> => {
    const { accept, 'content-type': contentType = '' } = headers;
    const wantsPage = !production && method === 'GET' && /text\/(html|\*)/i.test(accept ?? '');
    if (accept && !wantsPage && !admitsJson(accept))
      throw new HttpError(406, `The accept header must admit one of ${answerTypes.join(', ')}.`);
    const charsets = [...contentType.matchAll(charsetForm)].map(([, charset = '']) => charset);
    if (!charsets.every((charset) => /^utf-?8$/i.test(charset)))
      throw new HttpError(415, 'The charset of the content-type must be utf-8.');
  };
}

/** Of the ranges that fit a type the closest one counts, and one with a weight of 0 refuses it. */
function admitsJson(accept: string): boolean {
  const weights = new Map(accept.split(',').flatMap(rangeOf));
  return answerTypes.some((type) => {
    const weight = weights.get(type) ?? weights.get('application/*') ?? weights.get('*/*') ?? 0;
    return weight > 0;
  });
}

/** A range and its weight; none for a range of a type with parameters that ours do not have. */
function rangeOf(text: string): [range: string, weight: number][] {
  const [range = '', ...parameters] = text.split(';').map((each) => each.trim().toLowerCase());
  const isOurs = (parameter: string) => /^(q=.*|charset="?utf-8"?)$/.test(parameter);
  if (!parameters.every(isOurs)) return [];
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return [[range, Number(weight) || 0]];
}
