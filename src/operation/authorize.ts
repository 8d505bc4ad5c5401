import type { Principal } from '../access/principal.js';
import { type Product, productName } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import type { UsageRecord } from '../records/base.js';

/** What of a look-up decides who may make it. */
interface Asked {
  readonly accountId: string;
  readonly products: readonly Product[];
}

/**
 * The products in which a caller may look. Every road to a record passes here, before anything is looked up or kept rows
 * are shown. Throws FORBIDDEN for an account that is not the caller's, and when it may read none of the products; a
 * search goes on in those that it may read, and cannot tell that a record exists in another.
 */
export function authorize({ accountId, products }: Asked, principal: Principal): readonly Product[] {
  if (!principal.has('records:read')) throw refusal('records; that takes the scope records:read');
  if (!principal.mayReadAccount(accountId)) throw refusal(`records of account ${accountId}`);
  const readable = principal.readable(products);
  if (readable.length > 0 || products.length === 0) return readable;
  throw refusal(`records of ${products.map(productName).join(', ')}`);
}

function refusal(what: string): GatewayError {
  return new GatewayError('FORBIDDEN', `This caller may not read ${what}.`);
}

/**
 * Tells whether a caller may see a record that was found in an account that it may ask. A row says itself whose it is: one
 * that strayed into the answer for another account, or was put in its place in a shared store, is not shown.
 */
export function isVisibleTo(
  { accountId }: UsageRecord,
  askedAccountId: string,
  principal: Principal,
): boolean {
  return accountId.toLowerCase() === askedAccountId.toLowerCase() || principal.mayReadAccount(accountId);
}
