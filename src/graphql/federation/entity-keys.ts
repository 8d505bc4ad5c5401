import { rulesOf } from '../../catalogue/products.js';
import { recordTypes } from '../../records/record-types.js';

/**
 * The key field of a record type for callers that do not know its global id. The catalogue lists the products that have one;
 * the name of the type determines product and direction.
 */
const naturalKeys: ReadonlyMap<string, string> = new Map(
  recordTypes.flatMap(({ recordClass, product }) => {
    const { naturalKey } = rulesOf(product);
    return naturalKey === null ? [] : [[recordClass.name, camelCase(naturalKey)] as const];
  }),
);

/** The field that names a record of this type besides `id`; undefined where there is none. */
export function naturalKeyOf(typeName: string): string | undefined {
  return naturalKeys.get(typeName);
}

/** Every key of a record type as federation writes keys. Without `accountId` the gateway's own account is meant. */
export function keysOf(typeName: string): readonly string[] {
  const field = naturalKeyOf(typeName);
  return field ? ['id', field, `${field} accountId`] : ['id'];
}

function camelCase(wireName: string): string {
  return wireName.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
