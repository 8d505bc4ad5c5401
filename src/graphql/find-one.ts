import type { GraphQLResolveInfo } from 'graphql';
import type { UsageRecord } from '../records/usage-record.js';
import { findRecords } from './find-records.js';
import type { OperationContext } from './operation-context.js';
import { resolveScope, type Scope } from './record-arguments.js';
import { selectedContent } from './selected-content.js';

/** The first record of an id; null when nothing that was looked in knows it. */
export async function findOne(
  id: string,
  scope: Scope,
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<UsageRecord | null> {
  const target = resolveScope(scope, context.rules)(id, 'id');
  const [first] = await findRecords(target, selectedContent(info, context), context);
  return first ?? null;
}
