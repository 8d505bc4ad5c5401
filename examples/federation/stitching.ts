/**
 * The graph of start.ts by schema stitching, for gateways without federation. Batch keys merge the records, so that an
 * operation needs one request to the records gateway: through `records` by Vonage's id, or through `nodes` by global id.
 */
import { readFileSync } from 'node:fs';
import { batchDelegateToSchema } from '@graphql-tools/batch-delegate';
import type { MergedTypeConfig, SubschemaConfig } from '@graphql-tools/delegate';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { stitchSchemas } from '@graphql-tools/stitch';
import {
  FilterObjectFields,
  FilterRootFields,
  PruneSchema,
  schemaFromExecutor,
  WrapQuery,
} from '@graphql-tools/wrap';
import {
  buildSchema,
  GraphQLList,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isInterfaceType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { SubgraphUrls } from './supergraph.js';

/** The client schema of the gateway. In production introspection is off, so a stitching gateway reads this file. */
const recordsSdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');

export async function stitchGraph(urls: SubgraphUrls): Promise<GraphQLSchema> {
  const records: SubschemaConfig = {
    schema: buildSchema(recordsSdl),
    executor: buildHTTPExecutor({
      endpoint: urls.records,
      // The credentials of the caller, which the server puts into the context of each operation.
      headers: (request): Record<string, string> => {
        const { authorization } = request?.context ?? {};
        return authorization ? { authorization } : {};
      },
    }),
    merge: {
      SmsOutboundRecord: byVonageId('messageId', { product: 'SMS', direction: 'OUTBOUND' }),
      VerifyApiRecord: byVonageId('requestId', { product: 'VERIFY_API' }),
    },
  };
  const [orders, crm] = await Promise.all([remote(urls.orders), remote(urls.crm)]);
  return stitchSchemas({
    subschemas: [records, orders, crm],
    typeDefs: ticketFields(records.schema),
    resolvers: {
      Ticket: { record: { selectionSet: '{ recordId }', resolve: recordOf(records) } },
      ...Object.fromEntries(
        recordTypesOf(records.schema).map(({ name }) => [
          name,
          { ticket: { selectionSet: '{ id }', resolve: ticketOf(crm) } },
        ]),
      ),
    },
  });
}

/**
 * Merges a type through `records`. Its `nodes` have the order of the ids, with duplicates and null for a miss, as a batch
 * key needs.
 *
 * @param lane product and direction of the type, so that no lookup needs a search
 */
function byVonageId(field: string, lane: object): MergedTypeConfig {
  return {
    selectionSet: `{ ${field} }`,
    key: (known: Record<string, string>) => known[field],
    resolve: (_known, context, info, subschema, selectionSet, key, type) =>
      batchDelegateToSchema({
        schema: subschema,
        operation: 'query' as never,
        fieldName: 'records',
        returnType: new GraphQLList(type),
        key,
        argsFromKeys: (ids) => ({ ids, ...lane }),
        selectionSet,
        context,
        info,
        skipTypeMerging: true,
        transforms: [
          new WrapQuery(
            ['records'],
            (inner) => nodesOfType(inner, type),
            (found) => found?.nodes ?? [],
          ),
        ],
      }),
  };
}

/** Wraps the selection of the type in `{ nodes { ... on TYPE { … } } }`. */
function nodesOfType(inner: SelectionSetNode, type: unknown): SelectionSetNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const typed = {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: name(String(type)) },
    selectionSet: inner,
  } as const;
  const selections = [{ kind: Kind.FIELD, name: name('__typename') } as const, typed];
  const nodes = {
    kind: Kind.FIELD,
    name: name('nodes'),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  } as const;
  return { kind: Kind.SELECTION_SET, selections: [nodes] };
}

/** Merges the record of a ticket through `nodes`, which has one entry per global id, in order, and null for a miss. */
function recordOf(schema: SubschemaConfig) {
  return ({ recordId }: { recordId: string }, _args: object, context: object, info: GraphQLResolveInfo) =>
    batchDelegateToSchema({
      schema,
      operation: 'query' as never,
      fieldName: 'nodes',
      key: recordId,
      argsFromKeys: (ids) => ({ ids }),
      context,
      info,
    });
}

/** Merges the ticket of a record. */
function ticketOf(schema: SubschemaConfig) {
  return ({ id }: { id: string }, _args: object, context: object, info: GraphQLResolveInfo) =>
    batchDelegateToSchema({
      schema,
      operation: 'query' as never,
      fieldName: 'ticketsOfRecords',
      key: id,
      argsFromKeys: (recordIds) => ({ recordIds }),
      context,
      info,
    });
}

/** A subgraph's schema without its federation directives. */
async function remote(endpoint: string): Promise<SubschemaConfig> {
  const executor = buildHTTPExecutor({ endpoint });
  return {
    schema: await schemaFromExecutor(executor),
    executor,
    transforms: [
      new FilterRootFields((_operation, field) => !field?.startsWith('_')),
      new FilterObjectFields((type, field) => !(type === 'Ticket' && field === 'record')),
      new PruneSchema({}),
    ],
  };
}

function ticketFields(schema: GraphQLSchema): string {
  const types = recordTypesOf(schema).map(({ name }) => `extend type ${name} { ticket: Ticket }`);
  return [
    'extend interface VonageRecord { ticket: Ticket }',
    'extend type Ticket { record: VonageRecord }',
    ...types,
  ].join('\n');
}

function recordTypesOf(schema: GraphQLSchema): readonly GraphQLNamedType[] {
  const record = schema.getType('VonageRecord');
  return isInterfaceType(record) ? schema.getPossibleTypes(record) : [];
}
