import type { IncomingHttpHeaders } from 'node:http';

const graphqlType = 'application/graphql-response+json';

/** The content type of a refusal: GraphQL's own for clients that know it, since they read no refusals in another. */
export function errorType({ accept = '' }: IncomingHttpHeaders): string {
  return `${accept.includes(graphqlType) ? graphqlType : 'application/json'}; charset=utf-8`;
}
