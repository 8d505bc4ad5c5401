import type { GatewayError } from '../errors.js';

/** Attempts of one call at most, the first included. */
const maxAttempts = 3;
/** Longest wait before the second attempt, doubled for each later one. */
const firstBackoffMs = 250;

/**
 * Milliseconds to wait before the next attempt, or undefined when there must be none. Every returned record is billed
 * each time, so a call is repeated only when it is certain that nothing was returned.
 *
 * @param attempt how many attempts were made, from 1 up
 * @param random a number from 0 up to, not including, 1
 */
export function retryDelayMs(error: GatewayError, attempt: number, random: () => number): number | undefined {
  if (attempt >= maxAttempts) return undefined;
  const backoffMs = random() * firstBackoffMs * 2 ** (attempt - 1);
  // No connection came about, so Vonage never saw the call. A refusal that names a time is not asked for another before it.
  if (error.neverSent) return error.retryAfterMs === undefined ? backoffMs : undefined;
  switch (error.upstream?.status) {
    // Refused before any work; the budget is paused for as long as Vonage asked, so no wait is added here.
    case 429:
      return 0;
    // A proxy answered in Vonage's place, or Vonage refused to start.
    case 502:
    case 503:
    case 504:
      return backoffMs;
    // Vonage failed on its own; once may be an accident, twice is likely to be the call.
    case 500:
      return attempt === 1 ? backoffMs : undefined;
    // A timeout or a cut connection may hide an answer that was billed; a 4xx would only be repeated.
    default:
      return undefined;
  }
}
