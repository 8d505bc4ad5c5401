import type { GraphQLResolveInfo } from 'graphql';
import type { UsageRecord } from '../records/usage-record.js';
import type { SelectedContent } from '../retrieval/record-request.js';
import { findRecords } from './find-records.js';
import type { OperationContext } from './operation-context.js';
import { refuseStrangers } from './refuse-strangers.js';
import { readRepresentation } from './representation.js';
import { selectedContent } from './selected-content.js';

/**
 * `_entities`: records as other subgraphs name them, found side by side through the loaders of every other look-up. A bad
 * representation is an error at its own place, a miss null. The library's own resolver is not used, because it writes
 * `__typename` on the records and fails as a whole on one unknown type.
 */
export async function findEntities(
  _source: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<readonly (UsageRecord | Error | null)[]> {
  refuseStrangers('_entities', context);
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
  const found = await findRecords(target, content, context);
  return found.find(isMeant) ?? null;
}
