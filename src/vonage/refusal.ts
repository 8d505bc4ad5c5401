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
 * Whether a call may have failed because of one of its ids, and certainly was not billed. 400 and 422 say that a parameter
 * is wrong, and only the ids differ between the calls of a lane; a response that names other parameters rules it out. A
 * 500 can be a single record that Vonage cannot read.
 */
export function mayConcernOneId(error: unknown): boolean {
  const { status, invalidParameters = [] } = (error instanceof GatewayError && error.upstream) || {};
  if (isInternalError(error)) return true;
  if (status !== 400 && status !== 422) return false;
  return invalidParameters.length === 0 || invalidParameters.includes('id');
}

/** Whether Vonage failed on its own, which happens by accident or each time for the same id. */
export function isInternalError(error: unknown): boolean {
  return error instanceof GatewayError && error.upstream?.status === 500;
}

/**
 * Whether a call that reached Vonage failed without a reason: no response, a broken or unreadable one, or an error of a
 * proxy. One of its ids may be the cause.
 */
export function isUnexplained(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.neverSent) return false;
  const { code, upstream: { status = 0 } = {} } = error;
  return status > 500 || ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_MALFORMED'].includes(code);
}
