import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './document-size.js';

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
