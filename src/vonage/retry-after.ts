/** Longest pause that a header can ask for; a hostile or mistaken one must not stop the gateway for a day. */
const maxPauseMs = 60_000;
const seconds = /^\d+(\.\d+)?$/;
/** The forms in which HTTP writes a date; the engine would read one into almost any text, such as `-5`. */
const httpDate = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*, .+ GMT$/;
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
  const text = textOf(header);
  if (!text) return undefined;
  const pauseMs = seconds.test(text) ? Number(text) * 1000 : millisecondsUntil(text, nowMs);
  return Number.isNaN(pauseMs) ? undefined : bounded(pauseMs);
}

/**
 * Milliseconds until the moment of an `X-RateLimit-Reset` header, in seconds or milliseconds since the epoch, or as an
 * HTTP date. A moment that has passed says nothing: the limit that it was for is gone, and the call was still refused.
 */
export function untilResetMs(header: Header, nowMs: number): number | undefined {
  const text = textOf(header);
  if (!text) return undefined;
  const pauseMs = seconds.test(text) ? epochMs(Number(text)) - nowMs : millisecondsUntil(text, nowMs);
  return pauseMs > 0 ? bounded(pauseMs) : undefined;
}

/** The moment of a `Date` header, in epoch milliseconds; undefined when it says nothing usable. */
export function dateMs(header: Header): number | undefined {
  const text = textOf(header) ?? '';
  const moment = httpDate.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment;
}

function epochMs(value: number): number {
  return value > maxEpochSeconds ? value : value * 1000;
}

function millisecondsUntil(text: string, nowMs: number): number {
  return httpDate.test(text) ? Date.parse(text) - nowMs : Number.NaN;
}

function bounded(pauseMs: number): number {
  return Math.min(Math.max(0, Math.ceil(pauseMs)), maxPauseMs);
}

function textOf(header: Header): string | undefined {
  return typeof header === 'string' ? header.trim() : undefined;
}
