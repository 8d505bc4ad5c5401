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
import { privacyOf } from '../../records/record-shape.js';
import { keysOf } from './entity-keys.js';

type FieldsType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * The version of Apollo Federation whose rules the subgraph keeps: the first with entity interfaces. A newer one would
 * bring nothing that is used here, and would shut out routers that do not know it.
 */
const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@tag"])';

/** What a record is, not what became of it: a subgraph that keeps these with a reference may answer for them itself. */
const identity = new Set(['accountId', 'direction', 'product', 'vonageId']);

/** They find records only; in a graph of several subgraphs they would promise to find every object, and collide. */
const gatewayOnly = new Set(['node', 'nodes']);

/** The schema as a subgraph: the same types and fields, and what a router is to know of them. */
export function subgraphDocument(schema: GraphQLSchema): DocumentNode {
  const { definitions } = parse(printSchema(lexicographicSortSchema(schema)), { noLocation: true });
  const annotated = definitions.map((each) => (hasFields(each) ? annotate(each, schema) : each));
  return {
    kind: Kind.DOCUMENT,
    definitions: [...parse(link, { noLocation: true }).definitions, ...annotated],
  };
}

/**
 * The same as a router is told: whatever this gateway answers may be missing, for behind a router it may be away, and then
 * the data of other subgraphs should stand. Only the key that holds the graph together stays non-null.
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
  if (!isRecord(type)) return [];
  if (isPersonal(type, name, schema)) return ['@tag(name: "pii")'];
  // A field of an interface belongs to no subgraph, so it cannot be shared.
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
