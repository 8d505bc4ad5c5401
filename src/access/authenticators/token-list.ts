import { z } from 'zod';
import type { Product } from '../../catalogue/product.js';
import { type AccessScope, accessScopes } from '../scopes.js';
import { accountList, productList } from './grant-lists.js';

/** A token that opens the gateway, known by its hash only, and what it opens. */
export interface TokenEntry {
  /** Tells its holder apart in limits and logs. */
  readonly name: string;
  /** SHA-256 of the token, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly scopes: readonly AccessScope[];
  /** Undefined for the gateway's default account only. */
  readonly accounts?: 'any' | readonly string[] | undefined;
  readonly products: 'any' | readonly Product[];
  /** Undefined for what the gateway allows every caller. */
  readonly idsPerSecond?: number | undefined;
  /** Undefined for what the gateway allows every caller. */
  readonly recordsPerDay?: number | undefined;
  /** Milliseconds since the Unix epoch from which on the token is refused; undefined for never. */
  readonly expiresAtMs?: number | undefined;
}

const nameRule = 'must be 1 to 64 letters, digits, ., - or _';
const hashRule = 'must be the SHA-256 of the token as 64 hexadecimal digits';
const timeRule = 'must be a time of RFC 3339 with its zone, such as 2030-01-31T00:00:00Z';
const amount = z.int('must be a positive integer').positive('must be a positive integer').optional();

const shape = {
  name: z.string(nameRule).regex(/^[A-Za-z0-9._-]{1,64}$/, nameRule),
  sha256: z
    .string(hashRule)
    .regex(/^[0-9a-f]{64}$/i, hashRule)
    .toLowerCase(),
  scopes: z
    .array(z.enum(accessScopes, `must be one of ${accessScopes.join(', ')}`), 'must be a list of scopes')
    .min(1, 'must hold at least one scope'),
  accounts: accountList.optional(),
  products: productList.default('any'),
  idsPerSecond: amount,
  recordsPerDay: amount,
  expiresAt: z.iso.datetime({ offset: true, error: timeRule }).transform(Date.parse).optional(),
};

const entry = z.strictObject(shape, { error: shapeRule(Object.keys(shape)) });

/**
 * What a file of tokens holds. It is strict: an unknown key, a name or a hash that stands twice is a fault. Faults say
 * where they are, and quote neither keys nor values, as somebody may have put a token there.
 */
export const tokenList: z.ZodType<readonly TokenEntry[], unknown> = z
  .strictObject(
    { tokens: z.array(entry, 'must be a list of tokens').superRefine(refuseDoubles) },
    { error: shapeRule(['tokens']) },
  )
  .transform(({ tokens }) => tokens.map(({ expiresAt, ...rest }) => ({ ...rest, expiresAtMs: expiresAt })));

function shapeRule(keys: readonly string[]) {
  return ({ code }: { readonly code?: string }): string =>
    code === 'unrecognized_keys' ? `must hold no keys but ${keys.join(', ')}` : 'must be an object';
}

function refuseDoubles(entries: readonly z.output<typeof entry>[], context: z.RefinementCtx): void {
  for (const field of ['name', 'sha256'] as const) {
    const seen = new Set<string>();
    for (const [index, { [field]: value }] of entries.entries()) {
      const message = 'must not be the same as in an entry above';
      if (seen.has(value)) context.addIssue({ code: 'custom', path: [index, field], message });
      seen.add(value);
    }
  }
}
