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

/** A selection, and the type on whose fields it is made. */
export interface Selected {
  readonly type: GraphQLNamedType;
  readonly set: SelectionSetNode;
}

export interface OperationWithVariablesOptions {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** As they arrived: limits come before GraphQL reads them, and do not read them a second time. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A valid operation with the variables that were sent with it. */
export class OperationWithVariables {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  /** How often a directive decided so far about a selection: what was found without one is always found. */
  decisions = 0;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;

  constructor({ schema, operation, fragments, variables }: OperationWithVariablesOptions) {
    this.schema = schema;
    this.operation = operation;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** Visits the fields of a selection: through fragments, and past `@skip` and `@include`. */
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

  /** The value of an argument; undefined where a variable was not sent and has no default. */
  valueOf(node: ValueNode): unknown {
    return node.kind === Kind.VARIABLE
      ? this.#variable(node.name.value)
      : valueFromASTUntyped(node, this.#variables as Record<string, unknown>);
  }

  /** Items of an argument that is a list; a single value stands for a list of one, as GraphQL has it. */
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
