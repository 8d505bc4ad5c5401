import type { GraphQLResolveInfo } from 'graphql';
import { recordEdges } from '../limits/record-edges.js';
import { VerifyV2Record } from '../records/verify.js';
import { Ctx, FieldResolver, Info, Resolver, Root } from '../type-graphql.js';
import { followEdge } from './follow-edge.js';
import type { OperationContext } from './operation-context.js';

/** Edges from a verification. */
@Resolver(() => VerifyV2Record)
export class VerifyV2Edges {
  @FieldResolver(() => VerifyV2Record, {
    nullable: true,
    description: 'The request that this channel event belongs to; null for the request itself.',
  })
  async parent(
    @Root() event: VerifyV2Record,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const edge = { from: event, id: event.parentRequestId, products: recordEdges.VerifyV2Record.parent };
    const found = (await followEdge(edge, context, info)) as readonly VerifyV2Record[];
    return found.find((each) => each.requestId === event.parentRequestId) ?? null;
  }
}
