import type { GraphQLResolveInfo } from 'graphql';
import { Node, type UsageRecord } from '../../records/base.js';
import { Arg, Ctx, ID, Info, Query, Resolver } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { findAll } from './find-records.js';
import { globalTarget } from './record-arguments.js';
import { selectedContent } from './selected-content.js';

/** Lookups by global id, as Relay and other caching clients make them. */
@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: 'Any record by its global id. Null when it no longer exists.',
  })
  async node(
    @Arg('id', () => ID, { description: 'A global id, as an object shows it in `id`.' }) id: string,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UsageRecord | null> {
    const [first] = await context.operation.find(globalTarget(id, 'id'), selectedContent(info, context));
    return first ?? null;
  }

  @Query(() => [Node], {
    nullable: 'items',
    description:
      'One entry per global id, in the order of the request. Null where the record no longer exists, or failed.',
  })
  async nodes(
    @Arg('ids', () => [ID], { description: 'Global ids, at most as many as `records` takes.' }) ids: string[],
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<readonly (UsageRecord | Error | null)[]> {
    const { nodes } = await findAll(ids, globalTarget, selectedContent(info, context), context);
    return nodes;
  }
}
