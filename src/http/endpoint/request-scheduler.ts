import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.js';
import { clientDisconnected } from '../errors.js';
import type { Authentication } from '../security/authentication.js';

/** Milliseconds in which operations start without waiting; usually all of a burst, so that their lookups share calls. */
const firstSliceMs = 100;
/** Milliseconds of each later slice. Node accepts one new connection between two slices, such as a health probe's. */
const nextSliceMs = 10;
/** Milliseconds of a slice while lookups wait for the rate limit: the calls in flight need the event loop in between. */
const backlogSliceMs = 2;
/** Most operations that start in one later slice. */
const maxPerSlice = 50;

/**
 * Starts operations in time slices. Without slices, thousands of operations that arrive at once would start one after the
 * other; meanwhile no probe is answered, timers are late, and no call is sent. Waiting callers start in round-robin order,
 * so that no caller waits for thousands of operations of another one.
 */
export class RequestScheduler {
  readonly #clock: Clock;
  readonly #isBacklogged: () => boolean;
  /** Waiting operations by the name of their caller, in round-robin order of the callers. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isRunning = false;
  #startedAtMs = 0;

  /**
   * @param isBacklogged whether enough lookups to fill a call wait for the rate limit. Operations that start then could only
   * wait, and slices become shorter.
   */
  constructor(clock: Clock, isBacklogged: () => boolean) {
    this.#clock = clock;
    this.#isBacklogged = isBacklogged;
  }

  /** Resolves when an operation of a caller may start; undefined when it may start at once. */
  admit(caller: string): Promise<void> | undefined {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#startedAtMs = this.#clock.now();
      this.#clock.setTimer(0, () => this.#runSlice());
    }
    if (this.#waiting.size === 0 && this.#isInFirstSlice()) return undefined;
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(caller) ?? [];
      this.#waiting.set(caller, waiting);
      waiting.push(resolve);
    });
  }

  #isInFirstSlice(): boolean {
    return this.#clock.now() - this.#startedAtMs < (this.#isBacklogged() ? backlogSliceMs : firstSliceMs);
  }

  /** Starts each operation in a task of its own, so that the time of its synchronous work counts. */
  #runSlice(): void {
    this.#isRunning = this.#waiting.size > 0;
    if (!this.#isRunning) return;
    let endsAtMs: number | undefined;
    const startOne = () => {
      // The slice begins with its first task, because other tasks may run before it.
      endsAtMs ??= this.#clock.now() + (this.#isBacklogged() ? backlogSliceMs : nextSliceMs);
      if (this.#clock.now() < endsAtMs) this.#startNext();
    };
    for (let count = 0; count < maxPerSlice; count += 1) this.#clock.setTimer(0, startOne);
    this.#clock.setTimer(0, () => this.#runSlice());
  }

  #startNext(): void {
    const [first] = this.#waiting;
    if (!first) return;
    const [caller, waiting] = first;
    this.#waiting.delete(caller);
    waiting.shift()?.();
    if (waiting.length > 0) this.#waiting.set(caller, waiting);
  }
}

export interface AdmissionOptions {
  readonly clock: Clock;
  /** Knows the sender of each request. */
  readonly authentication: Authentication;
  /** Whether enough lookups to fill a call wait for the rate limit. */
  isBacklogged(): boolean;
}

/**
 * The hook in which a request waits until the scheduler admits it. It runs after authentication and before the body is
 * read. A client that disconnects meanwhile causes no further work.
 */
export function admissionHook({ clock, authentication, isBacklogged }: AdmissionOptions) {
  const scheduler = new RequestScheduler(clock, isBacklogged);
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    const admitted = scheduler.admit(authentication.senderOf(request).principal.name);
    if (admitted)
      void admitted.then(() => (request.raw.socket.destroyed ? done(clientDisconnected()) : done()));
    else done();
  };
}
