import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A document's fragments by their names; of two with one name the last, as in graphql-js. */
export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((each) => [each.name.value, each]));
}

/** Whether a field reads the schema. `__typename` does not: it names the type of data that the caller sees anyway. */
export function isIntrospection({ name: { value } }: FieldNode): boolean {
  return value === '__schema' || value === '__type';
}

/** The size of a selection with every fragment expanded where it is spread. */
export interface SelectionSize {
  /** Fields at the outermost level. */
  readonly fields: number;
  /** Fields and fragments at all levels. */
  readonly selections: number;
  readonly aliases: number;
  /** Characters of the longest alias. */
  readonly aliasLength: number;
  readonly directives: number;
  /** Nested fields, except below introspection fields. */
  readonly depth: number;
  /** Nested fields from an introspection field on. */
  readonly introspectionDepth: number;
}

export interface DocumentSize {
  /** Operations and fragments. */
  readonly definitions: number;
  readonly operations: readonly SelectionSize[];
  /** Selections of all operations together, and of fragments that no operation spreads. */
  readonly selections: number;
  /** Name of a fragment that spreads itself, directly or through others. */
  readonly endlessFragment: string | undefined;
}

/** Where counting stops; twenty fragments that each spread the next one twice reach a million. */
export const maxCount = 1_000_000;

const emptySize: SelectionSize = {
  fields: 0,
  selections: 0,
  aliases: 0,
  aliasLength: 0,
  directives: 0,
  depth: 0,
  introspectionDepth: 0,
};

/** Measures a document, which may be invalid in any way, by one visit to each of its selections. */
export function sizeOfDocument(document: DocumentNode): DocumentSize {
  const sizes = new FragmentSizes(document);
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const ofOperations = operations.map((operation) => sizeOfOperation(operation, sizes));
  // GraphQL also validates fragments that no operation spreads.
  const ofUnusedFragments = document.definitions
    .filter((each) => each.kind === Kind.FRAGMENT_DEFINITION && !sizes.isKnown(each))
    .map((fragment) => sizes.of(fragment as FragmentDefinitionNode));
  const { selections } = [...ofOperations, ...ofUnusedFragments].reduce(add, emptySize);
  const { endless: endlessFragment } = sizes;
  return { definitions: document.definitions.length, operations: ofOperations, selections, endlessFragment };
}

function sizeOfOperation(operation: OperationDefinitionNode, sizes: FragmentSizes): SelectionSize {
  const size = sizeOfSet(operation.selectionSet, sizes);
  const ofVariables = operation.variableDefinitions?.flatMap((each) => each.directives ?? []) ?? [];
  return enclose(size, (operation.directives?.length ?? 0) + ofVariables.length);
}

function sizeOfSet(set: SelectionSetNode | undefined, sizes: FragmentSizes): SelectionSize {
  let size = emptySize;
  for (const selection of set?.selections ?? []) size = add(size, sizeOfSelection(selection, sizes));
  return size;
}

function sizeOfSelection(selection: SelectionNode, sizes: FragmentSizes): SelectionSize {
  const directives = selection.directives?.length ?? 0;
  if (selection.kind === Kind.FRAGMENT_SPREAD)
    return enclose(sizes.named(selection.name.value), directives, 1);
  const inner = enclose(sizeOfSet(selection.selectionSet, sizes), directives, 1);
  if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
  const depth = inner.depth + 1;
  return {
    ...inner,
    fields: 1,
    aliases: inner.aliases + (selection.alias ? 1 : 0),
    aliasLength: Math.max(inner.aliasLength, selection.alias?.value.length ?? 0),
    ...(isIntrospection(selection) ? { depth: 1, introspectionDepth: depth } : { depth }),
  };
}

/** Sizes of a document's fragments, each measured once. */
class FragmentSizes {
  /** Name of a fragment that spreads itself. */
  endless: string | undefined;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Undefined while a fragment is being measured. */
  readonly #known = new Map<FragmentDefinitionNode, SelectionSize | undefined>();

  constructor(document: DocumentNode) {
    this.#fragments = fragmentsOf(document);
  }

  isKnown(fragment: FragmentDefinitionNode): boolean {
    return this.#known.has(fragment);
  }

  /** Size of the fragment of a name; empty for an unknown one, which validation reports. */
  named(name: string): SelectionSize {
    const fragment = this.#fragments.get(name);
    return fragment ? this.of(fragment) : emptySize;
  }

  of(fragment: FragmentDefinitionNode): SelectionSize {
    const known = this.#known.get(fragment);
    if (known) return known;
    if (this.#known.has(fragment)) {
      this.endless = fragment.name.value;
      return emptySize;
    }
    this.#known.set(fragment, undefined);
    const size = enclose(sizeOfSet(fragment.selectionSet, this), fragment.directives?.length ?? 0);
    this.#known.set(fragment, size);
    return size;
  }
}

function enclose(size: SelectionSize, directives: number, selections = 0): SelectionSize {
  return {
    ...size,
    directives: capped(size.directives + directives),
    selections: capped(size.selections + selections),
  };
}

function add(one: SelectionSize, other: SelectionSize): SelectionSize {
  return {
    fields: capped(one.fields + other.fields),
    selections: capped(one.selections + other.selections),
    aliases: capped(one.aliases + other.aliases),
    aliasLength: Math.max(one.aliasLength, other.aliasLength),
    directives: capped(one.directives + other.directives),
    depth: Math.max(one.depth, other.depth),
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
  };
}

function capped(number: number): number {
  return Math.min(number, maxCount);
}
