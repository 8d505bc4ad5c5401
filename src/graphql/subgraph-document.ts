import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InterfaceTypeDefinitionNode,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  printSchema,
} from 'graphql';
import { rulesOf } from '../catalogue/products.js';
import { listField } from '../limits/lookups-of.js';
import { privacyOf, recordTypes } from '../records/record-types.js';

type FieldsType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * The version of Apollo Federation of the subgraph: the first with `@listSize`, from which a router estimates the cost of a
 * list. A newer version adds nothing that the subgraph needs, and excludes older routers.
 */
const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@listSize", "@shareable", "@tag"])';

/** How many records a list has, for routers. The argument has a default, so a router need not insist on it. */
const listSize =
  '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)';

/** Fields that never change. A subgraph that stores them with a reference can resolve them itself. */
const identity = new Set(['accountId', 'direction', 'product', 'vonageId']);

/** These fields find records only. In a graph of several subgraphs they would conflict with other `node` fields. */
const gatewayOnly = new Set(['node', 'nodes']);

/** The schema as a subgraph: the same types and fields, with federation directives. */
export function subgraphDocument(schema: GraphQLSchema): DocumentNode {
  const { definitions } = parse(printSchema(lexicographicSortSchema(schema)), { noLocation: true });
  const annotated = definitions.map((each) => (hasFields(each) ? annotate(each, schema) : each));
  return {
    kind: Kind.DOCUMENT,
    definitions: [...parse(link, { noLocation: true }).definitions, ...annotated],
  };
}

/**
 * Makes fields nullable for routers: when this gateway is unavailable, the data of other subgraphs must remain. Only the key
 * that joins the subgraphs stays non-null.
 */
export function routerDocument(document: DocumentNode): DocumentNode {
  const definitions = document.definitions.map((each) => {
    if (!hasFields(each)) return each;
    if (each.name.value === 'Query') return loosen(withoutGatewayFields(each));
    return isRecord(each) ? loosen(each) : each;
  });
  return { ...document, definitions };
}

function annotate<Type extends FieldsType>(type: Type, schema: GraphQLSchema): Type {
  const keys = isRecord(type) ? keysOf(type.name.value).map((fields) => `@key(fields: "${fields}")`) : [];
  // Other subgraphs with connections have the same type.
  if (type.name.value === 'PageInfo') keys.push('@shareable');
  const fields = type.fields?.map((field) => ({
    ...field,
    directives: [...(field.directives ?? []), ...directives(marksOf(type, field, schema))],
  }));
  return {
    ...type,
    directives: [...(type.directives ?? []), ...directives(keys)],
    ...(fields && { fields }),
  };
}

function marksOf(
  type: FieldsType,
  { name: { value: name } }: FieldDefinitionNode,
  schema: GraphQLSchema,
): string[] {
  if (type.name.value === 'Query' && name === listField) return [listSize];
  if (!isRecord(type)) return [];
  if (isPersonal(type, name, schema)) return ['@tag(name: "pii")'];
  // No subgraph owns the fields of an interface, so they cannot be shared.
  return type.kind === Kind.OBJECT_TYPE_DEFINITION && identity.has(name) ? ['@shareable'] : [];
}

/** Whether a contract variant without personal data must leave the field out: whatever a mask changes is one. */
function isPersonal({ name: { value: typeName } }: FieldsType, name: string, schema: GraphQLSchema): boolean {
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  const privacy = field && privacyOf(field);
  return privacy === 'personal' || privacy === 'free text' || privacy === 'content';
}

function withoutGatewayFields<Type extends FieldsType>(type: Type): Type {
  const fields = type.fields?.filter(({ name }) => !gatewayOnly.has(name.value));
  return { ...type, ...(fields && { fields }) };
}

function loosen<Type extends FieldsType>(type: Type): Type {
  const fields = type.fields?.map((field) =>
    field.type.kind === Kind.NON_NULL_TYPE && field.name.value !== 'id'
      ? { ...field, type: field.type.type }
      : field,
  );
  return { ...type, ...(fields && { fields }) };
}

function hasFields(definition: DocumentNode['definitions'][number]): definition is FieldsType {
  const { kind } = definition;
  return kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_DEFINITION;
}

/** `VonageRecord` itself, or a type that implements it. */
function isRecord({ name, interfaces = [] }: FieldsType): boolean {
  return name.value === 'VonageRecord' || interfaces.some((each) => each.name.value === 'VonageRecord');
}

/** Directives as text, read as GraphQL reads them. */
function directives(texts: readonly string[]): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar Any ${texts.join(' ')}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}

/**
 * The key field of a record type for callers that do not know its global id. The catalogue lists the products that have one;
 * the name of the type determines product and direction.
 */
const naturalKeys: ReadonlyMap<string, string> = new Map(
  recordTypes.flatMap(({ recordClass, product }) => {
    const { naturalKey } = rulesOf(product);
    return naturalKey === null ? [] : [[recordClass.name, camelCase(naturalKey)] as const];
  }),
);

/** The field that names a record of this type besides `id`; undefined where there is none. */
export function naturalKeyOf(typeName: string): string | undefined {
  return naturalKeys.get(typeName);
}

/** Every key of a record type as federation writes keys. Without `accountId` the gateway's own account is meant. */
export function keysOf(typeName: string): readonly string[] {
  const field = naturalKeyOf(typeName);
  return field ? ['id', field, `${field} accountId`] : ['id'];
}

function camelCase(wireName: string): string {
  return wireName.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
