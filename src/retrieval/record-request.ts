import type { Direction } from '../catalogue/direction.js';
import type { Product } from '../catalogue/product.js';

/** What of a record costs more than the plain row, by GraphQL type: asked of Vonage only when an operation selects it. */
export interface SelectedContent {
  /** Record types whose `messageBody` is selected. */
  readonly messageBodyOf: ReadonlySet<string>;
  /** Record types whose `concatenated` is selected. */
  readonly concatenatedOf: ReadonlySet<string>;
}

/** One record that somebody wants. The id is valid; product and direction fit together. */
export interface RecordRequest {
  readonly id: string;
  readonly accountId: string;
  /** The products to look in; the first that knows the id wins. */
  readonly products: readonly Product[];
  /** Null where it is not known: both are looked in if the product needs one. */
  readonly direction: Direction | null;
  readonly content: SelectedContent;
}
