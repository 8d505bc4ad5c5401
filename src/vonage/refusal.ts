import { GatewayError } from '../errors.js';

/**
 * What Vonage refuses as a whole. A 403 without a reason may concern the account or the product of the call: Vonage
 * documents one text for both, so its reader decides by what else it knows of the account.
 */
export type Refused = 'credentials' | 'account' | 'product' | 'account or product';

/** What an error of a call says about more than that call; undefined where it concerns the call alone. */
export function refusedBy(error: unknown): Refused | undefined {
  if (!(error instanceof GatewayError)) return undefined;
  if (error.code === 'UPSTREAM_UNAUTHORIZED') return 'credentials';
  const { status, type, invalidParameters = [] } = error.upstream ?? {};
  if (type === 'unprovisioned' && (status === 401 || status === 403)) return 'product';
  if (status === 402 || (status === 403 && type === 'out-of-credit')) return 'account';
  if (status === 403) return 'account or product';
  return status === 422 && invalidParameters.includes('product') ? 'product' : undefined;
}

/**
 * Whether a refused call may be refused because of one of its ids: 400 and 422 say that a parameter is wrong, and only
 * the ids differ between the calls of a lane. A response that names other parameters rules it out.
 */
export function mayConcernOneId(error: unknown): boolean {
  const { status, invalidParameters = [] } = (error instanceof GatewayError && error.upstream) || {};
  if (status !== 400 && status !== 422) return false;
  return invalidParameters.length === 0 || invalidParameters.includes('id');
}
