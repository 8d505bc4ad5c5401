import type { SpanContext } from '@opentelemetry/api';
import type { OperationReport } from './operation-report.js';

/** One operation in the traces of its client and of the operator. */
export interface OperationTrace {
  /** For the access log; undefined where neither the client nor the operator traces the operation. */
  readonly traceId: string | undefined;
  /** What the spans of its calls refer to; undefined without an SDK. */
  readonly spanContext: SpanContext | undefined;
  /** Ends its span. */
  end(report: OperationReport): void;
}

/** An operation that is in no trace. */
export const untraced: OperationTrace = { traceId: undefined, spanContext: undefined, end() {} };
