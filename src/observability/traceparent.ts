import type { SpanContext } from '@opentelemetry/api';

/** Version 00 of W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header. */
const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What a `traceparent` header says; undefined for a header that is absent, repeated, of another version or malformed. */
export function parseTraceparent(header: string | string[] | undefined): SpanContext | undefined {
  if (typeof header !== 'string') return undefined;
  const [, traceId, spanId, flags] = form.exec(header) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  // Only the lowest bit has a meaning: the client records the trace.
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}
