/** What an operation asks for, known before anything is looked up. */
export interface Demand {
  /** Ids that it looks up. */
  readonly ids: number;
  /** Records that it may be billed. */
  readonly records: number;
  /** Values that its answer may show of records: fields, but more for an object of many. */
  readonly values: number;
}
