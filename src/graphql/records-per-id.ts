import type { Product } from '../catalogue/product.js';
import { type RecordKind, recordKinds } from './record-kinds.js';
import { type SelectedEdge, selectedEdges } from './selected-edges.js';
import type { Selected, SentOperation } from './sent-operation.js';

/**
 * Records that one id may bring: its rows, and for each of them what its edges lead to, again and again. What a record is
 * shows only when it is there, so the dearest of the types counts.
 *
 * @param kinds the types that the look-up may find
 */
export function recordsPerId(
  operation: SentOperation,
  kinds: readonly RecordKind[],
  selected: readonly Selected[],
): number {
  const edges = selectedEdges(operation, selected);
  let most = 0;
  for (const { typeName, rows } of kinds) {
    const ofType = edges.size > 0 ? edges.get(typeName) : undefined;
    most = Math.max(most, rows * (1 + sumOf(operation, ofType?.values() ?? [])));
  }
  return most;
}

function sumOf(operation: SentOperation, edges: Iterable<SelectedEdge>): number {
  let sum = 0;
  for (const { products, selected } of edges)
    for (const product of products) sum += recordsPerId(operation, kindsOf(product), selected);
  return sum;
}

const byProduct = new Map<Product, readonly RecordKind[]>(
  recordKinds.map(({ product }) => [product, recordKinds.filter((each) => each.product === product)]),
);

function kindsOf(product: Product): readonly RecordKind[] {
  return byProduct.get(product) ?? [];
}
