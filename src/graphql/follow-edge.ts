import type { GraphQLResolveInfo } from 'graphql';
import type { Product } from '../catalogue/product.js';
import { isVonageId } from '../catalogue/vonage-id.js';
import type { UsageRecord } from '../records/usage-record.js';
import { findRecords } from './find-records.js';
import type { OperationContext } from './operation-context.js';
import type { Records } from './record-loader.js';
import { selectedContent } from './selected-content.js';

/** An edge from one record to the records of another product that carry the same id. */
export interface Edge {
  readonly from: UsageRecord;
  /** The shared id; a row may lack it, or hold one that cannot be asked for. */
  readonly id: string | null;
  readonly products: readonly Product[];
}

/** Every record at the other end, found like any other look-up; none when there is no id to follow. */
export async function followEdge(
  { from, id, products }: Edge,
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<Records> {
  if (id === null || !isVonageId(id)) return [];
  const { accountId } = from;
  const target = { id, accountId, products, direction: null, recordId: null };
  return findRecords(target, selectedContent(info, context), context);
}
