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
  if (!(failure instanceof GatewayError)) return 1;
  const { code, neverSent, upstream } = failure;
  const wasRefused = (upstream?.status ?? 200) >= 400;
  return neverSent || wasRefused || unbilled.has(code) ? 0 : 1;
}
