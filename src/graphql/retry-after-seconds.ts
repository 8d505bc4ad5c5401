/** What a caller is told to wait when nothing better is known. */
const fallbackMs = 1000;

/** Value of a `Retry-After` header: whole seconds, rounded up, so that nobody comes back too early. */
export function retryAfterSeconds(retryAfterMs: number = fallbackMs): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
