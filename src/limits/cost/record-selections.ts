import { type FieldNode, type GraphQLNamedType, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import type { Product } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import { recordTypes } from '../../records/record-types.js';
import type { OperationWithVariables, Selected } from './operation-with-variables.js';

/** An edge of an operation, and what is selected of the records at its other end. */
export interface SelectedEdge {
  readonly products: readonly Product[];
  readonly selected: Selected[];
}

/** What is selected on records of one type. */
export interface SelectedOnType {
  /** Values that each record shows. */
  values: number;
  /** Names in the answer of what may be errors. */
  readonly fallible: Set<string>;
  /** By their names in the answer; those behind them belong to their ends. */
  readonly edges: Map<string, SelectedEdge>;
}

/** What is selected on records, by the type for which it is: that of records, or one that several types share. */
export type RecordSelections = ReadonlyMap<string, SelectedOnType>;

/** Edges by the name of the record type. */
const edges = new Map(
  recordTypes.map(({ recordClass, product }) => [recordClass.name, rulesOf(product).edges]),
);

/** `raw` and its like count as many values as a record has fields, roughly. */
const valuesOfObject = 20;

/** An error takes as long to make and to write as this many values, roughly, and does so again under each further name. */
const valuesOfError = 20;

/** Fields that are an error for each id that failed or each text that its caller may not see, and lists that repeat them. */
const fallible: ReadonlySet<string> = new Set(['nodes', 'matches', 'records', 'messageBody']);

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

/** Errors under one name are as many as ids or records, which have limits of their own. */
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
