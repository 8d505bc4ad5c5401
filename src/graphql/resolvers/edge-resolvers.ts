import type { GraphQLResolveInfo } from 'graphql';
import { isVonageId } from '../../catalogue/ids.js';
import { Product } from '../../catalogue/product.js';
import { edgeOf } from '../../catalogue/products.js';
import type { UsageRecord } from '../../records/base.js';
import { AmdRecord, AsrRecord, CallEvent } from '../../records/types/call-events.js';
import { SmsRecord, SmsTrafficControlRecord } from '../../records/types/sms.js';
import { VerifyV2Record } from '../../records/types/verify.js';
import { VoiceCallRecord, VoiceTtsRecord, WebSocketCallRecord } from '../../records/types/voice.js';
import type { Records } from '../../retrieval/record-store.js';
import { Ctx, FieldResolver, Info, Resolver, Root } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { selectedContent } from './selected-content.js';

/** An edge from one record to the records of another product that carry the same id. */
interface Edge {
  readonly from: UsageRecord;
  /** The shared id; a row may lack it, or hold one that cannot be asked for. */
  readonly id: string | null;
  readonly products: readonly Product[];
}

/** Every record at the other end, found like any other lookup; none when there is no id to follow. */
async function followEdge(
  { from, id, products }: Edge,
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<Records> {
  if (id === null || !isVonageId(id)) return [];
  const { accountId } = from;
  const target = { id, globalId: null, scope: { accountId, products, direction: null } };
  return context.operation.find(target, selectedContent(info, context));
}

/** Edges from a call. */
@Resolver(() => VoiceCallRecord)
export class VoiceCallEdges {
  @FieldResolver(() => [CallEvent], {
    nullable: 'itemsAndList',
    description:
      'Recognised speech, machine detection, spoken texts and WebSocket connections of this call. One lookup per ' +
      'product. A product that failed is null at the end of the list, with an error there; the list is null if all failed.',
  })
  async events(
    @Root() call: VoiceCallRecord,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<readonly (UsageRecord | Error)[]> {
    const found = await Promise.allSettled(
      edgeOf(Product.VOICE_CALL, 'events').products.map((product) =>
        followEdge({ from: call, id: call.callId, products: [product] }, context, info),
      ),
    );
    const records = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    const errors = found.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
    if (errors[0] && errors.length === found.length) throw errors[0];
    return [...records, ...errors];
  }
}

const options = {
  nullable: true,
  description: 'The call. Null if Vonage has no record of it under VOICE_CALL.',
};

/** Edges from recognised speech. */
@Resolver(() => AsrRecord)
export class AsrEdges {
  @FieldResolver(() => VoiceCallRecord, options)
  call(@Root() event: AsrRecord, @Ctx() context: OperationContext, @Info() info: GraphQLResolveInfo) {
    return callOf(event, context, info);
  }
}

/** Edges from answering machine detection. */
@Resolver(() => AmdRecord)
export class AmdEdges {
  @FieldResolver(() => VoiceCallRecord, options)
  call(@Root() event: AmdRecord, @Ctx() context: OperationContext, @Info() info: GraphQLResolveInfo) {
    return callOf(event, context, info);
  }
}

/** Edges from a WebSocket connection. */
@Resolver(() => WebSocketCallRecord)
export class WebSocketCallEdges {
  @FieldResolver(() => VoiceCallRecord, options)
  call(
    @Root() event: WebSocketCallRecord,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return callOf(event, context, info);
  }
}

/** Edges from a spoken text. */
@Resolver(() => VoiceTtsRecord)
export class VoiceTtsEdges {
  @FieldResolver(() => VoiceCallRecord, options)
  call(@Root() event: VoiceTtsRecord, @Ctx() context: OperationContext, @Info() info: GraphQLResolveInfo) {
    return callOf(event, context, info);
  }
}

async function callOf(
  event: AsrRecord | AmdRecord | WebSocketCallRecord | VoiceTtsRecord,
  context: OperationContext,
  info: GraphQLResolveInfo,
) {
  const [call] = await followEdge(
    { from: event, id: event.callId, products: edgeOf(Product.ASR, 'call').products },
    context,
    info,
  );
  return call ?? null;
}

/** Edges from a verification. */
@Resolver(() => VerifyV2Record)
export class VerifyV2Edges {
  @FieldResolver(() => VerifyV2Record, {
    nullable: true,
    description: 'The request that this channel event belongs to. Null for the request itself.',
  })
  async parent(
    @Root() event: VerifyV2Record,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const edge = {
      from: event,
      id: event.parentRequestId,
      products: edgeOf(Product.VERIFY_V2, 'parent').products,
    };
    const found = (await followEdge(edge, context, info)) as readonly VerifyV2Record[];
    return found.find((each) => each.requestId === event.parentRequestId) ?? null;
  }
}

/** Edges from the throttling queue. */
@Resolver(() => SmsTrafficControlRecord)
export class SmsTrafficControlEdges {
  @FieldResolver(() => SmsRecord, {
    nullable: true,
    description: 'The SMS that went through the queue. Null when it was not found.',
  })
  async message(
    @Root() passage: SmsTrafficControlRecord,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const [sms] = await followEdge(
      {
        from: passage,
        id: passage.messageId,
        products: edgeOf(Product.SMS_TRAFFIC_CONTROL, 'message').products,
      },
      context,
      info,
    );
    return sms ?? null;
  }
}
