import type { GraphQLResolveInfo } from 'graphql';
import { recordEdges } from '../limits/record-edges.js';
import { AmdRecord, AsrRecord } from '../records/call-events.js';
import { VoiceCallRecord, WebSocketCallRecord } from '../records/voice.js';
import { Ctx, FieldResolver, Info, Resolver, Root } from '../type-graphql.js';
import { followEdge } from './follow-edge.js';
import type { OperationContext } from './operation-context.js';

const options = {
  nullable: true,
  description: 'The call this belongs to; null when it was not answered or not found.',
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

async function callOf(
  event: AsrRecord | AmdRecord | WebSocketCallRecord,
  context: OperationContext,
  info: GraphQLResolveInfo,
) {
  const [call] = await followEdge(
    { from: event, id: event.callId, products: recordEdges.AsrRecord.call },
    context,
    info,
  );
  return call ?? null;
}
