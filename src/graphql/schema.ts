import type { GraphQLSchema } from 'graphql';
import { recordTypes } from '../records/record-types.js';
import { buildSchema } from '../type-graphql.js';
import { AmdEdges, AsrEdges, WebSocketCallEdges } from './call-event-edges.js';
import { FamilyResolver } from './family-resolver.js';
import { NodeResolver } from './node-resolver.js';
import { RecordResolver } from './record-resolver.js';
import { SmsTrafficControlEdges } from './sms-traffic-control-edges.js';
import { VerifyV2Edges } from './verify-v2-edges.js';
import { VoiceCallEdges } from './voice-call-edges.js';

const lookUps = [RecordResolver, FamilyResolver, NodeResolver] as const;
const edges = [
  VoiceCallEdges,
  AsrEdges,
  AmdEdges,
  WebSocketCallEdges,
  VerifyV2Edges,
  SmsTrafficControlEdges,
] as const;

/**
 * Builds the schema from the decorated classes. Once per process: type-graphql keeps its metadata in one global place.
 * Arguments are checked by GraphQL and by the resolvers' own rules, hence no validator library.
 */
export async function buildGatewaySchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [...lookUps, ...edges],
    orphanedTypes: recordTypes.map((each) => each.recordClass),
    validate: false,
  });
  // The decorators have no place for the description of a root type.
  const query = schema.getQueryType();
  if (query)
    query.description = 'Every way to look usage records up by their ids. Nothing here changes anything.';
  return schema;
}
