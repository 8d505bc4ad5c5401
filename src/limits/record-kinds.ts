import type { Product } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import { recordTypes } from '../records/record-types.js';

/** A record type as far as it decides how many records a look-up may bring. */
export interface RecordKind {
  readonly typeName: string;
  readonly product: Product;
  /** Records that one id is taken to bring. */
  readonly rows: number;
}

/** Where one id may have several records, mostly it has two: into the queue and out of it, a request and its channel. */
const severalRows = 2;

export const recordKinds: readonly RecordKind[] = recordTypes.map(({ recordClass, product }) => ({
  typeName: recordClass.name,
  product,
  rows: rulesOf(product).rowsPerId === 'one' ? 1 : severalRows,
}));
