import type { Schedulable } from './call-scheduler.js';
import type { Outcome, PendingLookup, PendingLookupListener, Waiter } from './pending-lookup.js';
import { RoundRobin } from './round-robin.js';

/** One id to look up in one lane. */
export interface LaneLookup<Key extends LaneKey> {
  readonly lane: Key;
  /** The spelling to send. */
  readonly id: string;
  /** The canonical form, equal for all spellings of one id. */
  readonly key: string;
}

/** One id of a batch. */
interface BatchEntry {
  readonly id: string;
  readonly key: string;
  /** When it started to wait, in epoch milliseconds. */
  readonly enqueuedAtMs: number;
  /** False once every caller that waited for it is gone. */
  readonly isWanted: boolean;
  /** When the last of those who wait stops waiting, in epoch milliseconds. */
  readonly latestDeadlineMs: number;
  /** Those who wait for it; the object of a caller is its identity. */
  readonly waiters: Iterable<{ readonly caller: object }>;
}

/** The ids of one call. */
export interface Batch<Key extends LaneKey, Value> {
  readonly lane: Key;
  readonly entries: readonly BatchEntry[];
  /** Number of distinct callers that waited for its ids when it was closed. */
  readonly callers: number;
  /** Settles one id. Unknown keys and second outcomes are ignored. */
  settle(key: string, outcome: Outcome<Value>): void;
  /** Resolves when one more call may be made for this batch; it takes precedence over calls of new batches. */
  acquireNext(): Promise<void>;
}

/** Identifies a lane. Lookups of equal lane names may be sent in one call. */
export interface LaneKey {
  readonly name: string;
  /** Lanes whose results also serve a lookup of this one, because their rows hold everything that its rows do. */
  readonly servedBy: readonly string[];
  /** Lanes whose lookups are also served by the results of this one. */
  readonly serves: readonly string[];
}

/** The ids of one call, fixed at the moment at which it is sent. */
export interface ClosedBatch<Value> {
  /** The ids to send. Empty when all ids of the lane were too late. */
  readonly entries: readonly PendingLookup<Value>[];
  /** Number of distinct callers that wait for them. */
  readonly callers: number;
  /** Ids that were removed from the lane, but can no longer be answered before their deadline. */
  readonly late: readonly PendingLookup<Value>[];
}

/** What all lanes of one coalescer share. */
export interface LaneOptions<Key, Value> {
  readonly maxBatchSize: number;
  /** Sends a batch, for which a token was acquired. */
  send(lane: Lane<Key, Value>, batch: ClosedBatch<Value>): void;
  /** Called when an entry left the lane because its last waiter is gone. */
  onAbandoned(lane: Lane<Key, Value>, entry: PendingLookup<Value>): void;
  /** Whether the call would most likely return after the last deadline of the entry. */
  isTooLate(entry: PendingLookup<Value>): boolean;
}

/**
 * Ids that may be sent in one call. Every other place of a batch goes to the callers in round-robin order, so that a
 * single id never waits for the thousand ids of another caller. The places between go to the caller with the fewest ids
 * left, so that callers finish one after another instead of all at the end.
 */
export class Lane<Key, Value> implements Schedulable, PendingLookupListener<Value> {
  readonly key: Key;
  /** Ids without an outcome that wait in this lane or were sent from it, by key. */
  readonly entries = new Map<string, PendingLookup<Value>>();
  readonly #options: LaneOptions<Key, Value>;
  /** In round-robin order: a caller that was served moves to the end. */
  readonly #queues = new Map<object, CallerQueue<Value>>();
  readonly #roundRobin = new RoundRobin(this.#queues);
  #size = 0;

  constructor(key: Key, options: LaneOptions<Key, Value>) {
    this.key = key;
    this.#options = options;
  }

  /** Number of distinct ids that wait. */
  get size(): number {
    return this.#size;
  }

  /** Upper bound of the calls until an id is sent that a caller adds now. Counts the round-robin places only. */
  callsUntilSent(caller: object): number {
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

  /** Adds a new entry. Must be called before its first waiter is added. */
  add(entry: PendingLookup<Value>): void {
    this.#size += 1;
    this.entries.set(entry.key, entry);
  }

  /** An entry stands in the queue of every caller that waits for it, and leaves in the place of the first. */
  onWaiting(waiter: Waiter<Value>): void {
    const { caller } = waiter;
    const queue = this.#queues.get(caller) ?? new CallerQueue<Value>(caller);
    queue.add(waiter);
    this.#queues.set(caller, queue);
  }

  onWithdrawn(waiter: Waiter<Value>): void {
    const queue = this.#queues.get(waiter.caller);
    queue?.delete(waiter);
    if (queue?.size === 0) this.#queues.delete(waiter.caller);
  }

  onAbandoned(entry: PendingLookup<Value>): void {
    this.#remove(entry);
    this.#options.onAbandoned(this, entry);
  }

  /** Closes a batch and sends it. */
  send(): void {
    const { maxBatchSize, isTooLate } = this.#options;
    const entries: PendingLookup<Value>[] = [];
    const late: PendingLookup<Value>[] = [];
    while (this.#size > 0 && entries.length < maxBatchSize) {
      const entry = this.#take(entries.length);
      if (isTooLate(entry)) late.push(entry);
      else entries.push(entry);
    }
    this.#options.send(this, { entries, callers: countCallers(entries), late });
  }

  /** Removes the entry that the given place of a batch belongs to. */
  #take(place: number): PendingLookup<Value> {
    const isRoundRobin = place % 2 === 0 || this.#queues.size === 1;
    const { entry } = (isRoundRobin ? this.#nextQueue() : this.#shortestQueue()).takeOldest();
    this.#remove(entry);
    entry.state = 'sent';
    return entry;
  }

  /** The queue of the caller that was served longest ago. Called only while ids wait, so there is one. */
  #nextQueue(): CallerQueue<Value> {
    const queue = this.#roundRobin.next() as CallerQueue<Value>;
    this.#queues.delete(queue.caller);
    this.#queues.set(queue.caller, queue);
    return queue;
  }

  /** The queue with the fewest ids; of equal ones the first in round-robin order. */
  #shortestQueue(): CallerQueue<Value> {
    let shortest: CallerQueue<Value> | undefined;
    for (const queue of this.#queues.values()) {
      if (!shortest || queue.size < shortest.size) shortest = queue;
      if (shortest.size === 1) break;
    }
    return shortest as CallerQueue<Value>;
  }

  #remove(entry: PendingLookup<Value>): void {
    this.#size -= 1;
    for (const waiter of entry.waiters) this.onWithdrawn(waiter);
  }
}

/** The waiters of one caller in a lane, oldest first. The lane deletes a queue that becomes empty. */
class CallerQueue<Value> {
  readonly caller: object;
  readonly #waiters = new Set<Waiter<Value>>();
  readonly #oldestFirst = new RoundRobin(this.#waiters);

  constructor(caller: object) {
    this.caller = caller;
  }

  get size(): number {
    return this.#waiters.size;
  }

  add(waiter: Waiter<Value>): void {
    this.#waiters.add(waiter);
  }

  delete(waiter: Waiter<Value>): void {
    this.#waiters.delete(waiter);
  }

  takeOldest(): Waiter<Value> {
    const waiter = this.#oldestFirst.next() as Waiter<Value>;
    this.#waiters.delete(waiter);
    return waiter;
  }
}

function countCallers<Value>(entries: readonly PendingLookup<Value>[]): number {
  const callers = new Set<object>();
  for (const { waiters } of entries) for (const { caller } of waiters) callers.add(caller);
  return callers.size;
}
