import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { federateSchema } from '../graphql/federated-schema.js';
import { buildGatewaySchema } from '../graphql/schema.js';
import { compileDecoder, type Decoder } from '../records/decode.js';
import { type RecordShape, type RecordTypeEntry, recordShape, recordTypes } from '../records/record-types.js';

/** The schema and what follows from it. A process builds it once. */
export interface ServedSchema {
  /** The served schema: the schema of the decorated classes, as a subgraph. */
  readonly schema: GraphQLSchema;
  /** Shapes of the record types, by type name. */
  readonly shapes: ReadonlyMap<string, RecordShape>;
  readonly decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
}

/**
 * Builds the schema and compiles the decoders from it. The decoders come first, because federation rebuilds the schema without
 * its extensions.
 */
export async function buildServedSchema(): Promise<ServedSchema> {
  const schema = await buildGatewaySchema();
  const types = recordTypes.map((entry) => {
    const shape = recordShape(schema.getType(entry.recordClass.name) as GraphQLObjectType);
    return { entry, shape, decode: compileDecoder(entry.recordClass, shape) };
  });
  return {
    schema: federateSchema(schema),
    shapes: new Map(types.map(({ shape }) => [shape.typeName, shape])),
    decoders: new Map(types.map(({ entry, decode }) => [entry, decode])),
  };
}
