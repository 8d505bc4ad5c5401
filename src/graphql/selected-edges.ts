import { getNamedType, isInterfaceType, isObjectType } from 'graphql';
import type { Product } from '../catalogue/product.js';
import { recordEdges } from './record-edges.js';
import type { Selected, SentOperation } from './sent-operation.js';

/** An edge of an operation, and what is selected of the records at its other end. */
export interface SelectedEdge {
  readonly products: readonly Product[];
  readonly selected: Selected[];
}

/** Edges by the type of the records that they start from, then by their names in the answer. */
export type SelectedEdges = ReadonlyMap<string, ReadonlyMap<string, SelectedEdge>>;

const edges: Readonly<Record<string, Readonly<Record<string, readonly Product[]>>>> = recordEdges;

/** The edges that start from the records of a selection; those behind them belong to their ends. */
export function selectedEdges(operation: SentOperation, selected: readonly Selected[]): SelectedEdges {
  const found = new Map<string, Map<string, SelectedEdge>>();
  for (const each of selected) gather(operation, each, found);
  return found;
}

function gather(
  operation: SentOperation,
  selected: Selected,
  found: Map<string, Map<string, SelectedEdge>>,
): void {
  operation.forEachField(selected, ({ alias, name, selectionSet: set }, type) => {
    if (!set || !(isObjectType(type) || isInterfaceType(type))) return;
    const definition = type.getFields()[name.value];
    if (!definition) return;
    const end = { type: getNamedType(definition.type), set };
    const products = edges[type.name]?.[name.value];
    if (!products) return gather(operation, end, found);
    const ofType = found.get(type.name) ?? new Map<string, SelectedEdge>();
    found.set(type.name, ofType);
    const responseName = (alias ?? name).value;
    const edge = ofType.get(responseName) ?? { products, selected: [] };
    ofType.set(responseName, edge);
    edge.selected.push(end);
  });
}
