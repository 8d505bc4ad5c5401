import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { recordTypes } from '../records/record-types.js';
import { buildSchema } from '../type-graphql.js';
import {
  AmdEdges,
  AsrEdges,
  SmsTrafficControlEdges,
  VerifyV2Edges,
  VoiceCallEdges,
  VoiceTtsEdges,
  WebSocketCallEdges,
} from './resolvers/edge-resolvers.js';
import { ListResolver } from './resolvers/list-resolver.js';
import { FamilyResolver, NodeResolver, RecordResolver } from './resolvers/record-resolvers.js';

const lookups = [RecordResolver, FamilyResolver, NodeResolver, ListResolver] as const;
const edges = [
  VoiceCallEdges,
  AsrEdges,
  AmdEdges,
  WebSocketCallEdges,
  VoiceTtsEdges,
  VerifyV2Edges,
  SmsTrafficControlEdges,
] as const;

/**
 * Builds the schema from the decorated classes. Once per process: type-graphql keeps its metadata in one global place.
 * Arguments are checked by GraphQL and by the resolvers' own rules, hence no validator library.
 */
export async function buildGatewaySchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [...lookups, ...edges],
    orphanedTypes: recordTypes.map((each) => each.recordClass),
    validate: false,
    // It would run an introspection at each start. Tests build the schema and check it.
    skipCheck: true,
  });
  // The decorators have no place for the description of a root type.
  const query = schema.getQueryType();
  if (query) query.description = 'Find usage records by id, by date or by global id. Read only.';
  return schema;
}

/** The schema as text, in an order that does not depend on how it was built. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
