import type { GraphQLResolveInfo } from 'graphql';
import { Direction, type Family, type Product } from '../../catalogue/product.js';
import { productsOfFamily } from '../../catalogue/products.js';
import type { UsageRecord } from '../../records/base.js';
import { VoiceRecord } from '../../records/types/call-events.js';
import { ConversationRecord } from '../../records/types/conversations.js';
import { InsightRecord } from '../../records/types/insight.js';
import { MessagesRecord } from '../../records/types/messages.js';
import { SmsRecord } from '../../records/types/sms.js';
import { VerifyRecord } from '../../records/types/verify.js';
import { Arg, Ctx, ID, Info, Query, Resolver } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { findOne } from './find-records.js';
import { accountArgument, idArgument, messageDirectionArgument } from './record-arguments.js';

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
  ): Promise<UsageRecord | null> {
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
  ): Promise<UsageRecord | null> {
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
  ): Promise<UsageRecord | null> {
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
  ): Promise<UsageRecord | null> {
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
  ): Promise<UsageRecord | null> {
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
  ): Promise<UsageRecord | null> {
    return findOne(id, { accountId, family: families.conversation }, context, info);
  }
}
