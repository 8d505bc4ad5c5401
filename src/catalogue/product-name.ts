import type { Product } from './product.js';

/** The name of a product where a hyphen cannot stand: in GraphQL and in the configuration. */
export function productName(product: Product): string {
  return product.replaceAll('-', '_');
}
