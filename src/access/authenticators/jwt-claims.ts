import { z } from 'zod';
import { accountList, productList } from './grant-lists.js';

/**
 * The signature algorithms that the operator can configure. All of them verify with a public key, so that a reader of the
 * key set cannot sign; `none` and HMAC are left out on purpose.
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

const scopeList = z.union([z.string(), z.array(z.string())], 'must be text or a list of texts');

/**
 * The claims that the gateway reads from a verified JWT. A claim of a wrong type makes the token invalid, because to ignore
 * it could grant more than the issuer meant.
 */
export const jwtClaims = z.object({
  sub: z.string().regex(/^\P{C}{1,255}$/u, 'must be 1 to 255 characters, none of them a control character'),
  /** Seconds since the Unix epoch. */
  exp: z.number(),
  /** Seconds since the Unix epoch. */
  iat: z.number().optional(),
  /** Separated by spaces, as OAuth writes it, or a list, as some issuers do. */
  scope: scopeList.optional(),
  /** Other issuers' name for the same; read when `scope` is absent. */
  scp: scopeList.optional(),
  /** When absent, the gateway's default account only. */
  vonage_accounts: accountList.optional(),
  vonage_products: productList.default('any'),
  ids_per_second: amount,
  records_per_day: amount,
});
