import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { SelectedContent } from '../../retrieval/lookup/lanes.js';
import type { OperationContext } from '../operation-context.js';

interface Search {
  readonly info: GraphQLResolveInfo;
  readonly messageBodyOf: Set<string>;
  readonly concatenatedOf: Set<string>;
}

/**
 * Which record types' costly fields an operation selects on the records that this field returns: through fragments,
 * interfaces and unions, and past `@skip` and `@include`. Edges from those records to others look for themselves.
 */
export function selectedContent(info: GraphQLResolveInfo, { principal }: OperationContext): SelectedContent {
  const search: Search = { info, messageBodyOf: new Set(), concatenatedOf: new Set() };
  const returned = getNamedType(info.returnType);
  for (const { selectionSet } of info.fieldNodes) visit(search, returned, selectionSet);
  // What a caller may not see is not even fetched.
  if (!principal.has('records:content')) search.messageBodyOf.clear();
  return search;
}

function visit(search: Search, type: GraphQLNamedType, selectionSet: SelectionSetNode | undefined): void {
  for (const selection of selectionSet?.selections ?? []) {
    if (!isIncluded(search.info, selection)) continue;
    if (selection.kind === 'Field') visitField(search, type, selection);
    else visitFragment(search, type, selection);
  }
}

function visitField(search: Search, type: GraphQLNamedType, field: FieldNode): void {
  if (field.name.value === 'messageBody') search.messageBodyOf.add(type.name);
  if (field.name.value === 'concatenated') search.concatenatedOf.add(type.name);
  if (!isObjectType(type) || isRecord(type)) return;
  const definition = type.getFields()[field.name.value];
  if (definition) visit(search, getNamedType(definition.type), field.selectionSet);
}

function visitFragment(
  search: Search,
  type: GraphQLNamedType,
  selection: Exclude<SelectionNode, FieldNode>,
): void {
  const { fragments, schema } = search.info;
  const fragment = selection.kind === 'FragmentSpread' ? fragments[selection.name.value] : selection;
  const condition = fragment?.typeCondition?.name.value;
  visit(search, (condition && schema.getType(condition)) || type, fragment?.selectionSet);
}

function isRecord(type: GraphQLNamedType): boolean {
  const interfaces = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
  return interfaces.some((each) => each.name === 'VonageRecord');
}

function isIncluded({ variableValues }: GraphQLResolveInfo, selection: SelectionNode): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues);
  return skip?.if !== true && include?.if !== false;
}
