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

/** Longest pause that a header can ask for; a hostile or mistaken one must not stop the gateway for a day. */
const maxPauseMs = 60_000;
const seconds = /^\d+(\.\d+)?$/;
/** The forms in which HTTP writes a date; the engine would read one into almost any text, such as `-5`. */
const httpDate = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*, .+ GMT$/;

/** Milliseconds that a `Retry-After` header asks for, as seconds or as an HTTP date; undefined when it says nothing usable. */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = typeof header === 'string' ? header.trim() : undefined;
  if (!text) return undefined;
  const pauseMs = seconds.test(text) ? Number(text) * 1000 : millisecondsUntil(text, nowMs);
  return Number.isNaN(pauseMs) ? undefined : Math.min(Math.max(0, Math.ceil(pauseMs)), maxPauseMs);
}

function millisecondsUntil(text: string, nowMs: number): number {
  return httpDate.test(text) ? Date.parse(text) - nowMs : Number.NaN;
}
