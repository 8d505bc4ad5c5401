import { directionName, productName } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import type { Outcome } from '../traffic/batching/pending-lookup.js';
import type { RecordLane, Rows } from './lookup/lanes.js';

/** One call that was sent to Vonage, shared by every lookup that it was made for. */
interface SentCall {
  /** When it was sent, in epoch milliseconds. */
  readonly sentAtMs: number;
  /** Operations that waited for it when it was sent. */
  readonly operations: number;
}

/** What one call cost one lookup. Lookups of several operations that share a place in the call share this object. */
interface LookupCharge {
  readonly call: SentCall;
  /** Records that were billed, or may have been. */
  records: number;
}

/** What every call on behalf of one lookup cost it, in the order of the calls. Empty where nothing was sent. */
type LookupCharges = readonly LookupCharge[];

/** What a lookup in one lane came to. A lookup that failed has no rows, but can have charges. */
export interface LookupResult {
  readonly rows: Rows;
  /** False when the id has more rows than Vonage returns at once, so that `rows` lacks some. */
  readonly isComplete: boolean;
  readonly charges: LookupCharges;
}

/** How a lookup in one lane ended. Without a result nothing was sent for it. */
export type LookupOutcome = Outcome<LookupResult>;

/** What one operation cost. */
export interface Usage {
  /** Calls to Vonage that were sent for it, repeated and failed ones included. */
  readonly calls: number;
  /** Lookups that calls were sent for. */
  readonly ids: number;
  /** Records that Vonage returned for it, of no id included. A record that served several operations counts in each. */
  readonly recordsBilled: number;
  /** Records that it got without a call. */
  readonly recordsFromCache: number;
  /** Records that it got from a page that was bought before, or by another operation. */
  readonly recordsFromPage: number;
  /** Other operations that its calls were sent for as well. */
  readonly sharedWith: number;
  /** Longest time that one of its ids waited for its call, in milliseconds. */
  readonly queueMs: number;
}

/** One lane in which an id was looked for, in the names of the schema. */
export interface LookupTrace {
  readonly id: string;
  readonly product: string;
  readonly direction: string | null;
  /** `left out` where the search did not ask the lane. */
  readonly outcome: 'found' | 'not found' | 'failed' | 'left out';
  readonly from: 'cache' | 'call' | null;
  /** Why the lane was left out, or the code of the error that it failed with. */
  readonly reason?: string;
}

/** A trace before the operation asked for it; most traces are only counted. */
interface RecordedTrace extends Pick<LookupTrace, 'id' | 'outcome' | 'from' | 'reason'> {
  readonly lane: RecordLane;
}

/**
 * Counts what one operation costs. The coalescer feeds it with the outcome of every pending lookup, whether the client
 * still waits or not. The caller's daily quota and `extensions.vonage` read it.
 */
export class UsageMeter {
  readonly #charges = new Set<LookupCharge>();
  readonly #traces: RecordedTrace[] = [];
  #ids = 0;
  #recordsBilled = 0;
  #recordsFromCache = 0;
  #recordsFromPage = 0;
  /** Calls for pages of records. */
  #pageCalls = 0;
  #hasPages = false;
  #queueMs = 0;

  /** Records a lookup that was answered without a call. */
  recordCacheHit(id: string, lane: RecordLane, rows: Rows): void {
    this.#traces.push({ id, lane, outcome: outcomeOf(rows), from: 'cache' });
    this.#recordsFromCache += rows.length;
  }

  /** Records a lane that a search did not ask. */
  recordLeftOut(id: string, lane: RecordLane, reason: string): void {
    this.#traces.push({ id, lane, outcome: 'left out', from: null, reason });
  }

  /**
   * Records how a lookup that began at `startedAtMs` ended. Returns the records that it was billed and that were not
   * counted before: lookups of one id that differ in scope can share a place in one call.
   */
  recordOutcome(id: string, lane: RecordLane, outcome: LookupOutcome, startedAtMs: number): number {
    if ('error' in outcome)
      this.#traces.push({ id, lane, outcome: 'failed', from: null, ...reasonOf(outcome.error) });
    else this.#traces.push({ id, lane, outcome: outcomeOf(outcome.value.rows), from: 'call' });
    const result = 'error' in outcome ? outcome.partial : outcome.value;
    const charges = (result?.charges ?? []).filter((charge) => !this.#charges.has(charge));
    const last = charges.at(-1);
    if (!last) return 0;
    this.#ids += 1;
    this.#queueMs = Math.max(this.#queueMs, last.call.sentAtMs - startedAtMs);
    for (const charge of charges) this.#charges.add(charge);
    const records = charges.reduce((sum, charge) => sum + charge.records, 0);
    this.#recordsBilled += records;
    return records;
  }

  /** Records the calls for a page that the operation paid for, and the records that it was billed, or may have been. */
  recordPageBought(calls: number, records: number): void {
    this.#hasPages = true;
    this.#pageCalls += calls;
    this.#recordsBilled += records;
  }

  /** Records the records that the operation was shown of a page that it did not pay for. */
  recordPageKept(records: number): void {
    this.#hasPages = true;
    this.#recordsFromPage += records;
  }

  /** Whether anything was looked for. */
  get hasLookups(): boolean {
    return this.#traces.length > 0 || this.#hasPages;
  }

  get usage(): Usage {
    const calls = new Set([...this.#charges].map(({ call }) => call));
    return {
      calls: calls.size + this.#pageCalls,
      ids: this.#ids,
      recordsBilled: this.#recordsBilled,
      recordsFromCache: this.#recordsFromCache,
      recordsFromPage: this.#recordsFromPage,
      sharedWith: [...calls].reduce((sum, { operations }) => sum + Math.max(0, operations - 1), 0),
      queueMs: Math.round(this.#queueMs),
    };
  }

  /** Where ids were looked for, in the order of the outcomes. */
  get traces(): readonly LookupTrace[] {
    return this.#traces.map(({ lane: { product, direction }, id, ...end }) => ({
      id,
      product: productName(product),
      direction: directionName(direction),
      ...end,
    }));
  }
}

function reasonOf(error: unknown): Pick<LookupTrace, 'reason'> {
  return error instanceof GatewayError ? { reason: error.code } : {};
}

function outcomeOf(rows: Rows): LookupTrace['outcome'] {
  return rows.length > 0 ? 'found' : 'not found';
}

/** Records that a failed call is taken to have been billed for each of its ids: a response that was lost is billed, too. */
export function possiblyBilled(failure: unknown): number {
  if (!(failure instanceof GatewayError)) return 1;
  const wasRefused = (failure.upstream?.status ?? 200) >= 400;
  return failure.neverSent || wasRefused ? 0 : 1;
}

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
