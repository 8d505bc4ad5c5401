import type { Direction } from '../catalogue/direction.js';
import type { Product } from '../catalogue/product.js';
import type { WireRow } from '../records/wire-row.js';

/** A row and where Vonage keeps it. */
export interface SimulatedRow {
  readonly product: Product;
  readonly direction: Direction | null;
  readonly row: WireRow;
}
