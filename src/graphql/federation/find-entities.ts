import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError } from '../../errors.js';
import type { UsageRecord } from '../../records/base.js';
import type { SelectedContent } from '../../retrieval/lookup/lanes.js';
import type { OperationContext } from '../operation-context.js';
import { selectedContent } from '../resolvers/selected-content.js';
import { readRepresentation } from './representation.js';

/** Throws FORBIDDEN before any lookup, unless the caller is an authenticated router. */
export function requireRouter(field: string, { fromRouter }: OperationContext): void {
  if (fromRouter) return;
  throw new GatewayError(
    'FORBIDDEN',
    `${field} answers only to the router of the graph, which sends the operator's ROUTER_SECRET in x-router-secret.`,
  );
}

/**
 * `_entities`: finds records by the representations of other subgraphs, in parallel, through the common loaders. A bad
 * representation is an error at its own path, a miss is null. The library's own resolver is not used, because it writes
 * `__typename` on the records and fails as a whole on one unknown type.
 */
export async function findEntities(
  _source: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<readonly (UsageRecord | Error | null)[]> {
  requireRouter('_entities', context);
  const content = selectedContent(info, context);
  return Promise.all(
    representations.map((each, index) =>
      findEntity(each, `representations[${index}]`, content, context).catch((error: Error) => error),
    ),
  );
}

async function findEntity(
  representation: unknown,
  place: string,
  content: SelectedContent,
  context: OperationContext,
): Promise<UsageRecord | null> {
  const { target, isMeant } = readRepresentation(representation, place, context.rules);
  const found = await context.operation.find(target, content);
  return found.find(isMeant) ?? null;
}
