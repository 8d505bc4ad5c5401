import {
  type Attributes,
  type HrTime,
  type Link,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { productName } from '../catalogue/product.js';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import { type OperationReport, type OperationTrace, untraced } from '../operation/operation-report.js';
import { version } from '../package-files.js';
import type { EndedCall } from '../retrieval/retrieval-observer.js';

const tracerName = 'vonage-records-gateway';

/** Creates the spans of operations and calls. They hold no id, number, text, query string or name that a client made up. */
export class Tracing {
  readonly #clock: Clock;
  readonly #host: string;
  /** Undefined without an SDK, which the operator loads before the gateway. */
  readonly #tracer: Tracer | undefined;

  /** @param host host of the Reports API */
  constructor(clock: Clock, host: string) {
    this.#clock = clock;
    this.#host = host;
    this.#tracer = hasSdk() ? trace.getTracer(tracerName, version) : undefined;
  }

  /** Begins the trace of an operation that arrived some milliseconds ago, in the trace that its client names. */
  startOperation(traceparent: string | string[] | undefined, elapsedMs: number): OperationTrace {
    const parent = parseTraceparent(traceparent);
    if (!this.#tracer) return parent ? { ...untraced, traceId: parent.traceId } : untraced;
    const startedAtMs = this.#clock.now() - elapsedMs;
    const options = { kind: SpanKind.SERVER, startTime: hrTimeOf(startedAtMs) };
    const span = this.#tracer.startSpan('graphql', options, contextOf(parent));
    const spanContext = span.spanContext();
    const end = (report: OperationReport) => endOperation(span, report, startedAtMs);
    return { traceId: spanContext.traceId, spanContext, end };
  }

  /** A call belongs to the trace of the first operation that it served, and links to all of them. */
  onCallEnded(call: EndedCall): void {
    if (!this.#tracer) return;
    const served = [...(call.operations ?? [])].flatMap(({ spanContext }) => spanContext ?? []);
    const endedAtMs = this.#clock.now();
    const options = {
      kind: SpanKind.CLIENT,
      startTime: hrTimeOf(endedAtMs - call.durationMs),
      links: served.map((context): Link => ({ context })),
      attributes: { ...attributesOf(call), 'server.address': this.#host },
    };
    const span = this.#tracer.startSpan('GET /v2/reports/records', options, contextOf(served[0]));
    if (call.failure !== undefined)
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', call.outcome);
    span.end(hrTimeOf(endedAtMs));
  }
}

/** Without an SDK the provider is a proxy that nothing was registered with. */
function hasSdk(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(tracerName) !== undefined;
}

function contextOf(parent: SpanContext | undefined) {
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function endOperation(span: Span, report: OperationReport, startedAtMs: number): void {
  const { operation, outcome, ids, calls, recordsBilled, durationMs } = report;
  span.updateName(`graphql ${operation}`);
  span.setAttributes({
    'graphql.operation.name': operation,
    'vonage.outcome': outcome,
    'vonage.ids': ids,
    'vonage.calls': calls,
    'vonage.records_billed': recordsBilled,
  });
  if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', outcome);
  span.end(hrTimeOf(startedAtMs + durationMs));
}

function attributesOf({ product, outcome, ids, recordsBilled, failure }: EndedCall): Attributes {
  const status = failure instanceof GatewayError ? failure.upstream?.status : undefined;
  return {
    'http.request.method': 'GET',
    'url.template': '/v2/reports/records',
    ...(status !== undefined && { 'http.response.status_code': status }),
    'vonage.product': productName(product),
    'vonage.outcome': outcome,
    'vonage.ids': ids,
    'vonage.records_billed': recordsBilled,
  };
}

/** Seconds and nanoseconds of epoch milliseconds: the API takes a number for either epoch or process time. */
function hrTimeOf(epochMs: number): HrTime {
  return [Math.floor(epochMs / 1000), Math.round((epochMs % 1000) * 1e6)];
}

/** Version 00 of W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header. */
const traceparentForm = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What a `traceparent` header says; undefined for a header that is absent, repeated, of another version or malformed. */
export function parseTraceparent(header: string | string[] | undefined): SpanContext | undefined {
  if (typeof header !== 'string') return undefined;
  const [, traceId, spanId, flags] = traceparentForm.exec(header) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  // Only the lowest bit has a meaning: the client records the trace.
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}
