import { GatewayError } from '../errors.js';

/** Codes with which the gateway itself refuses, before anything is sent. */
const unsent: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'FORBIDDEN', 'BUDGET_EXHAUSTED']);

/** Records that a look-up which failed is taken to have been billed at the least: an answer that was cut short is billed all the same. */
export function recordsAtRisk(failure: unknown): number {
  if (!(failure instanceof GatewayError)) return 1;
  const { code, neverSent, upstream } = failure;
  const wasRefused = (upstream?.status ?? 200) >= 400;
  return neverSent || wasRefused || unsent.has(code) ? 0 : 1;
}
