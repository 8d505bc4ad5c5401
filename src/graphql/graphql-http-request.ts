import type { IncomingHttpHeaders } from 'node:http';
import { HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';

/** An HTTP request that asks for an operation. */
export interface GraphqlHttpRequest {
  readonly method: string;
  /** The query string with its question mark; empty for none. */
  readonly search: string;
  /** The parsed body; undefined for none. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** The same request as Apollo takes it. */
export function toApolloRequest({ headers, ...request }: GraphqlHttpRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { ...request, headers: map };
}
