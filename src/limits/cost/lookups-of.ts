import { type FieldNode, type GraphQLNamedType, isAbstractType, type ValueNode } from 'graphql';
import { type Product, productName } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import { recordTypes } from '../../records/record-types.js';
import type { OperationWithVariables } from './operation-with-variables.js';

/** The facts of a record type that decide how many records a lookup may return. */
export interface RecordKind {
  readonly typeName: string;
  readonly product: Product;
  /** Records that one id is expected to return. */
  readonly rows: number;
}

/** Where one id can have several records it usually has two, such as a request and its channel. */
const severalRows = 2;

export const recordKinds: readonly RecordKind[] = recordTypes.map(({ recordClass, product }) => ({
  typeName: recordClass.name,
  product,
  rows: rulesOf(product).rowsPerId === 'one' ? 1 : severalRows,
}));

/** Ids that one lookup asks for. */
export interface Lookup {
  readonly ids: number;
  /** The types of records that the lookup may find. */
  readonly kinds: readonly RecordKind[];
}

const byProductName = kindsBy(({ product }) => productName(product));
const byTypeName = kindsBy(({ typeName }) => typeName);

/** The lookups of a root field, by its arguments; none for a field without id arguments. */
export function lookupsOf(
  operation: OperationWithVariables,
  { arguments: given = [] }: FieldNode,
  returned: GraphQLNamedType,
): readonly Lookup[] {
  const argument = (name: string) => given.find((each) => each.name.value === name)?.value;
  const representations = argument('representations');
  if (representations) return lookupsOfEntities(operation, representations);
  const [id, ids, product] = [argument('id'), argument('ids'), argument('product')];
  if (!id && !ids) return [];
  const named = product && byProductName.get(operation.valueOf(product));
  return [{ ids: ids ? operation.lengthOf(ids) : 1, kinds: named ?? kindsReturned(operation, returned) }];
}

/** Entity references name their types, each of which has its own edges. */
function lookupsOfEntities(operation: OperationWithVariables, node: ValueNode): readonly Lookup[] {
  const sent = operation.valueOf(node) ?? [];
  const counts = new Map<unknown, number>();
  for (const each of Array.isArray(sent) ? sent : [sent]) {
    const typeName: unknown = each?.__typename;
    counts.set(typeName, (counts.get(typeName) ?? 0) + 1);
  }
  return [...counts].map(([typeName, ids]) => ({
    ids,
    kinds: byTypeName.get(typeName) ?? recordKinds,
  }));
}

const byReturned = new WeakMap<GraphQLNamedType, readonly RecordKind[]>();

function kindsReturned({ schema }: OperationWithVariables, type: GraphQLNamedType): readonly RecordKind[] {
  if (!isAbstractType(type)) return recordKinds;
  const known = byReturned.get(type);
  if (known) return known;
  const possible = new Set(schema.getPossibleTypes(type).map(({ name }) => name));
  const kinds = recordKinds.filter(({ typeName }) => possible.has(typeName));
  byReturned.set(type, kinds);
  return kinds;
}

/** The map takes any key, because a client can send any value in place of a name. */
function kindsBy(nameOf: (kind: RecordKind) => string): ReadonlyMap<unknown, readonly RecordKind[]> {
  const names = new Set(recordKinds.map(nameOf));
  return new Map([...names].map((name) => [name, recordKinds.filter((kind) => nameOf(kind) === name)]));
}
