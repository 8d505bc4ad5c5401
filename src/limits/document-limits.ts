import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import { GatewayError } from '../errors.js';
import {
  type DocumentSize,
  fragmentsOf,
  maxCount,
  type SelectionSize,
  sizeOfDocument,
} from './document-size.js';
import { fixedLimits, type OperationLimits } from './operation-limits.js';

/** One measured count and its limit, with the words of the error message. */
type Count = readonly [subject: string, count: number, what: string, most: number];

/**
 * An error message for the first limit that a document exceeds; undefined when it exceeds none. The document may be invalid
 * in any way, because the validation of oversized documents is what costs most.
 */
export function findExceededLimit(document: DocumentNode, limits: OperationLimits): string | undefined {
  const size = sizeOfDocument(document);
  if (size.endlessFragment !== undefined)
    return `The fragment ${size.endlessFragment} spreads itself, directly or through other fragments; no fragment may.`;
  const counts = [...size.operations.flatMap((each) => countsOf(each, limits)), ...wholeCountsOf(size)];
  const exceeded = counts.find(([_subject, count, _what, most]) => count > most);
  return exceeded ? messageFor(exceeded) : findExceededRepeats(document);
}

function countsOf(size: SelectionSize, limits: OperationLimits): Count[] {
  return [
    ['The operation holds', size.aliases, 'aliases', limits.maxAliases],
    ['The longest alias has', size.aliasLength, 'characters', fixedLimits.maxAliasLength],
    ['The operation holds', size.directives, 'directives', fixedLimits.maxDirectives],
    ['The operation selects', size.fields, 'root fields', fixedLimits.maxRootFields],
    ['The operation is', size.depth, 'fields deep', limits.maxDepth],
    ['The introspection is', size.introspectionDepth, 'fields deep', fixedLimits.maxIntrospectionDepth],
  ];
}

function wholeCountsOf(size: DocumentSize): Count[] {
  return [
    ['The document defines', size.definitions, 'operations and fragments', fixedLimits.maxDefinitions],
    ['The document selects', size.selections, 'fields and fragments', fixedLimits.maxSelections],
  ];
}

function findExceededRepeats(document: DocumentNode): string | undefined {
  const { name, times } = mostRepeatedField(document);
  const { maxRepeats } = fixedLimits;
  return times > maxRepeats
    ? messageFor([`The document selects ${name}`, times, 'times at one place', maxRepeats])
    : undefined;
}

function messageFor([subject, count, what, most]: Count): string {
  const number = count < maxCount ? count : `${maxCount} or more`;
  return `${subject} ${number} ${what}; at most ${most} are allowed.`;
}

const emptyDocument: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * A validation rule that reports a document beyond the limits as QUERY_TOO_COMPLEX. It then replaces the visited document
 * by an empty one, because the other rules could take seconds. Apollo runs the rule once for each new document.
 */
export function documentLimitsRule(limits: OperationLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const message = findExceededLimit(document, limits);
      if (!message) return undefined;
      const originalError = new GatewayError('QUERY_TOO_COMPLEX', message);
      context.reportError(new GraphQLError(message, { originalError }));
      return emptyDocument;
    },
  });
}

/** A field of a response, and how often a document selects it at one place. */
export interface RepeatedField {
  readonly name: string;
  readonly times: number;
}

interface Search {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments that are spread anywhere. */
  readonly seen: Set<FragmentDefinitionNode>;
  most: RepeatedField;
}

/** Selected fields that become one field of the response. */
interface Group extends RepeatedField {
  times: number;
  readonly selectionSets: SelectionSetNode[];
}

/** One level of the response. As in execution, a fragment counts once per level, however often it is spread there. */
interface Level {
  readonly groups: Map<string, Group>;
  readonly spread: Set<FragmentDefinitionNode>;
}

/**
 * The field that is selected most often at one place, because validation compares each pair of such selections. It visits
 * a selection each time that its fragment is spread, so the document's size must be within its limit.
 */
export function mostRepeatedField(document: DocumentNode): RepeatedField {
  const search: Search = {
    fragments: fragmentsOf(document),
    seen: new Set(),
    most: { name: '', times: 0 },
  };
  for (const each of document.definitions)
    if (each.kind === Kind.OPERATION_DEFINITION) visitLevel(search, [each.selectionSet]);
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION && !search.seen.has(each))
      visitLevel(search, [each.selectionSet]);
  return search.most;
}

function visitLevel(search: Search, selectionSets: readonly SelectionSetNode[]): void {
  const level: Level = { groups: new Map(), spread: new Set() };
  for (const { selections } of selectionSets) collectFields(search, level, selections);
  for (const group of level.groups.values()) {
    if (group.times > search.most.times) search.most = group;
    if (group.selectionSets.length > 0) visitLevel(search, group.selectionSets);
  }
}

function collectFields(search: Search, level: Level, selections: readonly SelectionNode[]): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) addField(level, selection);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      collectFields(search, level, selection.selectionSet.selections);
    else
      collectFields(
        search,
        level,
        firstSpread(search, level, selection.name.value)?.selectionSet.selections ?? [],
      );
  }
}

function addField({ groups }: Level, { alias, name, selectionSet }: FieldNode): void {
  const responseName = (alias ?? name).value;
  const group = groups.get(responseName) ?? { name: responseName, times: 0, selectionSets: [] };
  groups.set(responseName, group);
  group.times++;
  if (selectionSet) group.selectionSets.push(selectionSet);
}

/** The fragment of a name, when this level meets it for the first time. */
function firstSpread({ fragments, seen }: Search, { spread }: Level, name: string) {
  const fragment = fragments.get(name);
  if (!fragment || spread.has(fragment)) return undefined;
  spread.add(fragment);
  seen.add(fragment);
  return fragment;
}
