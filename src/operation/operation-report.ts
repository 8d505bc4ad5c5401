import type { SpanContext } from '@opentelemetry/api';

/** The name of every operation that is no trusted document: clients choose such names, so they can be many or personal. */
export const otherOperations = 'other';

/** What is known of an operation while it runs. The endpoint creates it, and the plugins of GraphQL fill it in. */
export interface OperationSummary {
  /** Name of a trusted document, or `other`. */
  operation: string;
  /** `ok`, or the code of the first error. */
  outcome: string;
}

/** What an operation asked for, and what it cost. */
export interface OperationSpending {
  /** Ids that it asked for. */
  readonly ids: number;
  /** Calls to Vonage that were sent for it. */
  readonly calls: number;
  /** Records that Vonage returned for it. */
  readonly recordsBilled: number;
}

/** An operation after its end, for the access log and the metrics. */
export interface OperationReport extends Readonly<OperationSummary>, OperationSpending {
  readonly requestId: string;
  /** Id of the trace that it is a part of; undefined where it is not traced. */
  readonly traceId: string | undefined;
  /** Name of the caller. */
  readonly caller: string;
  /** Milliseconds from the arrival of its request to its response. */
  readonly durationMs: number;
}

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
