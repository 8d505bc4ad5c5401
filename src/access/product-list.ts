import { z } from 'zod';
import type { Product } from '../catalogue/product.js';
import { productByName } from '../catalogue/product-by-name.js';

const names = [...productByName.keys()];

/** The products that a token opens: `any`, or at least one name as GraphQL spells it. */
export const productList: z.ZodType<'any' | readonly Product[], unknown> = z.union(
  [z.literal('any'), z.array(z.enum(names).transform((name) => productByName.get(name) as Product)).min(1)],
  `must be "any" or a list of ${names.join(', ')}`,
);
