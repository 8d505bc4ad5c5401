import type { GraphQLResolveInfo } from 'graphql';
import { Direction, type Family, Product } from '../../catalogue/product.js';
import { productsOfFamily } from '../../catalogue/products.js';
import { Node, UsageRecord } from '../../records/base.js';
import { VoiceRecord } from '../../records/types/call-events.js';
import { ConversationRecord } from '../../records/types/conversations.js';
import { InsightRecord } from '../../records/types/insight.js';
import { MessagesRecord } from '../../records/types/messages.js';
import { SmsRecord } from '../../records/types/sms.js';
import { VerifyRecord } from '../../records/types/verify.js';
import { Arg, Ctx, ID, Info, Query, Resolver } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { findAll, findOne, RecordLookup } from './find-records.js';
import {
  accountArgument,
  directionArgument,
  globalTarget,
  idArgument,
  messageDirectionArgument,
  productArgument,
  resolveScope,
} from './record-arguments.js';
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
  ): UsageRecord | null | Promise<UsageRecord | null> {
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

/** A family is searched like anything else, only narrower. Each is made once: a search knows it by identity. */
const families = {
  sms: productsOfFamily('sms'),
  messages: productsOfFamily('messages'),
  voice: productsOfFamily('voice'),
  verify: productsOfFamily('verify'),
  insight: productsOfFamily('insight'),
  conversation: productsOfFamily('conversation'),
} as const satisfies Readonly<Record<Family, readonly Product[]>>;

/** Lookups that return the records of one family. */
@Resolver()
export class FamilyResolver {
  @Query(() => SmsRecord, {
    nullable: true,
    description: 'One SMS by its message id. Null when it was not found.',
  })
  smsRecord(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('direction', () => Direction, messageDirectionArgument) direction: Direction | null,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): UsageRecord | null | Promise<UsageRecord | null> {
    return findOne(id, { direction, accountId, family: families.sms }, context, info);
  }

  @Query(() => MessagesRecord, {
    nullable: true,
    description: 'One message of any channel by its message id. Null when it was not found.',
  })
  messagesRecord(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('direction', () => Direction, messageDirectionArgument) direction: Direction | null,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): UsageRecord | null | Promise<UsageRecord | null> {
    return findOne(id, { direction, accountId, family: families.messages }, context, info);
  }

  @Query(() => VoiceRecord, {
    nullable: true,
    description: 'One voice record by a call id, or by the id of its row. Null when it was not found.',
  })
  voiceRecord(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): UsageRecord | null | Promise<UsageRecord | null> {
    return findOne(id, { accountId, family: families.voice }, context, info);
  }

  @Query(() => VerifyRecord, {
    nullable: true,
    description: 'One verification by its request id. Null when it was not found.',
  })
  verifyRecord(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): UsageRecord | null | Promise<UsageRecord | null> {
    return findOne(id, { accountId, family: families.verify }, context, info);
  }

  @Query(() => InsightRecord, {
    nullable: true,
    description: 'One number lookup by its request id. Null when it was not found.',
  })
  insightRecord(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): UsageRecord | null | Promise<UsageRecord | null> {
    return findOne(id, { accountId, family: families.insight }, context, info);
  }

  @Query(() => ConversationRecord, {
    nullable: true,
    description:
      'One conversation record by its request id, or by the id of its row. Null when it was not found.',
  })
  conversationRecord(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('accountId', () => ID, accountArgument) accountId: string | null,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): UsageRecord | null | Promise<UsageRecord | null> {
    return findOne(id, { accountId, family: families.conversation }, context, info);
  }
}

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
