import type { Direction } from './direction.js';
import type { Product } from './product.js';

/** Whether a look-up of a product names a direction: it must, it may, or Vonage answers 422 when it does. */
export type DirectionRule = 'required' | 'optional' | 'refused';

/** When a row stops changing. */
export type Finality =
  /** The row is written once, after the event is over. */
  | { readonly kind: 'written-when-finished' }
  /** The row changes until its status is one of these (upper case), or 72 hours after `dateField`. */
  | { readonly kind: 'by-status'; readonly statusField: string; readonly terminal: ReadonlySet<string> }
  /** No source lists the states; only age makes the row final. */
  | { readonly kind: 'by-age' };

/** How the usage records of one product are asked for and read. All names are wire names. */
export interface ProductRules {
  readonly product: Product;
  readonly direction: DirectionRule;
  /** Fields whose value a look-up id may equal, the likeliest first. */
  readonly idFields: readonly string[];
  /** Whether one id may have several rows, each then told apart by the row's own `id`. */
  readonly rowsPerId: 'one' | 'several';
  /** Moment of receipt, or of the start for calls and sessions. */
  readonly dateField: string | null;
  readonly finality: Finality;
  /** Directions for which `include_message=true` adds the text; empty where the product has none. */
  readonly messageBody: readonly Direction[];
  /** Directions for which `show_concatenated=true` adds the flag. */
  readonly concatenated: readonly Direction[];
  /** Vonage announced the product's end, or ended it. */
  readonly deprecated: boolean;
}
