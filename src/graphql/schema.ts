import type { GraphQLSchema } from 'graphql';
import { recordTypes } from '../records/record-types.js';
import { buildSchema } from '../type-graphql.js';
import { NodeResolver } from './node-resolver.js';
import { RecordResolver } from './record-resolver.js';

/**
 * Builds the schema from the decorated classes. Once per process: type-graphql keeps its metadata in one global place.
 * Arguments are checked by GraphQL and by the resolvers' own rules, hence no validator library.
 */
export function buildGatewaySchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [RecordResolver, NodeResolver],
    orphanedTypes: recordTypes.map((each) => each.recordClass),
    validate: false,
  });
}
