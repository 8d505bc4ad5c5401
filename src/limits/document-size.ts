import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { GatewayError } from '../errors.js';
import type { OperationLimits } from './operation-limits.js';

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

/**
 * Throws QUERY_TOO_COMPLEX for a text that is longer than a document may be, or that has more comments and commas than a
 * document may have tokens. GraphQL ignores both, and counts neither as tokens, but the parser keeps an object for each
 * comment. White space needs no count, because the parser skips it.
 */
export function assertTextWithinLimits(
  text: string,
  { maxCharacters, maxTokens }: Pick<OperationLimits, 'maxCharacters' | 'maxTokens'>,
): void {
  if (text.length > maxCharacters) throw exceeded(text.length, 'characters', maxCharacters);
  // A shorter text cannot have as many.
  if (text.length <= maxTokens) return;
  const ignored = countIgnoredTokens(text);
  if (ignored > maxTokens) throw exceeded(ignored, 'comments and commas', maxTokens);
}

function exceeded(count: number, what: string, most: number): GatewayError {
  return new GatewayError(
    'QUERY_TOO_COMPLEX',
    `The document has ${count} ${what}; at most ${most} are allowed.`,
  );
}

/** Counts comments and commas outside strings, in one pass. The text may be any text. */
function countIgnoredTokens(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === ',') count += 1;
    else if (character === '#') {
      count += 1;
      at = endOfLine(text, at);
    }
  }
  return count;
}

function endOfLine(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

/** The offset of a string's last quotation mark, or the end of the line or text that ends an unfinished one. */
function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) return endOfBlockString(text, start + 3);
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === '\n' || character === '\r') return at;
    if (character === '\\') at += 1;
  }
  return text.length;
}

/** In a block string only `\"""` is an escape sequence. */
function endOfBlockString(text: string, start: number): number {
  let quotes = text.indexOf('"""', start);
  while (quotes > 0 && text[quotes - 1] === '\\') quotes = text.indexOf('"""', quotes + 3);
  return quotes < 0 ? text.length : quotes + 2;
}
