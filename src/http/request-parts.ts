import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.js';
import { isObject, type RequestParts } from '../graphql/graphql-over-http.js';

/**
 * Reads the parts of a request. An empty operation name means none, because some clients always send the field. Throws
 * BAD_USER_INPUT for a key of a prototype in the query string; the parser of bodies refuses such a key itself.
 */
export function toRequestParts({ method, url, body }: FastifyRequest): RequestParts {
  // Cut out of the target, because a URL built from the Host header could fail on that header.
  const mark = url.indexOf('?');
  const parts = { method: method.toUpperCase(), search: mark === -1 ? '' : url.slice(mark), body };
  if (parts.method !== 'GET') return { ...parts, body: withoutEmptyName(body) };
  return { ...parts, search: checkedSearch(parts.search) };
}

function withoutEmptyName(body: unknown): unknown {
  return isObject(body) && body.operationName === '' ? { ...body, operationName: null } : body;
}

function checkedSearch(search: string): string {
  const parameters = new URLSearchParams(search);
  const texts = [...parameters.getAll('variables'), ...parameters.getAll('extensions')];
  if (texts.some(hasPrototypeKey)) throw prototypeKeyError();
  const names = parameters.getAll('operationName');
  if (names.length !== 1 || names[0] !== '') return search;
  parameters.delete('operationName');
  return `?${parameters}`;
}

/** Whether a JSON text has a key that could change the prototype of JavaScript's objects. */
export function hasPrototypeKey(json: string): boolean {
  let isFound = false;
  try {
    JSON.parse(json, (key, value) => {
      isFound ||= key === '__proto__' || (key === 'constructor' && isObject(value) && 'prototype' in value);
      return value;
    });
  } catch {
    return false;
  }
  return isFound;
}

/** The error for a request with such a key. */
export function prototypeKeyError(): GatewayError {
  return new GatewayError(
    'BAD_USER_INPUT',
    'No object of a request may have the key __proto__, or the key constructor with the key prototype; no variable needs them.',
  );
}
