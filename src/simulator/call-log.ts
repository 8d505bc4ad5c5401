import type { Direction, Product } from '../catalogue/product.js';
import type { SimulatedQuery } from './read-query.js';

/** One call as it arrived and ended. */
export interface LoggedCall {
  readonly atMs: number;
  readonly accountId: string;
  readonly product: Product;
  readonly direction: Direction | null;
  readonly ids: readonly string[];
  readonly includeMessage: boolean;
  readonly showConcatenated: boolean;
  /** Every parameter, as it was sent. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly status: number;
  /** Rows returned; each of them would have been billed. */
  readonly rows: number;
}

/** What the calls cost, so that a test can say what it must have cost. */
export class CallLog {
  /** Every call that passed authentication and its parameters' checks, in the order of arrival. */
  readonly calls: LoggedCall[] = [];
  /** Calls refused with 429. */
  rateLimited = 0;
  /** Calls refused because of their credentials or parameters. */
  refused = 0;

  note(query: SimulatedQuery, atMs: number, status: number, rows: number): void {
    const { accountId, product, direction, includeMessage, showConcatenated, parameters } = query;
    this.calls.push({
      atMs,
      accountId,
      product,
      direction,
      ids: query.ids ?? [],
      includeMessage,
      showConcatenated,
      parameters,
      status,
      rows,
    });
  }

  /** Ids that more than one call returned rows for, where these calls knew all their ids. */
  get idsBilledTwice(): number {
    const billed = this.calls
      .filter(({ rows, ids }) => rows > 0 && rows >= ids.length)
      .flatMap(({ ids }) => ids);
    return billed.length - new Set(billed).size;
  }

  /** Rows returned so far. */
  get billedRows(): number {
    return this.calls.reduce((sum, call) => sum + call.rows, 0);
  }

  /** Rows returned by date so far: the part of `billedRows` that Vonage's usage records name SYNC_JOB_FROM_DATES. */
  get rowsBilledByDate(): number {
    return this.calls.reduce((sum, call) => sum + ('id' in call.parameters ? 0 : call.rows), 0);
  }

  /** How many ids each call named, in the order of arrival. */
  get batchSizes(): number[] {
    return this.calls.map((call) => call.ids.length);
  }

  clear(): void {
    this.calls.length = 0;
    this.rateLimited = 0;
    this.refused = 0;
  }
}
