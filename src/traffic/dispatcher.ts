import type { Clock } from '../clock.js';
import type { Budget } from './budget.js';

/** Something that has calls to make. */
export interface Work {
  /** True while there is at least one call to make. */
  hasWork(): boolean;
  /** Begins one call; called with a token in hand. A call that fails is not the dispatcher's to know: throws nothing. */
  send(): void;
}

/**
 * Decides what leaves when a token frees. Work waits in a queue without being closed: what a call holds is decided when
 * it is sent, so a lane that has to wait fills up while it waits. Whoever has waited longest goes first; work with more
 * calls to make goes to the end of the queue again, so that one long queue cannot hold back the others.
 */
export class Dispatcher {
  readonly #budget: Budget;
  readonly #clock: Clock;
  readonly #queue = new Set<Work>();
  readonly #urgent: (() => void)[] = [];
  #running = false;

  constructor(budget: Budget, clock: Clock) {
    this.#budget = budget;
    this.#clock = clock;
  }

  /** Queues work that has calls to make; work that is queued already keeps its place. */
  enqueue(work: Work): void {
    this.#queue.add(work);
    this.#start();
  }

  /** Takes work out of the queue whose callers have all gone while it waited. */
  withdraw(work: Work): void {
    this.#queue.delete(work);
  }

  /** Resolves with a token taken, before any queued work: for a call that continues one already begun. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#urgent.push(resolve);
      this.#start();
    });
  }

  /** Begins at the end of the macrotask, so that everything asked for in one tick leaves together. */
  #start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#clock.after(0, () => void this.#run());
  }

  async #run(): Promise<void> {
    try {
      while (this.#urgent.length > 0 || this.#queue.size > 0) {
        await this.#budget.take();
        this.#sendOne();
      }
    } catch (defect) {
      // Nothing catches it there, so it is not lost; and whoever comes next finds a dispatcher that starts again.
      this.#clock.after(0, () => {
        throw defect;
      });
    }
    this.#running = false;
  }

  #sendOne(): void {
    const continued = this.#urgent.shift();
    const [oldest] = this.#queue;
    if (continued) continued();
    else if (oldest) this.#send(oldest);
    else this.#budget.giveBack();
  }

  #send(work: Work): void {
    this.#queue.delete(work);
    work.send();
    if (work.hasWork()) this.#queue.add(work);
  }
}
