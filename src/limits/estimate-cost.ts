import {
  type FieldNode,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { Product } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import { recordTypes } from '../records/record-types.js';
import { lookupsOf, type RecordKind, recordKinds } from './lookups-of.js';
import type { OperationWithVariables, Selected } from './operation-with-variables.js';

/** What an operation may cost, known before any lookup. */
export interface OperationCost {
  /** Ids that it asks for. A list counts as one id for each 20 records. */
  readonly ids: number;
  /** Records that it may show, or be billed for by id. */
  readonly records: number;
  /** Values of records that the response may show: one for a field, more for a JSON object. */
  readonly values: number;
}

/**
 * Estimates the cost of a valid query: over all its lookups, through fragments, without what `@skip` and `@include` leave
 * out. Fields that become one field of the response are one lookup.
 */
export function estimateCost(operation: OperationWithVariables): OperationCost {
  let [ids, records, values] = [0, 0, 0];
  for (const [field, selected] of lookupFields(operation).values())
    for (const lookup of lookupsOf(operation, field, selected[0].type)) {
      const each = costPerId(operation, lookup.kinds, selected);
      ids += lookup.ids;
      records += lookup.count * each.records;
      values += lookup.count * each.values;
    }
  return { ids, records, values };
}

type LookupField = readonly [field: FieldNode, selected: [Selected, ...Selected[]]];

/** The root fields that may look records up, by their names in the response, with everything selected on them. */
function lookupFields(operation: OperationWithVariables): ReadonlyMap<string, LookupField> {
  const found = new Map<string, LookupField>();
  const type = operation.schema.getQueryType();
  const definitions = type?.getFields() ?? {};
  if (!type) return found;
  operation.forEachField({ type, set: operation.operation.selectionSet }, (field) => {
    const definition = definitions[field.name.value];
    if (!definition || !field.selectionSet || !field.arguments?.length) return;
    const responseName = (field.alias ?? field.name).value;
    const selected = { type: getNamedType(definition.type), set: field.selectionSet };
    const known = found.get(responseName);
    if (known) known[1].push(selected);
    else found.set(responseName, [field, [selected]]);
  });
  return found;
}

interface CostPerId {
  /** Records that one id may return: its rows and, for each row, the records behind its edges at every level. */
  readonly records: number;
  /** Values that these records show in the response. */
  readonly values: number;
}

/** Costs that depend on the document alone, by its nodes; Apollo reuses the nodes of a document that it has parsed before. */
const known = new WeakMap<SelectionSetNode, Map<readonly RecordKind[], CostPerId>>();

/**
 * What a lookup may cost for each of its ids. A record has one type, so the most expensive type counts.
 *
 * @param kinds the types that the lookup may find
 */
function costPerId(
  operation: OperationWithVariables,
  kinds: readonly RecordKind[],
  selected: readonly Selected[],
): CostPerId {
  const [only] = selected.length === 1 ? selected : [];
  const knownCost = only && known.get(only.set)?.get(kinds);
  if (knownCost) return knownCost;
  const { decisions } = operation;
  const cost = countCost(operation, kinds, selected);
  if (only && operation.decisions === decisions)
    known.set(only.set, (known.get(only.set) ?? new Map()).set(kinds, cost));
  return cost;
}

function countCost(
  operation: OperationWithVariables,
  kinds: readonly RecordKind[],
  selected: readonly Selected[],
): CostPerId {
  const found = recordSelections(operation, selected);
  const shared = valuesForAll(found);
  let [records, values] = [0, 0];
  for (const kind of kinds) {
    const behind = costOfEdges(operation, found, kind);
    records = Math.max(records, kind.rows * (1 + behind.records));
    values = Math.max(values, kind.rows * (shared + (found.get(kind.typeName)?.values ?? 0) + behind.values));
  }
  return { records, values };
}

function costOfEdges(
  operation: OperationWithVariables,
  found: RecordSelections,
  { typeName }: RecordKind,
): CostPerId {
  let [records, values] = [0, 0];
  for (const { products, selected } of found.get(typeName)?.edges.values() ?? [])
    for (const product of products) {
      const cost = costPerId(operation, kindsByProduct.get(product) ?? [], selected);
      records += cost.records;
      values += cost.values;
    }
  return { records, values };
}

/** Selections on an interface count for every type, even when the interface belongs to some types only. */
function valuesForAll(found: RecordSelections): number {
  let values = 0;
  for (const [typeName, onType] of found) if (!typeNames.has(typeName)) values += onType.values;
  return values;
}

const typeNames: ReadonlySet<string> = new Set(recordKinds.map(({ typeName }) => typeName));
const kindsByProduct = new Map<Product, readonly RecordKind[]>(
  recordKinds.map(({ product }) => [product, recordKinds.filter((each) => each.product === product)]),
);

/** An edge of an operation, and what is selected of the records at its other end. */
interface SelectedEdge {
  readonly products: readonly Product[];
  readonly selected: Selected[];
}

/** The selections on records of one type. */
interface SelectedOnType {
  /** Values that each record shows. */
  values: number;
  /** Names in the response of fields that may be errors. */
  readonly fallible: Set<string>;
  /** By their names in the response; edges further on belong to the selections at their ends. */
  readonly edges: Map<string, SelectedEdge>;
}

/** The selections on records, by the record type or interface that they select from. */
type RecordSelections = ReadonlyMap<string, SelectedOnType>;

/** Edges by the name of the record type. */
const edges = new Map(
  recordTypes.map(({ recordClass, product }) => [recordClass.name, rulesOf(product).edges]),
);

/** Rough number of values in a JSON object such as `raw`. */
const valuesOfObject = 20;

/** An error costs roughly as much time as so many values, once for each name under which it occurs. */
const valuesOfError = 20;

/** Fields with an error for each failed id or hidden text, and lists that repeat such errors. */
const fallible: ReadonlySet<string> = new Set(['nodes', 'results', 'records', 'messageBody']);

function recordSelections(
  operation: OperationWithVariables,
  selected: readonly Selected[],
): RecordSelections {
  const found = new Map<string, SelectedOnType>();
  for (const each of selected) gather(operation, each, found);
  return found;
}

function gather(
  operation: OperationWithVariables,
  selected: Selected,
  found: Map<string, SelectedOnType>,
): void {
  operation.forEachField(selected, (field, type) => {
    const { name, selectionSet: set } = field;
    const onType = found.get(type.name) ?? { values: 0, fallible: new Set(), edges: new Map() };
    found.set(type.name, onType);
    const returned = typeOfField(type, name.value);
    const products = edges.get(type.name)?.[name.value]?.products;
    onType.values += returned?.name === 'JSONObject' ? valuesOfObject : 1;
    if (fallible.has(name.value)) noteFallible(onType, field);
    if (!set || !returned) return;
    if (products) noteEdge(onType, field, products).selected.push({ type: returned, set });
    else gather(operation, { type: returned, set }, found);
  });
}

/** Counts further names only: the errors under the first are as many as ids or records, which have their own limits. */
function noteFallible(onType: SelectedOnType, { alias, name }: FieldNode): void {
  const known = onType.fallible.size;
  onType.fallible.add((alias ?? name).value);
  if (known > 0 && onType.fallible.size > known) onType.values += valuesOfError;
}

function typeOfField(type: GraphQLNamedType, name: string): GraphQLNamedType | undefined {
  const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  return definition && getNamedType(definition.type);
}

function noteEdge(
  { edges }: SelectedOnType,
  { alias, name }: FieldNode,
  products: readonly Product[],
): SelectedEdge {
  const responseName = (alias ?? name).value;
  const edge = edges.get(responseName) ?? { products, selected: [] };
  edges.set(responseName, edge);
  return edge;
}
