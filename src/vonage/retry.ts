import type { GatewayError } from '../errors.js';

/** Attempts of one call at most, the first included. Those that ended with a 429 do not count. */
const maxAttempts = 3;
/** Longest wait before the second attempt, doubled for each later one. */
const firstBackoffMs = 250;

/**
 * Milliseconds to wait before the next attempt, or undefined when there must be none. Every returned record is billed
 * each time, so a call is repeated only when it is certain that nothing was returned.
 *
 * @param attempt how many attempts failed in another way than with a 429, from 1 up
 * @param random a number from 0 up to, not including, 1
 */
export function retryDelayMs(error: GatewayError, attempt: number, random: () => number): number | undefined {
  if (attempt >= maxAttempts) return undefined;
  const backoffMs = random() * firstBackoffMs * 2 ** (attempt - 1);
  // No connection came about, so Vonage never saw the call. A refusal that names a time is not asked for another before it.
  if (error.neverSent) return error.retryAfterMs === undefined ? backoffMs : undefined;
  switch (error.upstream?.status) {
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

/** Shortest pause after a second 429 in a row, doubled for each later one. */
const firstRepeatedPauseMs = 250;
/** The length of Vonage's own window: after it, at least one call is allowed. */
const longestRepeatedPauseMs = 1000;

/**
 * Milliseconds for which all calls of a key pause after a 429: as long as it asks, but longer each time that the call is
 * refused again, so that a `Retry-After: 0` without end does not use up the rate.
 *
 * @param refusals how many attempts of the call ended with a 429, from 1 up
 */
export function rateLimitPauseMs({ retryAfterMs = longestRepeatedPauseMs }: GatewayError, refusals: number) {
  if (refusals === 1) return retryAfterMs;
  return Math.max(retryAfterMs, Math.min(longestRepeatedPauseMs, firstRepeatedPauseMs * 2 ** (refusals - 2)));
}
