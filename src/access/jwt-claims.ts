import { z } from 'zod';
import { accountList } from './account-list.js';
import { productList } from './product-list.js';

const amount = z.int('must be a positive integer').positive('must be a positive integer').optional();

/**
 * What of a verified JWT matters here. A claim of a wrong type refuses the token: to leave it out could open more than
 * its issuer meant.
 */
export const jwtClaims = z.object({
  sub: z.string().regex(/^\P{C}{1,255}$/u, 'must be 1 to 255 characters, none of them a control character'),
  /** Seconds since the Unix epoch. */
  exp: z.number(),
  /** Separated by spaces, as OAuth writes it. */
  scope: z.string().optional(),
  /** How other issuers write the same; it counts where there is no `scope`. */
  scp: z.union([z.string(), z.array(z.string())], 'must be text or a list of texts').optional(),
  /** Absent for the gateway's default account only. */
  vonage_accounts: accountList.optional(),
  vonage_products: productList.default('any'),
  ids_per_second: amount,
  records_per_day: amount,
});
