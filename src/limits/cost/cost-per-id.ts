import type { SelectionSetNode } from 'graphql';
import type { Product } from '../../catalogue/product.js';
import { type RecordKind, recordKinds } from './lookups-of.js';
import type { OperationWithVariables, Selected } from './operation-with-variables.js';
import { type RecordSelections, recordSelections } from './record-selections.js';

export interface CostPerId {
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
export function costPerId(
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
