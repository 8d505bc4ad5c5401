import { BySize } from './by-size.js';
import type { Work } from './call-scheduler.js';
import type { Entry, EntryListener, Waiter } from './pending-lookup.js';
import { Rounds } from './round-robin.js';

/** What a lane draws when a call is free. */
export interface Drawn<Value> {
  /** What the call is for: at most as many as it holds; none where all were too late. */
  readonly batch: readonly Entry<Value>[];
  /** Callers who wait for the batch. */
  readonly callers: number;
  /** What came to its turn too late to be asked for. */
  readonly late: readonly Entry<Value>[];
}

/** What lanes of one kind have in common. */
export interface LaneOptions<Key, Value> {
  readonly maxBatchSize: number;
  /** Takes what was drawn, with a token in hand. */
  send(lane: Lane<Key, Value>, drawn: Drawn<Value>): void;
  /** Called when nobody wants an entry any more, which has left the lane. */
  onAbandoned(lane: Lane<Key, Value>, entry: Entry<Value>): void;
  /** Whether the answer to an entry would most likely come when nobody waits for it any more. */
  isTooLate(entry: Entry<Value>): boolean;
}

/**
 * Ids that may leave in one call together. Every other place of a batch goes round from caller to caller, so that nobody
 * waits for somebody's thousand ids; the places between go to whoever needs the fewest still, so that callers are done one
 * after another instead of all at the end.
 */
export class Lane<Key, Value> implements Work, EntryListener<Value> {
  readonly key: Key;
  /** Ids that wait here or were sent from here and have no outcome yet. */
  readonly entries = new Map<string, Entry<Value>>();
  readonly #options: LaneOptions<Key, Value>;
  /** What each caller waits for, in the order of their turns: the caller drawn from goes to the end. */
  readonly #rows = new Map<object, Row<Value>>();
  readonly #turns = new Rounds(this.#rows);
  /** The same rows, from when it first mattered which is the shortest: most lanes have one caller, and never ask. */
  #bySize: BySize<Row<Value>> | undefined;
  #size = 0;

  constructor(key: Key, options: LaneOptions<Key, Value>) {
    this.key = key;
    this.#options = options;
  }

  /** Number of distinct ids that wait. */
  get size(): number {
    return this.#size;
  }

  /** Calls until an id that a caller adds now has left at the latest: in the caller's turns, which are every other place. */
  callsUntilTurnOf(caller: object): number {
    const row = this.#rows.get(caller);
    const rank = (row?.size ?? 0) + 1;
    const callers = this.#rows.size + (row ? 0 : 1);
    return Math.ceil(Math.min(this.#size + 1, 2 * rank * callers) / this.#options.maxBatchSize);
  }

  hasWork(): boolean {
    return this.#size > 0;
  }

  isFull(): boolean {
    return this.#size >= this.#options.maxBatchSize;
  }

  /** Adds a new entry, for which one waits. */
  add(waiter: Waiter<Value>): void {
    this.#size += 1;
    this.share(waiter);
  }

  /** Lets an entry that waits already be drawn in another caller's turn too. */
  share(waiter: Waiter<Value>): void {
    const known = this.#rows.get(waiter.caller);
    const row = known ?? new Row(waiter);
    if (known) known.add(waiter);
    else this.#rows.set(waiter.caller, row);
    this.#bySize?.note(row, row.size - 1);
  }

  onLeft(waiter: Waiter<Value>): void {
    const row = this.#rows.get(waiter.caller);
    if (!row) return;
    row.remove(waiter);
    this.#bySize?.note(row, row.size + 1);
    if (row.size === 0) this.#rows.delete(waiter.caller);
  }

  onAbandoned(entry: Entry<Value>): void {
    this.#remove(entry);
    this.#options.onAbandoned(this, entry);
  }

  /** A batch is closed here, when it is sent, and not when its first id arrived. */
  send(): void {
    const { maxBatchSize, isTooLate } = this.#options;
    const [batch, late, callers] = [[] as Entry<Value>[], [] as Entry<Value>[], new Set<object>()];
    while (this.#size > 0 && batch.length < maxBatchSize) {
      const isTurn = batch.length % 2 === 0 || this.#rows.size === 1;
      const entry = this.#draw(isTurn ? this.#nextRow() : this.#shortestRow());
      if (isTooLate(entry)) {
        late.push(entry);
        continue;
      }
      batch.push(entry);
      for (const { caller } of entry.waiters) callers.add(caller);
    }
    this.#options.send(this, { batch, callers: callers.size, late });
  }

  #draw({ first: { entry } }: Row<Value>): Entry<Value> {
    this.#remove(entry);
    entry.state = 'sent';
    return entry;
  }

  /** The row whose turn it is, which goes to the end for it. All that had theirs stand there, so one is always to come. */
  #nextRow(): Row<Value> {
    const row = this.#turns.next() as Row<Value>;
    const { caller } = row.first;
    this.#rows.delete(caller);
    this.#rows.set(caller, row);
    return row;
  }

  /** The shortest row: whoever has few ids left is done with the fewest places. */
  #shortestRow(): Row<Value> {
    if (!this.#bySize) {
      this.#bySize = new BySize();
      for (const row of this.#rows.values()) this.#bySize.note(row, 0);
    }
    return this.#bySize.smallest as Row<Value>;
  }

  #remove(entry: Entry<Value>): void {
    this.#size -= 1;
    for (const waiter of entry.waiters) this.onLeft(waiter);
  }
}

/** What one caller waits for, in the order in which it asked; never empty for long. */
class Row<Value> {
  first: Waiter<Value>;
  last: Waiter<Value>;
  size = 1;

  constructor(waiter: Waiter<Value>) {
    this.first = waiter;
    this.last = waiter;
  }

  add(waiter: Waiter<Value>): void {
    this.last.next = waiter;
    waiter.previous = this.last;
    this.last = waiter;
    this.size += 1;
  }

  remove(waiter: Waiter<Value>): void {
    const { previous, next } = waiter;
    if (previous) previous.next = next;
    else if (next) this.first = next;
    if (next) next.previous = previous;
    else if (previous) this.last = previous;
    waiter.previous = undefined;
    waiter.next = undefined;
    this.size -= 1;
  }
}
