import type { GraphQLResolveInfo } from 'graphql';
import { Direction, Product } from '../../catalogue/product.js';
import { UsageRecord } from '../../records/base.js';
import { Arg, Ctx, ID, Info, Query, Resolver } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { findAll, findOne } from './find-records.js';
import {
  accountArgument,
  directionArgument,
  idArgument,
  productArgument,
  resolveScope,
} from './record-arguments.js';
import { RecordLookup } from './record-lookup.js';
import { selectedContent } from './selected-content.js';

/** Lookups by id. */
@Resolver()
export class RecordResolver {
  @Query(() => UsageRecord, {
    nullable: true,
    description: 'One record by id. Null when no searched product has it.',
  })
  record(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('product', () => Product, productArgument) product: Product | null,
    @Arg('direction', () => Direction, directionArgument) direction: Direction | null,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UsageRecord | null> {
    return findOne(id, { product, direction, accountId }, context, info);
  }

  @Query(() => RecordLookup, {
    description:
      'Many records by id, up to 1,000 unless the operator set another limit. Each 20 ids of a product cost one Vonage call.',
  })
  records(
    @Arg('ids', () => [ID], {
      description: 'Vonage ids of any product, or global ids, in any mixture. Duplicates cost nothing.',
    })
    ids: string[],
    @Arg('product', () => Product, productArgument) product: Product | null,
    @Arg('direction', () => Direction, directionArgument) direction: Direction | null,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): RecordLookup | Promise<RecordLookup> {
    const targetOf = resolveScope({ product, direction, accountId }, context.rules);
    return findAll(ids, targetOf, selectedContent(info, context), context);
  }
}
