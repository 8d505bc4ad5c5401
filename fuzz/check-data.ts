import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { checkLeaf } from './check-leaf.js';

/** An executed operation. */
export interface Executed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A path of the response and the selection sets that apply there. */
interface Place {
  readonly sets: readonly SelectionSetNode[];
  readonly path: string;
}

type Fields = Map<string, FieldNode[]>;

/** Checks `data` against the operation and the schema: names, types, nulls and values. */
export function checkData(executed: Executed, data: unknown): string[] {
  const operation = getOperationAST(executed.document, executed.operationName);
  if (!operation) return ['data without an operation'];
  const { coerced, errors } = getVariableValues(executed.schema, operation.variableDefinitions ?? [], {
    ...executed.variables,
  });
  if (!coerced) return [`data despite invalid variables: ${errors?.[0]?.message}`];
  const query = executed.schema.getQueryType() as GraphQLObjectType;
  const check = new DataCheck(executed, coerced);
  return check.object(query, data, { sets: [operation.selectionSet], path: 'data' });
}

class DataCheck {
  readonly #executed: Executed;
  readonly #variables: Record<string, unknown>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(executed: Executed, variables: Record<string, unknown>) {
    this.#executed = executed;
    this.#variables = variables;
    const fragments = executed.document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((each) => [each.name.value, each]));
  }

  object(type: GraphQLObjectType, value: unknown, { sets, path }: Place): string[] {
    if (!isObject(value)) return [`${path} is not an object`];
    const fields = this.#fieldsFor(type, sets);
    const odd = [...new Set([...Object.keys(value), ...fields.keys()])].filter(
      (name) => Object.hasOwn(value, name) !== fields.has(name),
    );
    if (odd.length > 0) return [`${path} of ${type.name} lacks, or should not have: ${odd.join(', ')}`];
    return [...fields].flatMap(([name, nodes]) => this.#field(type, nodes, value[name], `${path}.${name}`));
  }

  #field(parent: GraphQLObjectType, nodes: readonly FieldNode[], value: unknown, path: string): string[] {
    const name = nodes[0]?.name.value ?? '';
    const isOwnName = name === '__typename' && value !== parent.name;
    if (isOwnName) return [`${path} says ${value} of a ${parent.name}`];
    const definition = metaFields[name] ?? parent.getFields()[name];
    if (!definition) return [`${path} is not a field of ${parent.name}`];
    return this.#value(definition.type, value, {
      sets: nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      path,
    });
  }

  #value(type: GraphQLOutputType, value: unknown, place: Place): string[] {
    if (isNonNullType(type)) {
      return value === null ? [`${place.path} is null`] : this.#value(type.ofType, value, place);
    }
    if (value === null) return [];
    if (!isListType(type)) return this.#named(type, value, place);
    if (!Array.isArray(value)) return [`${place.path} is no list`];
    return value.flatMap((each, index) =>
      this.#value(type.ofType, each, { ...place, path: `${place.path}[${index}]` }),
    );
  }

  #named(type: GraphQLNamedOutputType, value: unknown, place: Place): string[] {
    if (isLeafType(type)) {
      const violation = checkLeaf(type, value);
      return violation === undefined ? [] : [`${place.path}: ${violation}`];
    }
    if (!isAbstractType(type)) return this.object(type, value, place);
    // A response need not name its type, so one of the possible types must fit.
    let fewest: string[] | undefined;
    for (const each of this.#executed.schema.getPossibleTypes(type)) {
      const violations = this.object(each, value, place);
      if (violations.length === 0) return [];
      if (!fewest || isDeeper(violations, fewest)) fewest = violations;
    }
    return fewest ?? [];
  }

  #fieldsFor(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Fields {
    const fields: Fields = new Map();
    const seen = new Set<string>();
    for (const set of sets) this.#gather(type, set, fields, seen);
    return fields;
  }

  #gather(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: Fields,
    seen: Set<string>,
  ): void {
    for (const selection of selections.filter((each) => this.#isIncluded(each))) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        fields.set(name, [...(fields.get(name) ?? []), selection]);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.#unseen(selection.name.value, seen) : selection;
      if (fragment && this.#isFor(fragment.typeCondition?.name.value, type))
        this.#gather(type, fragment.selectionSet, fields, seen);
    }
  }

  #unseen(name: string, seen: Set<string>): FragmentDefinitionNode | undefined {
    if (seen.has(name)) return undefined;
    seen.add(name);
    return this.#fragments.get(name);
  }

  #isFor(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const named = this.#executed.schema.getType(condition);
    return isAbstractType(named) && this.#executed.schema.isSubType(named, type);
  }

  #isIncluded(selection: SelectionSetNode['selections'][number]): boolean {
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, this.#variables);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, this.#variables);
    return skip?.if !== true && include?.if !== false;
  }
}

const metaFields: Readonly<Record<string, { readonly type: GraphQLOutputType }>> = Object.assign(
  Object.create(null),
  {
    __schema: SchemaMetaFieldDef,
    __type: TypeMetaFieldDef,
    __typename: TypeNameMetaFieldDef,
  },
);

/** A violation deeper in the value is more precise than one that rejects the type. */
function isDeeper([one = '']: readonly string[], [other = '']: readonly string[]): boolean {
  return one.split(/[.[]/).length > other.split(/[.[]/).length;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
