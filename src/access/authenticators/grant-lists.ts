import { z } from 'zod';
import { isAccountId } from '../../catalogue/ids.js';
import { type Product, productByName } from '../../catalogue/product.js';

const rule = 'must be "any" or a list of account ids, each of 1 to 64 letters, digits, - or _';

/** The accounts that a token may read: `any`, or at least one account id. */
export const accountList: z.ZodType<'any' | readonly string[], unknown> = z.union(
  [z.literal('any'), z.array(z.string()).refine((ids) => ids.length > 0 && ids.every(isAccountId), rule)],
  rule,
);

const names = [...productByName.keys()];

/** The products that a token may read: `any`, or at least one name as GraphQL spells it. */
export const productList: z.ZodType<'any' | readonly Product[], unknown> = z.union(
  [z.literal('any'), z.array(z.enum(names).transform((name) => productByName.get(name) as Product)).min(1)],
  `must be "any" or a list of ${names.join(', ')}`,
);
