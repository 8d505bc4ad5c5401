import { z } from 'zod';
import { accountList, productList } from './grant-lists.js';

/**
 * Ways to sign a JWT that may be configured. All of them verify with a public key, so that nobody who can read the key
 * set can sign; `none` and HMAC are not here on purpose.
 */
export const jwtAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

export type JwtAlgorithm = (typeof jwtAlgorithms)[number];

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
