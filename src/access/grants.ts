import { z } from 'zod';
import { isAccountId } from '../catalogue/ids.js';
import { type Product, productByName } from '../catalogue/product.js';
import { type AccessScope, accessScopes } from './principal.js';

const accountRule = 'must be "any" or a list of account ids, each of 1 to 64 letters, digits, - or _';

/** The accounts that a token may read: `any`, or at least one account id. */
const accountList: z.ZodType<'any' | readonly string[], unknown> = z.union(
  [
    z.literal('any'),
    z.array(z.string()).refine((ids) => ids.length > 0 && ids.every(isAccountId), accountRule),
  ],
  accountRule,
);

const productNames = [...productByName.keys()];

/** The products that a token may read: `any`, or at least one name as GraphQL spells it. */
const productList: z.ZodType<'any' | readonly Product[], unknown> = z.union(
  [
    z.literal('any'),
    z.array(z.enum(productNames).transform((name) => productByName.get(name) as Product)).min(1),
  ],
  `must be "any" or a list of ${productNames.join(', ')}`,
);

/** A token that the operator issued, known by its hash only, and the rights of its caller. */
export interface TokenEntry {
  /** Identifies the caller in limits and logs. */
  readonly name: string;
  /** SHA-256 of the token, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly scopes: readonly AccessScope[];
  /** Undefined for the gateway's default account only. */
  readonly accounts?: 'any' | readonly string[] | undefined;
  readonly products: 'any' | readonly Product[];
  /** Undefined for the gateway's default. */
  readonly idsPerSecond?: number | undefined;
  /** Undefined for the gateway's default. */
  readonly recordsPerDay?: number | undefined;
  /** Milliseconds since the Unix epoch from which on the token is invalid; undefined for never. */
  readonly expiresAtMs?: number | undefined;
}

const nameRule = 'must be 1 to 64 letters, digits, ., - or _';
const hashRule = 'must be the SHA-256 of the token as 64 hexadecimal digits';
const timeRule = 'must be a time of RFC 3339 with its zone, such as 2030-01-31T00:00:00Z';
const amount = z.int('must be a positive integer').positive('must be a positive integer').optional();

const tokenShape = {
  name: z.string(nameRule).regex(/^[A-Za-z0-9._-]{1,64}$/, nameRule),
  sha256: z
    .string(hashRule)
    .regex(/^[0-9a-f]{64}$/i, hashRule)
    .toLowerCase(),
  scopes: z
    .array(z.enum(accessScopes, `must be one of ${accessScopes.join(', ')}`), 'must be a list of scopes')
    .min(1, 'must name at least one scope'),
  accounts: accountList.optional(),
  products: productList.default('any'),
  idsPerSecond: amount,
  recordsPerDay: amount,
  expiresAt: z.iso.datetime({ offset: true, error: timeRule }).transform(Date.parse).optional(),
};

const tokenEntry = z.strictObject(tokenShape, { error: shapeRule(Object.keys(tokenShape)) });

/**
 * The content of a token file. It is strict: an unknown key, a repeated name and a repeated hash are errors. An error gives
 * the place and quotes neither keys nor values, because the operator may have pasted a token there.
 */
export const tokenList: z.ZodType<readonly TokenEntry[], unknown> = z
  .strictObject(
    { tokens: z.array(tokenEntry, 'must be a list of tokens').superRefine(rejectDuplicates) },
    { error: shapeRule(['tokens']) },
  )
  .transform(({ tokens }) => tokens.map(({ expiresAt, ...rest }) => ({ ...rest, expiresAtMs: expiresAt })));

function shapeRule(keys: readonly string[]) {
  return ({ code }: { readonly code?: string }): string =>
    code === 'unrecognized_keys' ? `must have no other keys than ${keys.join(', ')}` : 'must be an object';
}

function rejectDuplicates(entries: readonly z.output<typeof tokenEntry>[], context: z.RefinementCtx): void {
  for (const field of ['name', 'sha256'] as const) {
    const seen = new Set<string>();
    for (const [index, { [field]: value }] of entries.entries()) {
      const message = 'must differ from every entry above';
      if (seen.has(value)) context.addIssue({ code: 'custom', path: [index, field], message });
      seen.add(value);
    }
  }
}

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
