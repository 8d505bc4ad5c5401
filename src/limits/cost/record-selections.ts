import { type FieldNode, type GraphQLNamedType, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import type { Product } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import { recordTypes } from '../../records/record-types.js';
import type { OperationWithVariables, Selected } from './operation-with-variables.js';

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
export type RecordSelections = ReadonlyMap<string, SelectedOnType>;

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

export function recordSelections(
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
