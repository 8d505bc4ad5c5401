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

/** Longest pause that a header can ask for; a hostile or mistaken one must not stop the gateway for a day. */
const maxPauseMs = 60_000;
const secondsForm = /^\d+(\.\d+)?$/;
/** The forms in which HTTP writes a date; the engine would read one into almost any text, such as `-5`. */
const httpDateForm = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*, .+ GMT$/;
/** Epoch times above it are milliseconds: as seconds they would lie in the year 5138. */
const maxEpochSeconds = 1e11;

type Header = string | readonly string[] | undefined;

/** Headers of a response that say how long to wait. */
export interface WaitHeaders {
  readonly 'retry-after'?: Header;
  readonly 'x-ratelimit-reset'?: Header;
}

/**
 * Milliseconds that a response asks to wait: what `Retry-After` says, else the time until `X-RateLimit-Reset`. Undefined
 * when neither says anything usable.
 */
export function requestedPauseMs(headers: WaitHeaders, nowMs: number): number | undefined {
  return retryAfterMs(headers['retry-after'], nowMs) ?? untilResetMs(headers['x-ratelimit-reset'], nowMs);
}

/** Milliseconds that a `Retry-After` header asks for, as seconds or as an HTTP date; undefined when it says nothing usable. */
export function retryAfterMs(header: Header, nowMs: number): number | undefined {
  const text = headerText(header);
  if (!text) return undefined;
  const pauseMs = secondsForm.test(text) ? Number(text) * 1000 : millisecondsUntil(text, nowMs);
  return Number.isNaN(pauseMs) ? undefined : bounded(pauseMs);
}

/**
 * Milliseconds until the moment of an `X-RateLimit-Reset` header, in seconds or milliseconds since the epoch, or as an
 * HTTP date. A moment that has passed says nothing: the limit that it was for is gone, and the call was still refused.
 */
export function untilResetMs(header: Header, nowMs: number): number | undefined {
  const text = headerText(header);
  if (!text) return undefined;
  const pauseMs = secondsForm.test(text) ? epochMs(Number(text)) - nowMs : millisecondsUntil(text, nowMs);
  return pauseMs > 0 ? bounded(pauseMs) : undefined;
}

/** The moment of a `Date` header, in epoch milliseconds; undefined when it says nothing usable. */
export function dateMs(header: Header): number | undefined {
  const text = headerText(header) ?? '';
  const moment = httpDateForm.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment;
}

function epochMs(value: number): number {
  return value > maxEpochSeconds ? value : value * 1000;
}

function millisecondsUntil(text: string, nowMs: number): number {
  return httpDateForm.test(text) ? Date.parse(text) - nowMs : Number.NaN;
}

function bounded(pauseMs: number): number {
  return Math.min(Math.max(0, Math.ceil(pauseMs)), maxPauseMs);
}

function headerText(header: Header): string | undefined {
  return typeof header === 'string' ? header.trim() : undefined;
}
