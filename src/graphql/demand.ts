import type { OperationSize } from './operation-context.js';

/** What an operation asks for. */
export interface Demand extends OperationSize {
  /** Values that its answer may show of records: fields, but more for an object of many. */
  readonly values: number;
}
