import type { Work } from './dispatcher.js';
import type { Entry } from './entry.js';

/** The entries of one caller, drawn from the front. */
interface Queue<Value> {
  readonly entries: Entry<Value>[];
  next: number;
}

/**
 * Ids that may leave in one call together. They are drawn in turn from each caller, so that an operation with a
 * thousand ids delays another caller's single id by at most one batch.
 */
export class Lane<Value> implements Work {
  readonly #maxBatchSize: number;
  readonly #sendBatch: (entries: readonly Entry<Value>[]) => void;
  /** In the order of their turns: the caller drawn from goes to the end. */
  readonly #queues = new Map<object, Queue<Value>>();
  #size = 0;

  constructor(maxBatchSize: number, sendBatch: (entries: readonly Entry<Value>[]) => void) {
    this.#maxBatchSize = maxBatchSize;
    this.#sendBatch = sendBatch;
  }

  /** Number of distinct ids that wait. */
  get size(): number {
    return this.#size;
  }

  hasWork(): boolean {
    return this.#size > 0;
  }

  /** Adds a new entry on behalf of a caller. */
  add(entry: Entry<Value>, caller: object): void {
    this.#size += 1;
    this.share(entry, caller);
  }

  /** Lets an entry that waits already be drawn in another caller's turn too. */
  share(entry: Entry<Value>, caller: object): void {
    const queue = this.#queues.get(caller);
    if (queue) queue.entries.push(entry);
    else this.#queues.set(caller, { entries: [entry], next: 0 });
  }

  /** Notes that an entry of this lane is not wanted any more. */
  forget(): void {
    this.#size -= 1;
    if (this.#size === 0) this.#queues.clear();
  }

  send(): void {
    this.#sendBatch(this.#draw());
  }

  /** A batch is closed here, when it is sent, and not when its first id arrived. */
  #draw(): Entry<Value>[] {
    const batch: Entry<Value>[] = [];
    while (batch.length < this.#maxBatchSize && this.#size > 0) {
      const entry = this.#drawOne();
      if (!entry) continue;
      entry.state = 'sent';
      this.#size -= 1;
      batch.push(entry);
    }
    if (this.#size === 0) this.#queues.clear();
    return batch;
  }

  /** Takes the next entry of the caller whose turn it is; undefined when it was sent or abandoned meanwhile. */
  #drawOne(): Entry<Value> | undefined {
    const [turn] = this.#queues;
    if (!turn) throw new Error('A lane counts ids that no caller waits for');
    const [caller, queue] = turn;
    const entry = queue.entries[queue.next++];
    this.#queues.delete(caller);
    if (queue.next < queue.entries.length) this.#queues.set(caller, queue);
    return entry?.state === 'waiting' ? entry : undefined;
  }
}
