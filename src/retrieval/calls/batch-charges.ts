import { type LookupCharge, type LookupCharges, possiblyBilled, type SentCall } from '../usage-meter.js';

/** What a call returned for each of its ids. */
export interface ReturnedRecords {
  /** Records by id. */
  readonly byKey: ReadonlyMap<string, number>;
  /** Records that belong to no id of the call. */
  readonly ofNoId: number;
  /** Why the response was cut before its end; undefined for one that arrived whole. */
  readonly cutBy: unknown;
}

/**
 * Charges the lookups of one batch for its calls, so that every record that Vonage returned is charged to a lookup: those
 * of no id to the first lookup of the call. A lookup whose response was lost is charged what it may have been billed.
 */
export class BatchCharges {
  readonly #byKey = new Map<string, LookupCharge[]>();
  readonly #operations: number;

  /** @param operations operations that waited for the batch when it was closed */
  constructor(operations: number) {
    this.#operations = operations;
  }

  /** What was charged to a lookup so far. */
  of(key: string): LookupCharges {
    return this.#byKey.get(key) ?? [];
  }

  /** Records that were charged to some lookups so far. */
  recordsOf(keys: readonly string[]): number {
    return keys.flatMap((key) => this.of(key)).reduce((sum, { records }) => sum + records, 0);
  }

  /** Opens the charges of a call that is being sent. */
  open(keys: readonly string[], sentAtMs: number): OpenCharges {
    const call: SentCall = { sentAtMs, operations: this.#operations };
    const charges = keys.map((key): [string, LookupCharge] => [key, { call, records: 0 }]);
    for (const [key, charge] of charges) {
      const known = this.#byKey.get(key);
      if (known) known.push(charge);
      else this.#byKey.set(key, [charge]);
    }
    return new OpenCharges(charges);
  }
}

/** The charges of one call whose response is still to come. */
export class OpenCharges {
  readonly #charges: readonly (readonly [key: string, charge: LookupCharge])[];

  constructor(charges: readonly (readonly [key: string, charge: LookupCharge])[]) {
    this.#charges = charges;
  }

  /** Charges what the call returned. */
  settle({ byKey, ofNoId, cutBy }: ReturnedRecords): void {
    const lost = cutBy === undefined ? 0 : possiblyBilled(cutBy);
    for (const [index, [key, charge]] of this.#charges.entries())
      charge.records = (byKey.get(key) ?? lost) + (index === 0 ? ofNoId : 0);
  }

  /** Charges what a failed call may have cost. */
  fail(error: unknown): void {
    for (const [, charge] of this.#charges) charge.records = possiblyBilled(error);
  }
}
