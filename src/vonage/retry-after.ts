/** Longest pause that a header can ask for; a hostile or mistaken one must not stop the gateway for a day. */
const maxPauseMs = 60_000;

/** Milliseconds that a `Retry-After` header asks for, as seconds or as an HTTP date; undefined when it says nothing usable. */
export function retryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number | undefined {
  const text = typeof header === 'string' ? header.trim() : undefined;
  if (!text) return undefined;
  const pauseMs = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(pauseMs) ? undefined : Math.min(Math.max(0, Math.ceil(pauseMs)), maxPauseMs);
}
