import { BySize } from './by-size.js';
import type { Schedulable } from './call-scheduler.js';
import type { PendingLookup, PendingLookupListener, Waiter } from './pending-lookup.js';
import { RoundRobin } from './round-robin.js';

/** What a lane draws when a call is free. */
export interface ClosedBatch<Value> {
  /** What the call is for: at most as many as it holds; none where all were too late. */
  readonly batch: readonly PendingLookup<Value>[];
  /** Callers who wait for the batch. */
  readonly callers: number;
  /** What came to its turn too late to be asked for. */
  readonly late: readonly PendingLookup<Value>[];
}

/** What lanes of one kind have in common. */
export interface LaneOptions<Key, Value> {
  readonly maxBatchSize: number;
  /** Takes what was drawn, with a token in hand. */
  send(lane: Lane<Key, Value>, closed: ClosedBatch<Value>): void;
  /** Called when nobody wants an entry any more, which has left the lane. */
  onAbandoned(lane: Lane<Key, Value>, entry: PendingLookup<Value>): void;
  /** Whether the answer to an entry would most likely come when nobody waits for it any more. */
  isTooLate(entry: PendingLookup<Value>): boolean;
}

/**
 * Ids that may leave in one call together. Every other place of a batch goes round from caller to caller, so that nobody
 * waits for somebody's thousand ids; the places between go to whoever needs the fewest still, so that callers are done one
 * after another instead of all at the end.
 */
export class Lane<Key, Value> implements Schedulable, PendingLookupListener<Value> {
  readonly key: Key;
  /** Ids that wait here or were sent from here and have no outcome yet. */
  readonly entries = new Map<string, PendingLookup<Value>>();
  readonly #options: LaneOptions<Key, Value>;
  /** What each caller waits for, in the order of their turns: the caller drawn from goes to the end. */
  readonly #queues = new Map<object, CallerQueue<Value>>();
  readonly #roundRobin = new RoundRobin(this.#queues);
  /** The same rows, from when it first mattered which is the shortest: most lanes have one caller, and never ask. */
  #bySize: BySize<CallerQueue<Value>> | undefined;
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
    const queue = this.#queues.get(caller);
    const rank = (queue?.size ?? 0) + 1;
    const callers = this.#queues.size + (queue ? 0 : 1);
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
    const known = this.#queues.get(waiter.caller);
    const queue = known ?? new CallerQueue(waiter);
    if (known) known.add(waiter);
    else this.#queues.set(waiter.caller, queue);
    this.#bySize?.note(queue, queue.size - 1);
  }

  onLeft(waiter: Waiter<Value>): void {
    const queue = this.#queues.get(waiter.caller);
    if (!queue) return;
    queue.remove(waiter);
    this.#bySize?.note(queue, queue.size + 1);
    if (queue.size === 0) this.#queues.delete(waiter.caller);
  }

  onAbandoned(entry: PendingLookup<Value>): void {
    this.#remove(entry);
    this.#options.onAbandoned(this, entry);
  }

  /** A batch is closed here, when it is sent, and not when its first id arrived. */
  send(): void {
    const { maxBatchSize, isTooLate } = this.#options;
    const [batch, late, callers] = [
      [] as PendingLookup<Value>[],
      [] as PendingLookup<Value>[],
      new Set<object>(),
    ];
    while (this.#size > 0 && batch.length < maxBatchSize) {
      const isTurn = batch.length % 2 === 0 || this.#queues.size === 1;
      const entry = this.#draw(isTurn ? this.#nextQueue() : this.#shortestQueue());
      if (isTooLate(entry)) {
        late.push(entry);
        continue;
      }
      batch.push(entry);
      for (const { caller } of entry.waiters) callers.add(caller);
    }
    this.#options.send(this, { batch, callers: callers.size, late });
  }

  #draw({ first: { entry } }: CallerQueue<Value>): PendingLookup<Value> {
    this.#remove(entry);
    entry.state = 'sent';
    return entry;
  }

  /** The row whose turn it is, which goes to the end for it. All that had theirs stand there, so one is always to come. */
  #nextQueue(): CallerQueue<Value> {
    const queue = this.#roundRobin.next() as CallerQueue<Value>;
    const { caller } = queue.first;
    this.#queues.delete(caller);
    this.#queues.set(caller, queue);
    return queue;
  }

  /** The shortest row: whoever has few ids left is done with the fewest places. */
  #shortestQueue(): CallerQueue<Value> {
    if (!this.#bySize) {
      this.#bySize = new BySize();
      for (const queue of this.#queues.values()) this.#bySize.note(queue, 0);
    }
    return this.#bySize.smallest as CallerQueue<Value>;
  }

  #remove(entry: PendingLookup<Value>): void {
    this.#size -= 1;
    for (const waiter of entry.waiters) this.onLeft(waiter);
  }
}

/** What one caller waits for, in the order in which it asked; never empty for long. */
class CallerQueue<Value> {
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
