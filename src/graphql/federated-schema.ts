import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLResolveInfo, type GraphQLSchema, isAbstractType, print } from 'graphql';
import { canonicalId } from '../catalogue/ids.js';
import { GatewayError } from '../errors.js';
import type { Target } from '../operation/operation-service.js';
import type { UsageRecord } from '../records/base.js';
import { looksLikeGlobalId } from '../records/global-id.js';
import { recordTypeName, recordTypes } from '../records/record-types.js';
import type { SelectedContent } from '../retrieval/lookup/lanes.js';
import { createResolversMap } from '../type-graphql.js';
import type { LookupRules, OperationContext } from './operation-context.js';
import { globalTarget, resolveScope, type Scope } from './resolvers/record-arguments.js';
import { selectedContent } from './resolvers/selected-content.js';
import { naturalKeyOf, routerDocument, subgraphDocument } from './subgraph-document.js';

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

/** Throws FORBIDDEN before any lookup, unless the caller is an authenticated router. */
function requireRouter(field: string, { fromRouter }: OperationContext): void {
  if (fromRouter) return;
  throw new GatewayError(
    'FORBIDDEN',
    `${field} answers only to the router of the graph, which sends the operator's ROUTER_SECRET in x-router-secret.`,
  );
}

/**
 * `_entities`: finds records by the representations of other subgraphs, in parallel, through the common loaders. A bad
 * representation is an error at its own path, a miss is null. The library's own resolver is not used, because it writes
 * `__typename` on the records and fails as a whole on one unknown type.
 */
async function findEntities(
  _source: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<readonly (UsageRecord | Error | null)[]> {
  requireRouter('_entities', context);
  const content = selectedContent(info, context);
  return Promise.all(
    representations.map((each, index) =>
      findEntity(each, `representations[${index}]`, content, context).catch((error: Error) => error),
    ),
  );
}

async function findEntity(
  representation: unknown,
  place: string,
  content: SelectedContent,
  context: OperationContext,
): Promise<UsageRecord | null> {
  const { target, isMeant } = readRepresentation(representation, place, context.rules);
  const found = await context.operation.find(target, content);
  return found.find(isMeant) ?? null;
}

/** A reference of another subgraph to a record: where to look it up, and which of the found rows it is. */
interface Reference {
  readonly target: Target;
  isMeant(record: UsageRecord): boolean;
}

const scopes: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ['VonageRecord', {}],
  ...recordTypes.map(({ recordClass, product, direction }): [string, Scope] => [
    recordClass.name,
    { product, direction },
  ]),
]);

/**
 * Reads one representation. Throws BAD_USER_INPUT with its place and the rule, before any call.
 *
 * @param place such as `representations[3]`
 */
function readRepresentation(given: unknown, place: string, rules: LookupRules): Reference {
  const fields = new Map(Object.entries(typeof given === 'object' && given ? given : {}));
  const named = fields.get('__typename');
  const typeName = typeof named === 'string' ? named : '';
  const scope = scopes.get(typeName);
  if (!scope) throw badInput(`${place}.__typename must be VonageRecord or the name of a record type.`);
  const isOfType = (record: UsageRecord) =>
    typeName === 'VonageRecord' || recordTypeName(record) === typeName;
  const globalId = idIn(fields, 'id', place);
  if (globalId !== undefined)
    return { target: globalTarget(globalId, `${place}.id`, scope), isMeant: isOfType };
  const { field, id } = naturalKeyIn(fields, typeName, place);
  const accountId = idIn(fields, 'accountId', place);
  const target = resolveScope({ ...scope, accountId }, rules)(id, `${place}.${field}`);
  const isMeant = (record: UsageRecord) =>
    isOfType(record) &&
    hasId(record, field, id) &&
    (accountId === undefined || record.accountId === accountId);
  return { target, isMeant };
}

function naturalKeyIn(fields: ReadonlyMap<string, unknown>, typeName: string, place: string) {
  const field = naturalKeyOf(typeName);
  const id = field && idIn(fields, field, place);
  if (!field || id === undefined)
    throw badInput(`${place} must hold a key of ${typeName}: id${field ? `, or ${field}` : ''}.`);
  if (looksLikeGlobalId(id)) throw badInput(`${place}.${field} must be Vonage's id; global ids go in id.`);
  return { field, id };
}

/** Text, or a whole number, as GraphQL takes ids. */
function idIn(fields: ReadonlyMap<string, unknown>, name: string, place: string): string | undefined {
  const value = fields.get(name) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  const hint = typeof value === 'number' ? ' Send ids as text: a number of this size loses digits.' : '';
  throw badInput(`${place}.${name} must be an id.${hint}`);
}

function hasId(record: UsageRecord, field: string, id: string): boolean {
  const own = (record as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof own === 'string' && canonicalId(own) === canonicalId(id);
}

function badInput(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message);
}
