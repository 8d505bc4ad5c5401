import type { Clock } from '../../clock.js';
import type { RateLimiter } from '../rate-limit/rate-limiter.js';
import { RoundRobin } from './round-robin.js';

/** Something that has calls to make. */
export interface Schedulable {
  /** True while there is at least one call to make. */
  hasWork(): boolean;
  /** True while the next call could not hold any more. */
  isFull(): boolean;
  /** Begins one call; called with a token in hand. A call that fails is not the dispatcher's to know: throws nothing. */
  send(): void;
}

/**
 * Decides what leaves when a token frees. Work waits in a queue without being closed: what a call holds is decided when
 * it is sent, so a lane that has to wait fills up while it waits. Whoever has waited longest goes first; work with more
 * calls to make goes to the end of the queue again, so that one long queue cannot hold back the others.
 */
export class CallScheduler {
  readonly #rateLimiter: RateLimiter;
  readonly #clock: Clock;
  readonly #queue = new Set<Schedulable>();
  readonly #oldestFirst = new RoundRobin(this.#queue);
  readonly #urgent: (() => void)[] = [];
  /** While it is filling, the macrotask goes on in which the first came, and only full calls leave. */
  #phase: 'empty' | 'filling' | 'open' = 'empty';
  #isRunning = false;

  constructor(rateLimiter: RateLimiter, clock: Clock) {
    this.#rateLimiter = rateLimiter;
    this.#clock = clock;
  }

  /** Number of works that wait in the queue. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Queues work that has calls to make; work that is queued already keeps its place. */
  enqueue(work: Schedulable): void {
    this.#queue.add(work);
    this.#fill();
    if (work.isFull()) this.#runEarly();
  }

  /** Takes work out of the queue whose callers have all gone while it waited. */
  withdraw(work: Schedulable): void {
    this.#queue.delete(work);
  }

  /** Resolves with a token taken, before any queued work: for a call that continues one already begun. */
  acquireNext(): Promise<void> {
    return new Promise((resolve) => {
      this.#urgent.push(resolve);
      this.#fill();
    });
  }

  /** Opens at the end of the macrotask, so that everything asked for in one tick leaves together. */
  #fill(): void {
    if (this.#phase !== 'empty') return;
    this.#phase = 'filling';
    this.#clock.setTimer(0, () => {
      this.#phase = 'open';
      if (!this.#isRunning) void this.#run();
    });
  }

  /** A full call gains nothing by waiting for that: only for what is asked for in one go with it. */
  #runEarly(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    process.nextTick(() => void this.#run());
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#mayLeave()) {
        await this.#rateLimiter.acquire();
        this.#sendOne();
      }
    } catch (defect) {
      // Nothing catches it there, so it is not lost; and whoever comes next finds a dispatcher that starts again.
      this.#clock.setTimer(0, () => {
        throw defect;
      });
    }
    this.#isRunning = false;
    if (this.#phase === 'open') this.#phase = 'empty';
  }

  #mayLeave(): boolean {
    if (this.#urgent.length > 0) return true;
    return this.#phase === 'open' ? this.#queue.size > 0 : this.#oldestFull() !== undefined;
  }

  #sendOne(): void {
    const continued = this.#urgent.shift();
    const work = continued ? undefined : this.#nextWork();
    if (continued) continued();
    else if (work) this.#send(work);
    else this.#rateLimiter.release();
  }

  #nextWork(): Schedulable | undefined {
    return this.#phase === 'open' ? this.#oldestFirst.next() : this.#oldestFull();
  }

  #oldestFull(): Schedulable | undefined {
    for (const work of this.#queue) if (work.isFull()) return work;
    return undefined;
  }

  #send(work: Schedulable): void {
    this.#queue.delete(work);
    work.send();
    if (work.hasWork()) this.#queue.add(work);
  }
}
