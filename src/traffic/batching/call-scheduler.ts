import type { Clock } from '../../clock.js';
import type { RateLimiter } from '../rate-limit/rate-limiter.js';
import { BulkQueue, RoundRobin } from './round-robin.js';

/** Bulk calls in flight at most. The client has as many connections for them. */
const maxBulkInFlight = 16;

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
 *
 * Bulk calls have a queue of their own. While sources wait, every other token at most goes to it.
 */
export class CallScheduler {
  readonly #rateLimiter: RateLimiter;
  readonly #clock: Clock;
  readonly #queue = new Set<Schedulable>();
  readonly #oldestFirst = new RoundRobin(this.#queue);
  /** Calls that continue a batch, and so go before the queue. */
  readonly #continuations: (() => void)[] = [];
  readonly #bulk = new BulkQueue({ maxInFlight: maxBulkInFlight, onFree: () => this.#collect() });
  /** Whether the token before went to a bulk call, so that the next one goes to a waiting source. */
  #wasBulk = false;
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

  /** Number of bulk calls that wait for a token. */
  get bulkWaiting(): number {
    return this.#bulk.waiting;
  }

  /** Number of bulk calls in flight. */
  get bulkInFlight(): number {
    return this.#bulk.inFlight;
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

  /**
   * Queues a bulk call, and returns the function that withdraws it while it waits.
   *
   * @param owner the operation that asks for it; operations take turns
   * @param run makes the call, for which a token was acquired; resolves when it has ended, and must not reject
   */
  enqueueBulk(owner: object, run: () => Promise<void>): () => void {
    const withdraw = this.#bulk.add(owner, run);
    this.#collect();
    return withdraw;
  }

  /** Resolves when a token is acquired for a further attempt of a bulk call in flight. */
  acquireNextBulk(): Promise<void> {
    return new Promise((resolve) => {
      this.#bulk.addRepetition(resolve);
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
    if (this.#phase !== 'draining') return this.#oldestFull() !== undefined;
    return this.#queue.size > 0 || this.#bulk.hasCall;
  }

  #sendOne(): void {
    const start = this.#continuations.shift() ?? this.#nextBulk() ?? this.#nextLookups();
    if (start) start();
    else this.#rateLimiter.release();
  }

  #nextBulk(): (() => void) | undefined {
    const isItsTurn = this.#phase === 'draining' && !(this.#wasBulk && this.#queue.size > 0);
    const start = isItsTurn ? this.#bulk.next() : undefined;
    this.#wasBulk = start !== undefined;
    return start;
  }

  #nextLookups(): (() => void) | undefined {
    const source = this.#phase === 'draining' ? this.#oldestFirst.next() : this.#oldestFull();
    return source && (() => this.#send(source));
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
