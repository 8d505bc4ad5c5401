import { z } from 'zod';
import type { Product } from '../../catalogue/product.js';
import { type AccessScope, accessScopes } from '../scopes.js';
import { accountList, productList } from './grant-lists.js';

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

const shape = {
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

const entry = z.strictObject(shape, { error: shapeRule(Object.keys(shape)) });

/**
 * The content of a token file. It is strict: an unknown key, a repeated name and a repeated hash are errors. An error gives
 * the place and quotes neither keys nor values, because the operator may have pasted a token there.
 */
export const tokenList: z.ZodType<readonly TokenEntry[], unknown> = z
  .strictObject(
    { tokens: z.array(entry, 'must be a list of tokens').superRefine(rejectDuplicates) },
    { error: shapeRule(['tokens']) },
  )
  .transform(({ tokens }) => tokens.map(({ expiresAt, ...rest }) => ({ ...rest, expiresAtMs: expiresAt })));

function shapeRule(keys: readonly string[]) {
  return ({ code }: { readonly code?: string }): string =>
    code === 'unrecognized_keys' ? `must have no other keys than ${keys.join(', ')}` : 'must be an object';
}

function rejectDuplicates(entries: readonly z.output<typeof entry>[], context: z.RefinementCtx): void {
  for (const field of ['name', 'sha256'] as const) {
    const seen = new Set<string>();
    for (const [index, { [field]: value }] of entries.entries()) {
      const message = 'must differ from every entry above';
      if (seen.has(value)) context.addIssue({ code: 'custom', path: [index, field], message });
      seen.add(value);
    }
  }
}
