import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A document's fragments by their names; of two with one name the last, as in GraphQL's own eyes. */
export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((each) => [each.name.value, each]));
}

/** Whether a field asks for the schema. `__typename` only names what the caller sees anyway. */
export function isIntrospection({ name: { value } }: FieldNode): boolean {
  return value === '__schema' || value === '__type';
}

/** How large something is when every fragment in it is written out where it is spread. */
export interface SelectionSize {
  /** Fields side by side at the outermost level. */
  readonly fields: number;
  /** Fields and fragments at all levels. */
  readonly selections: number;
  readonly aliases: number;
  /** Characters of the longest alias. */
  readonly aliasLength: number;
  readonly directives: number;
  /** Fields inside one another, except below introspection. */
  readonly depth: number;
  /** The same from a field of introspection on. */
  readonly introspectionDepth: number;
}

export interface DocumentSize {
  /** Operations and fragments. */
  readonly definitions: number;
  readonly operations: readonly SelectionSize[];
  /** Selections of all operations together, and of fragments that none of them spreads. */
  readonly selections: number;
  /** Name of a fragment that spreads itself, be it by way of others. */
  readonly endlessFragment: string | undefined;
}

/** Where counting stops: twenty fragments that spread one another twice are a million already. */
export const uncounted = 1_000_000;

const nothing: SelectionSize = {
  fields: 0,
  selections: 0,
  aliases: 0,
  aliasLength: 0,
  directives: 0,
  depth: 0,
  introspectionDepth: 0,
};

/** Measures a document that may be invalid in any way, in one look at each of its selections. */
export function sizeOfDocument(document: DocumentNode): DocumentSize {
  const sizes = new FragmentSizes(document);
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const ofOperations = operations.map((operation) => sizeOfOperation(operation, sizes));
  // Even what no operation spreads would be validated.
  const ofStrays = document.definitions
    .filter((each) => each.kind === Kind.FRAGMENT_DEFINITION && !sizes.isKnown(each))
    .map((fragment) => sizes.of(fragment as FragmentDefinitionNode));
  const { selections } = [...ofOperations, ...ofStrays].reduce(beside, nothing);
  const { endless: endlessFragment } = sizes;
  return { definitions: document.definitions.length, operations: ofOperations, selections, endlessFragment };
}

function sizeOfOperation(operation: OperationDefinitionNode, sizes: FragmentSizes): SelectionSize {
  const size = sizeOfSet(operation.selectionSet, sizes);
  const ofVariables = operation.variableDefinitions?.flatMap((each) => each.directives ?? []) ?? [];
  return wrapped(size, (operation.directives?.length ?? 0) + ofVariables.length);
}

function sizeOfSet(set: SelectionSetNode | undefined, sizes: FragmentSizes): SelectionSize {
  let size = nothing;
  for (const selection of set?.selections ?? []) size = beside(size, sizeOfSelection(selection, sizes));
  return size;
}

function sizeOfSelection(selection: SelectionNode, sizes: FragmentSizes): SelectionSize {
  const directives = selection.directives?.length ?? 0;
  if (selection.kind === Kind.FRAGMENT_SPREAD)
    return wrapped(sizes.named(selection.name.value), directives, 1);
  const inner = wrapped(sizeOfSet(selection.selectionSet, sizes), directives, 1);
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
  /** Name of a fragment that was met inside itself. */
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

  /** Size of the fragment of a name; nothing if there is none, which validation will tell. */
  named(name: string): SelectionSize {
    const fragment = this.#fragments.get(name);
    return fragment ? this.of(fragment) : nothing;
  }

  of(fragment: FragmentDefinitionNode): SelectionSize {
    const known = this.#known.get(fragment);
    if (known) return known;
    if (this.#known.has(fragment)) {
      this.endless = fragment.name.value;
      return nothing;
    }
    this.#known.set(fragment, undefined);
    const size = wrapped(sizeOfSet(fragment.selectionSet, this), fragment.directives?.length ?? 0);
    this.#known.set(fragment, size);
    return size;
  }
}

function wrapped(size: SelectionSize, directives: number, selections = 0): SelectionSize {
  return {
    ...size,
    directives: counted(size.directives + directives),
    selections: counted(size.selections + selections),
  };
}

function beside(one: SelectionSize, other: SelectionSize): SelectionSize {
  return {
    fields: counted(one.fields + other.fields),
    selections: counted(one.selections + other.selections),
    aliases: counted(one.aliases + other.aliases),
    aliasLength: Math.max(one.aliasLength, other.aliasLength),
    directives: counted(one.directives + other.directives),
    depth: Math.max(one.depth, other.depth),
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
  };
}

function counted(number: number): number {
  return Math.min(number, uncounted);
}
