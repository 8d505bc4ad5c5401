import { GatewayError } from '../errors.js';

/** Codes of failures after which it is certain that nothing was returned, and so nothing billed. */
const unbilled: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'BUDGET_EXHAUSTED',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_UNAUTHORIZED',
]);

/** Records that a look-up which failed is taken to have been billed at the least: an answer that was cut short is billed all the same. */
export function recordsAtRisk(failure: unknown): number {
  const isUnbilled = failure instanceof GatewayError && (failure.neverSent || unbilled.has(failure.code));
  return isUnbilled ? 0 : 1;
}
