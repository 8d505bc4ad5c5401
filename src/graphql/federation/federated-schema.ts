import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, isAbstractType, print } from 'graphql';
import { recordTypeName } from '../../records/record-types.js';
import { createResolversMap } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { findEntities, requireRouter } from './find-entities.js';
import { routerDocument, subgraphDocument } from './subgraph-document.js';

/**
 * Rebuilds a schema as an Apollo Federation 2 subgraph: the same fields with the same resolvers, and `_service` and
 * `_entities` for routers. The rebuilt schema holds no extensions; what reads them reads the original.
 */
export function federateSchema(schema: GraphQLSchema): GraphQLSchema {
  const typeDefs = subgraphDocument(schema);
  // One package creates the map that the other accepts, but their types are incompatible.
  const resolvers = resolversOf(schema, printSubgraph(schema)) as never;
  return buildSubgraphSchema({ typeDefs, resolvers });
}

/** The SDL that `_service` returns to a router. */
export function printSubgraph(schema: GraphQLSchema): string {
  return `${print(routerDocument(subgraphDocument(schema)))}\n`;
}

function resolversOf(schema: GraphQLSchema, sdl: string): Record<string, Record<string, unknown>> {
  const original = createResolversMap(schema) as Record<string, Record<string, unknown>>;
  const resolvers = Object.entries(original).map(([name, fields]) => [name, withoutTypeCheck(fields)]);
  const routerFields = {
    _entities: findEntities,
    _service: (_source: unknown, _args: unknown, context: OperationContext) => {
      requireRouter('_service', context);
      return { sdl };
    },
  };
  return {
    ...Object.fromEntries(resolvers),
    ...recordTypeResolvers(schema),
    Query: { ...original.Query, ...routerFields },
  };
}

/** The interface or union already resolves a record's class, so a second check for each record is unnecessary. */
function withoutTypeCheck(fields: Record<string, unknown>): Record<string, unknown> {
  if (!('__isTypeOf' in fields)) return fields;
  const { __isTypeOf, ...others } = fields;
  return others;
}

function recordTypeResolvers(schema: GraphQLSchema) {
  const names = Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map(({ name }) => name);
  return Object.fromEntries([...names, '_Entity'].map((name) => [name, { __resolveType: recordTypeName }]));
}
