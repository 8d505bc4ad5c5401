import type { GraphQLResolveInfo } from 'graphql';
import { Direction } from '../catalogue/direction.js';
import { Product } from '../catalogue/product.js';
import { SmsRecord } from '../records/sms.js';
import { UsageRecord } from '../records/usage-record.js';
import { Arg, Ctx, ID, Info, Query, Resolver } from '../type-graphql.js';
import { findAll, findRecords } from './find-records.js';
import type { OperationContext } from './operation-context.js';
import { resolveScope, type Scope } from './record-arguments.js';
import { RecordLookup } from './record-look-up.js';
import { refuseTooManyIds } from './refuse-too-many-ids.js';
import { selectedContent } from './selected-content.js';

const idArgument = { description: 'A Vonage id, or the global `id` of a record.' };
const productArgument = {
  nullable: true,
  description: 'The product to look in. Without one the gateway searches, which may cost several calls.',
};
const directionArgument = {
  nullable: true,
  description: 'Only for SMS, MESSAGES, VOICE_CALL, VOICE_FAILED and ASR. Without it SMS and MESSAGES are looked in twice.',
};
const accountArgument = {
  nullable: true,
  description: "The account, or subaccount, whose records to look in. Default: the gateway's own.",
};

/** Look-ups by id. */
@Resolver()
export class RecordResolver {
  @Query(() => UsageRecord, {
    nullable: true,
    description: 'One record by id; null when no product that was looked in knows it.',
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
    description: 'Many records by id, at most 1,000 unless the operator chose another limit. They share calls of 20 ids.',
  })
  records(
    @Arg('ids', () => [ID], { description: 'Vonage ids or global ids, in any mixture; duplicates cost nothing.' })
    ids: string[],
    @Arg('product', () => Product, productArgument) product: Product | null,
    @Arg('direction', () => Direction, directionArgument) direction: Direction | null,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecordLookup> {
    refuseTooManyIds(ids, context);
    const targetOf = resolveScope({ product, direction, accountId }, context.rules);
    return findAll(ids, targetOf, selectedContent(info), context);
  }

  @Query(() => SmsRecord, { nullable: true, description: 'One SMS by its message id; null when it was not found.' })
  smsRecord(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('direction', () => Direction, directionArgument) direction: Direction | null,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UsageRecord | null> {
    return findOne(id, { direction, accountId, family: [Product.SMS] }, context, info);
  }
}

async function findOne(
  id: string,
  scope: Scope,
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<UsageRecord | null> {
  const target = resolveScope(scope, context.rules)(id, 'id');
  const [first] = await findRecords(target, selectedContent(info), context);
  return first ?? null;
}
