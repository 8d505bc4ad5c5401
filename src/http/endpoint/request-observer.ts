import type { OperationReport } from '../../operation/operation-report.js';
import type { OperationTrace } from '../../operation/operation-trace.js';
import type { CachedResponse } from './response-cache.js';

/** Told what happens to requests, for logs, metrics and traces. No method may throw. */
export interface RequestObserver {
  /**
   * Begins the trace of an operation.
   *
   * @param traceparent the header of this name
   * @param elapsedMs milliseconds since the request arrived
   */
  startTrace(traceparent: string | string[] | undefined, elapsedMs: number): OperationTrace;
  /** Called once for every operation, also for one that the response cache answered. */
  onOperationEnded(report: OperationReport): void;
  /** Called for every response of the response cache. */
  onCachedResponse(response: CachedResponse): void;
  /** Called for every request that is rejected before its operation, with the HTTP status. */
  onRequestRejected(status: number): void;
}
