import { canonicalId } from '../catalogue/ids.js';
import { GatewayError } from '../errors.js';
import type { Outcome } from '../traffic/batching/pending-lookup.js';
import type { RecordLane } from './lookup/lanes.js';
import type { CallReport, LookupResult, Rows } from './lookup/lookup-result.js';

/** What one operation was billed for an id. A caller who has left is billed for the calls that were on their way. */
export class Bill {
  #records = 0;
  #open = 0;
  #tellEnded: (() => void)[] = [];

  /** Notes records that were returned. */
  note(records: number): void {
    this.#records += records;
  }

  /**
   * Notes that a call is on its way for which its caller does not wait any more; what is returned is told how it ended.
   *
   * @param recordsAtRisk records that are taken to be billed for a call that failed
   */
  leaveOpen(possiblyBilled: (failure: unknown) => number): (outcome: Outcome<LookupResult>) => void {
    this.#open += 1;
    return (outcome) => {
      this.note('value' in outcome ? outcome.value.rows.length : possiblyBilled(outcome.error));
      this.#open -= 1;
      if (this.#open === 0) for (const tell of this.#tellEnded.splice(0)) tell();
    };
  }

  /** Resolves when no call is on its way any more; undefined when none is. */
  ended(): Promise<void> | undefined {
    if (this.#open === 0) return undefined;
    return new Promise((resolve) => {
      this.#tellEnded.push(resolve);
    });
  }

  /** What was noted since it was last taken. */
  take(): number {
    const records = this.#records;
    this.#records = 0;
    return records;
  }
}

/** What the look-ups of one operation were billed, by their ids. */
export class Bills {
  readonly #byKey = new Map<string, Bill>();

  /** The bill of an id, whatever its spelling. */
  of(id: string): Bill {
    const key = canonicalId(id);
    const known = this.#byKey.get(key);
    if (known) return known;
    const bill = new Bill();
    this.#byKey.set(key, bill);
    return bill;
  }
}

/** What one operation cost, as far as its own look-ups go. */
export interface Cost {
  /** Calls to Vonage that answered it; one that answered other operations too counts in each. */
  readonly calls: number;
  /** Look-ups that were answered by calls. */
  readonly ids: number;
  /** Records returned for its look-ups: each was billed once, however many operations it served. */
  readonly recordsBilled: number;
  /** Records it got without a call. */
  readonly recordsFromCache: number;
  /** Other operations that its calls answered as well. */
  readonly sharedWith: number;
  /** Longest time that one of its ids waited for a call, in milliseconds. */
  readonly queueMs: number;
}

/** One place where an id was looked for. */
export interface Look {
  readonly id: string;
  readonly product: string;
  readonly direction: string | null;
  readonly outcome: 'found' | 'not found' | 'failed';
  readonly from: 'cache' | 'call' | null;
}

/** A look before anybody asked to see it; most are only counted. */
interface NotedLook extends Pick<Look, 'id' | 'outcome' | 'from'> {
  readonly lane: RecordLane;
}

/** What is told of each look-up as it ends. */
export interface Ledger {
  /** Records were returned for an id, and so billed. */
  noteBilled(id: string, records: number): void;
  /** A look-up of an id had no answer. */
  noteFailure(id: string, failure: unknown): void;
}

/** Counts what one operation costs, and remembers where its ids were looked for. */
export class CostMeter {
  /** Calls that answered the operation, each with the ids that it was asked for on its behalf. */
  readonly #calls = new Map<CallReport, Set<string>>();
  readonly #looks: NotedLook[] = [];
  #ids = 0;
  #recordsBilled = 0;
  #recordsFromCache = 0;
  #queueMs = 0;
  readonly #ledger: Ledger | undefined;

  constructor(ledger?: Ledger) {
    this.#ledger = ledger;
  }

  /** Notes an answer to a look-up that began at `startedAtMs`. */
  noteAnswer(id: string, lane: RecordLane, { rows, call }: LookupResult, startedAtMs: number): void {
    if (!call) {
      this.recordCacheHit(id, lane, rows);
      return;
    }
    this.#looks.push({ id, lane, outcome: outcomeOf(rows), from: 'call' });
    this.#queueMs = Math.max(this.#queueMs, call.sentAtMs - startedAtMs);
    if (!this.#isNew(id, call)) return;
    this.#ids += 1;
    this.#recordsBilled += rows.length;
    this.#ledger?.noteBilled(id, rows.length);
  }

  /** Look-ups of one id that differ in scope may share its place in one call, and its rows were billed once. */
  #isNew(id: string, call: CallReport): boolean {
    const key = canonicalId(id);
    const ids = this.#calls.get(call) ?? new Set();
    this.#calls.set(call, ids);
    const isNew = !ids.has(key);
    ids.add(key);
    return isNew;
  }

  /** Notes a look-up that was answered without a call. */
  recordCacheHit(id: string, lane: RecordLane, rows: Rows): void {
    this.#looks.push({ id, lane, outcome: outcomeOf(rows), from: 'cache' });
    this.#recordsFromCache += rows.length;
  }

  /** Notes a look-up that had no answer. */
  noteFailure(id: string, lane: RecordLane, failure: unknown): void {
    this.#ledger?.noteFailure(id, failure);
    this.#looks.push({ id, lane, outcome: 'failed', from: null });
  }

  /** Whether anything was looked for. */
  get hasLooked(): boolean {
    return this.#looks.length > 0;
  }

  get cost(): Cost {
    const others = [...this.#calls.keys()].reduce((sum, call) => sum + Math.max(0, call.callers - 1), 0);
    return {
      calls: this.#calls.size,
      ids: this.#ids,
      recordsBilled: this.#recordsBilled,
      recordsFromCache: this.#recordsFromCache,
      sharedWith: others,
      queueMs: Math.round(this.#queueMs),
    };
  }

  /** Where ids were looked for, in the order in which the answers came. */
  get looks(): readonly Look[] {
    return this.#looks.map(({ lane: { product, direction }, id, ...end }) => ({
      id,
      product,
      direction,
      ...end,
    }));
  }
}

function outcomeOf(rows: Rows): Look['outcome'] {
  return rows.length > 0 ? 'found' : 'not found';
}

/** Codes with which the gateway itself refuses, before anything is sent. */
const unsent: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'FORBIDDEN', 'OVERLOADED']);

/** Records that a look-up which failed is taken to have been billed at the least: an answer that was cut short is billed all the same. */
export function possiblyBilled(failure: unknown): number {
  if (!(failure instanceof GatewayError)) return 1;
  const { code, neverSent, upstream } = failure;
  const wasRefused = (upstream?.status ?? 200) >= 400;
  return neverSent || wasRefused || unsent.has(code) ? 0 : 1;
}
