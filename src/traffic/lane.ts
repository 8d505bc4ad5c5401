import type { Work } from './dispatcher.js';
import type { Entry } from './entry.js';

/** What a lane draws when a call is free. */
export interface Drawn<Value> {
  /** What the call is for: at most as many as it holds; none where all were too late. */
  readonly batch: readonly Entry<Value>[];
  /** Callers who wait for the batch. */
  readonly callers: number;
  /** What came to its turn too late to be asked for. */
  readonly late: readonly Entry<Value>[];
}

export interface LaneOptions<Value> {
  readonly maxBatchSize: number;
  /** Takes what was drawn, with a token in hand. */
  send(drawn: Drawn<Value>): void;
  /** Whether the answer to an entry would most likely come when nobody waits for it any more. */
  isTooLate(entry: Entry<Value>): boolean;
}

/**
 * Ids that may leave in one call together. They are drawn in turn from each caller, so that an operation with a
 * thousand ids delays another caller's single id by at most one batch.
 */
export class Lane<Value> implements Work {
  readonly #options: LaneOptions<Value>;
  /** What each caller waits for, in the order of their turns: the caller drawn from goes to the end. */
  readonly #queues = new Map<object, Set<Entry<Value>>>();
  #size = 0;

  constructor(options: LaneOptions<Value>) {
    this.#options = options;
  }

  /** Number of distinct ids that wait. */
  get size(): number {
    return this.#size;
  }

  /** Calls until an id that a caller adds now would leave, given that callers are drawn from in turn. */
  callsUntilTurnOf(caller: object): number {
    const rank = (this.#queues.get(caller)?.size ?? 0) + 1;
    const callers = this.#queues.size + (this.#queues.has(caller) ? 0 : 1);
    return Math.ceil(Math.min(this.#size + 1, rank * callers) / this.#options.maxBatchSize);
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
    this.#options.send(this.#draw());
  }

  #draw(): Drawn<Value> {
    const [batch, late, callers] = [[] as Entry<Value>[], [] as Entry<Value>[], new Set<object>()];
    for (const [caller, queue] of this.#queues) {
      const [entry] = queue;
      if (!entry || batch.length === this.#options.maxBatchSize) break;
      const isTooLate = this.#options.isTooLate(entry);
      if (!isTooLate) for (const each of entry.callers) callers.add(each);
      this.remove(entry);
      entry.state = 'sent';
      (isTooLate ? late : batch).push(entry);
      if (queue.size > 0) this.#moveToEnd(caller, queue);
    }
    return { batch, callers: callers.size, late };
  }

  /** A loop over the queues comes by again: what is deleted and set anew counts as not visited yet. */
  #moveToEnd(caller: object, queue: Set<Entry<Value>>): void {
    this.#queues.delete(caller);
    this.#queues.set(caller, queue);
  }
}
