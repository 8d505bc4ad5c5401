import { Product } from './product.js';
import { productName } from './product-name.js';

/** Every product by its name where a hyphen cannot stand: in GraphQL, in the configuration and in tokens. */
export const productByName: ReadonlyMap<string, Product> = new Map(
  Object.values(Product).map((product) => [productName(product), product]),
);
