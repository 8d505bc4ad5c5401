import type { Work } from './dispatcher.js';
import type { Entry } from './entry.js';

/** Takes a closed batch, and the number of callers who wait for it. */
export type SendBatch<Value> = (entries: readonly Entry<Value>[], callers: number) => void;

/**
 * Ids that may leave in one call together. They are drawn in turn from each caller, so that an operation with a
 * thousand ids delays another caller's single id by at most one batch.
 */
export class Lane<Value> implements Work {
  readonly #maxBatchSize: number;
  readonly #sendBatch: SendBatch<Value>;
  /** What each caller waits for, in the order of their turns: the caller drawn from goes to the end. */
  readonly #queues = new Map<object, Set<Entry<Value>>>();
  #size = 0;

  constructor(maxBatchSize: number, sendBatch: SendBatch<Value>) {
    this.#maxBatchSize = maxBatchSize;
    this.#sendBatch = sendBatch;
  }

  /** Number of distinct ids that wait. */
  get size(): number {
    return this.#size;
  }

  /** Calls until an id that a caller adds now would leave, given that callers are drawn from in turn. */
  callsUntilTurnOf(caller: object): number {
    const rank = (this.#queues.get(caller)?.size ?? 0) + 1;
    const callers = this.#queues.size + (this.#queues.has(caller) ? 0 : 1);
    return Math.ceil(Math.min(this.#size + 1, rank * callers) / this.#maxBatchSize);
  }

  hasWork(): boolean {
    return this.#size > 0;
  }

  /** Adds a new entry on behalf of a caller, who waits for it. */
  add(entry: Entry<Value>, caller: object): void {
    this.#size += 1;
    this.share(entry, caller);
  }

  /** Lets an entry that waits already be drawn in another caller's turn too. */
  share(entry: Entry<Value>, caller: object): void {
    const queue = this.#queues.get(caller);
    if (queue) queue.add(entry);
    else this.#queues.set(caller, new Set([entry]));
  }

  /** Takes an entry out of the turns of one caller, who does not want it any more. */
  leave(entry: Entry<Value>, caller: object): void {
    const queue = this.#queues.get(caller);
    queue?.delete(entry);
    if (queue?.size === 0) this.#queues.delete(caller);
  }

  /** Takes an entry of this lane out of every turn: it was drawn, or nobody wants it any more. */
  remove(entry: Entry<Value>): void {
    this.#size -= 1;
    for (const caller of entry.callers) this.leave(entry, caller);
  }

  /** A batch is closed here, when it is sent, and not when its first id arrived. */
  send(): void {
    const callers = new Set<object>();
    this.#sendBatch(this.#draw(callers), callers.size);
  }

  #draw(callers: Set<object>): Entry<Value>[] {
    const batch: Entry<Value>[] = [];
    for (const [caller, queue] of this.#queues) {
      const [entry] = queue;
      if (!entry || batch.length === this.#maxBatchSize) break;
      for (const each of entry.callers) callers.add(each);
      this.remove(entry);
      entry.state = 'sent';
      batch.push(entry);
      if (queue.size > 0) this.#moveToEnd(caller, queue);
    }
    return batch;
  }

  /** A loop over the queues comes by again: what is deleted and set anew counts as not visited yet. */
  #moveToEnd(caller: object, queue: Set<Entry<Value>>): void {
    this.#queues.delete(caller);
    this.#queues.set(caller, queue);
  }
}
