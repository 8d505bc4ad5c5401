import type { GraphQLResolveInfo } from 'graphql';
import { recordEdges } from '../limits/record-edges.js';
import { SmsRecord, SmsTrafficControlRecord } from '../records/sms.js';
import { Ctx, FieldResolver, Info, Resolver, Root } from '../type-graphql.js';
import { followEdge } from './follow-edge.js';
import type { OperationContext } from './operation-context.js';

/** Edges from the throttling queue. */
@Resolver(() => SmsTrafficControlRecord)
export class SmsTrafficControlEdges {
  @FieldResolver(() => SmsRecord, {
    nullable: true,
    description: 'The SMS that went through the queue; null when it was not found.',
  })
  async message(
    @Root() passage: SmsTrafficControlRecord,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const [sms] = await followEdge(
      { from: passage, id: passage.messageId, products: recordEdges.SmsTrafficControlRecord.message },
      context,
      info,
    );
    return sms ?? null;
  }
}
