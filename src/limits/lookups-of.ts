import { type FieldNode, type GraphQLNamedType, isAbstractType, type ValueNode } from 'graphql';
import { type Product, productName } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import { recordTypes } from '../records/record-types.js';
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

/** What one lookup or list asks for. */
export interface Lookup {
  /** Ids that it counts against the caller's rate. */
  readonly ids: number;
  /** Ids to multiply the cost of an id with; for a list the records that it may show. */
  readonly count: number;
  /** The types of records that the lookup may find. */
  readonly kinds: readonly RecordKind[];
}

const byProductName = kindsBy(({ product }) => productName(product));
const listedKinds: readonly RecordKind[] = recordKinds.map((kind) => ({ ...kind, rows: 1 }));
const listedByProductName: ReadonlyMap<unknown, readonly RecordKind[]> = new Map(
  [...byProductName].map(([name, kinds]) => [name, kinds.map((kind) => ({ ...kind, rows: 1 }))]),
);
const byTypeName = kindsBy(({ typeName }) => typeName);

/** The lookups of a root field, by its arguments; none for a field without id arguments. */
export function lookupsOf(
  operation: OperationWithVariables,
  field: FieldNode,
  returned: GraphQLNamedType,
): readonly Lookup[] {
  if (field.name.value === listField) return [listOf(operation, field)];
  const { arguments: given = [] } = field;
  const argument = (name: string) => given.find((each) => each.name.value === name)?.value;
  const representations = argument('representations');
  if (representations) return lookupsOfEntities(operation, representations);
  const [id, ids, product] = [argument('id'), argument('ids'), argument('product')];
  if (!id && !ids) return [];
  const named = product && byProductName.get(operation.valueOf(product));
  const count = ids ? operation.lengthOf(ids) : 1;
  return [{ ids: count, count, kinds: named ?? kindsReturned(operation, returned) }];
}

/** The name of the root field that lists records by date. */
export const listField = 'recordsByDate';

/** Records of a list that names no number; the default of the argument `first`. */
export const defaultFirst = 100;

/** Records that count as one id against the caller's rate: a list costs one call, and takes time for each record. */
const recordsPerId = 20;

/** A list shows `first` records, each row one. */
function listOf(operation: OperationWithVariables, { arguments: given = [] }: FieldNode): Lookup {
  const argument = (name: string) => {
    const node = given.find((each) => each.name.value === name)?.value;
    return node && operation.valueOf(node);
  };
  const first = argument('first') ?? defaultFirst;
  const count = Number.isSafeInteger(first) && Number(first) > 0 ? Number(first) : 1;
  const kinds = listedByProductName.get(argument('product')) ?? listedKinds;
  return { ids: Math.ceil(count / recordsPerId), count, kinds };
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
    count: ids,
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
