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
