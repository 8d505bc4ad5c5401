import type { Clock } from '../../clock.js';
import type { RateLimiter } from '../rate-limit/rate-limiter.js';
import { RoundRobin } from './round-robin.js';

/** A source of calls, such as a lane. */
export interface Schedulable {
  /** Whether at least one call is left to make. */
  hasWork(): boolean;
  /** Whether the next call has no room for more ids. */
  isFull(): boolean;
  /** Starts one call, for which a token was acquired. Must not throw: a call that fails is handled by its source. */
  send(): void;
}

/**
 * Decides which call is made when the rate limiter grants a token. A call is closed only when it is sent, so a lane that
 * has to wait keeps filling. The source that has waited longest goes first. A source with more calls to make goes back
 * to the end of the queue, so that a long one cannot delay the others.
 */
export class CallScheduler {
  readonly #rateLimiter: RateLimiter;
  readonly #clock: Clock;
  readonly #queue = new Set<Schedulable>();
  readonly #oldestFirst = new RoundRobin(this.#queue);
  /** Calls that continue a batch, and so go before the queue. */
  readonly #continuations: (() => void)[] = [];
  /** `collecting` lasts until the end of the macrotask in which the first source came; only full calls are sent then. */
  #phase: 'idle' | 'collecting' | 'draining' = 'idle';
  #isRunning = false;

  constructor(rateLimiter: RateLimiter, clock: Clock) {
    this.#rateLimiter = rateLimiter;
    this.#clock = clock;
  }

  /** Number of queued sources. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Queues a source that has calls to make. A queued source keeps its place. */
  enqueue(source: Schedulable): void {
    this.#queue.add(source);
    this.#collect();
    if (source.isFull()) this.#runEarly();
  }

  /** Removes a source from the queue, because it has no more calls to make. */
  withdraw(source: Schedulable): void {
    this.#queue.delete(source);
  }

  /** Resolves when a token is acquired for one more call of a batch. Takes precedence over the queue. */
  acquireNext(): Promise<void> {
    return new Promise((resolve) => {
      this.#continuations.push(resolve);
      this.#collect();
    });
  }

  /** Starts to drain at the end of the macrotask, so that everything requested in one tick leaves together. */
  #collect(): void {
    if (this.#phase !== 'idle') return;
    this.#phase = 'collecting';
    this.#clock.setTimer(0, () => {
      this.#phase = 'draining';
      if (!this.#isRunning) void this.#run();
    });
  }

  /** A full call gains nothing from the rest of the macrotask. It waits for pending promise callbacks only. */
  #runEarly(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    process.nextTick(() => void this.#run());
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#hasCall()) {
        await this.#rateLimiter.acquire();
        this.#sendOne();
      }
    } catch (defect) {
      // No caller awaits this loop. Thrown from a timer, the defect is reported, and the next source starts the loop again.
      this.#clock.setTimer(0, () => {
        throw defect;
      });
    }
    this.#isRunning = false;
    if (this.#phase === 'draining') this.#phase = 'idle';
  }

  #hasCall(): boolean {
    if (this.#continuations.length > 0) return true;
    return this.#phase === 'draining' ? this.#queue.size > 0 : this.#oldestFull() !== undefined;
  }

  #sendOne(): void {
    const resume = this.#continuations.shift();
    const source = resume ? undefined : this.#nextSource();
    if (resume) resume();
    else if (source) this.#send(source);
    else this.#rateLimiter.release();
  }

  #nextSource(): Schedulable | undefined {
    return this.#phase === 'draining' ? this.#oldestFirst.next() : this.#oldestFull();
  }

  #oldestFull(): Schedulable | undefined {
    for (const source of this.#queue) if (source.isFull()) return source;
    return undefined;
  }

  #send(source: Schedulable): void {
    this.#queue.delete(source);
    source.send();
    if (source.hasWork()) this.#queue.add(source);
  }
}
