import type { GraphQLObjectType } from 'graphql';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { type RecordShape, recordShape, recordTypes } from '../../src/records/record-types.js';

export const schema = await buildGatewaySchema();

/** The shape of every record type, by the name of the type. */
export const shapes: ReadonlyMap<string, RecordShape> = new Map(
  recordTypes.map(({ recordClass: { name } }) => [
    name,
    recordShape(schema.getType(name) as GraphQLObjectType),
  ]),
);
