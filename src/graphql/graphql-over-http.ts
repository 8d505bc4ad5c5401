import type { IncomingHttpHeaders } from 'node:http';
import { HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';

/** The parts of a request from which Apollo reads an operation. */
export interface RequestParts {
  readonly method: string;
  /** The query string with its question mark; empty for none. */
  readonly search: string;
  /** The parsed body; undefined for none. */
  readonly body: unknown;
}

/** An HTTP request that asks for an operation. */
export interface GraphqlHttpRequest extends RequestParts {
  readonly headers: IncomingHttpHeaders;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same request as Apollo takes it. */
export function toApolloRequest({ headers, ...request }: GraphqlHttpRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { ...request, headers: map };
}

/** An escape sequence of JSON; the group matches half of a surrogate pair. */
const escaped = /\\(?:(ud[89a-f][0-9a-f]{2})|.)/g;

/**
 * Writes a response as JSON. A text that was cut can end in half of a surrogate pair, for which strict parsers such as
 * routers reject the whole response, so the replacement character U+FFFD takes its place.
 */
export function serializeResponse(response: object): string {
  const text = `${JSON.stringify(response)}\n`;
  if (!text.includes('\\ud')) return text;
  return text.replace(escaped, (all: string, half: string | undefined) => (half ? '\ufffd' : all));
}
