import type { GraphQLResolveInfo } from 'graphql';
import { recordEdges } from '../limits/record-edges.js';
import { CallEvent } from '../records/call-events.js';
import { VoiceCallRecord } from '../records/voice.js';
import { Ctx, FieldResolver, Info, Resolver, Root } from '../type-graphql.js';
import { followEdge } from './follow-edge.js';
import type { OperationContext } from './operation-context.js';
import type { Records } from './record-loader.js';

/** Edges from a call. */
@Resolver(() => VoiceCallRecord)
export class VoiceCallEdges {
  @FieldResolver(() => [CallEvent], {
    description:
      'What happened during the call: recognised speech, answering machine detection, WebSocket connections. ' +
      'One look-up in each of the three products; empty when there was nothing.',
  })
  async events(
    @Root() call: VoiceCallRecord,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Records> {
    const found = await Promise.all(
      recordEdges.VoiceCallRecord.events.map((product) =>
        followEdge({ from: call, id: call.callId, products: [product] }, context, info),
      ),
    );
    return found.flat();
  }
}
