import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** A selection set and the type that it selects from. */
export interface Selected {
  readonly type: GraphQLNamedType;
  readonly set: SelectionSetNode;
}

export interface OperationWithVariablesOptions {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** As they arrived, because limits are checked before GraphQL coerces variables. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A valid operation together with its variables. */
export class OperationWithVariables {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  /** Number of `@skip` and `@include` directives evaluated so far; a result that needed none holds for all variables. */
  decisions = 0;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;

  constructor({ schema, operation, fragments, variables }: OperationWithVariablesOptions) {
    this.schema = schema;
    this.operation = operation;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** Visits the fields of a selection through fragments, without what `@skip` and `@include` leave out. */
  forEachField({ type, set }: Selected, visit: (field: FieldNode, type: GraphQLNamedType) => void): void {
    for (const selection of set.selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        visit(selection, type);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      const condition = fragment?.typeCondition && this.schema.getType(fragment.typeCondition.name.value);
      if (fragment) this.forEachField({ type: condition ?? type, set: fragment.selectionSet }, visit);
    }
  }

  /** The value of an argument; undefined for a variable that was neither sent nor has a default. */
  valueOf(node: ValueNode): unknown {
    return node.kind === Kind.VARIABLE
      ? this.#variable(node.name.value)
      : valueFromASTUntyped(node, this.#variables as Record<string, unknown>);
  }

  /** Number of items of a list argument; GraphQL takes a single value for a list of one. */
  lengthOf(node: ValueNode): number {
    if (node.kind === Kind.LIST) return node.values.length;
    const value = this.valueOf(node) ?? [];
    return Array.isArray(value) ? value.length : 1;
  }

  #variable(name: string): unknown {
    if (Object.hasOwn(this.#variables, name)) return this.#variables[name];
    const definition = this.operation.variableDefinitions?.find((each) => each.variable.name.value === name);
    return definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
  }

  #isIncluded({ directives }: SelectionNode): boolean {
    for (const { name, arguments: given } of directives ?? []) {
      this.decisions++;
      const condition = given?.[0] && this.valueOf(given[0].value);
      if (name.value === 'skip' && condition === true) return false;
      if (name.value === 'include' && condition === false) return false;
    }
    return true;
  }
}
