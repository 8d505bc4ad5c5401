import type { Finality, ProductRules } from './product.js';

/** What a row of the catalogue must state; everything else has a default. */
export type RowFacts = Partial<Omit<ProductRules, 'product'>> &
  Pick<ProductRules, 'idFields' | 'dateField' | 'finality'>;

/** Rows that Vonage writes once, when the event is over. */
export const writtenWhenFinished: Finality = { kind: 'written-when-finished' };

/** Rows of whose states no source has a list. */
export const byAge: Finality = { kind: 'by-age' };

/** Rows that stop changing in one of these states, whatever their case. */
export function byStatus(...terminal: readonly string[]): Finality {
  return {
    kind: 'by-status',
    statusField: 'status',
    terminal: new Set(terminal.map((each) => each.toUpperCase())),
  };
}
