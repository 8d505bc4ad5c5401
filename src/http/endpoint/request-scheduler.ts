import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.js';
import type { GatewayError } from '../../errors.js';
import type { Authentication } from '../authentication.js';
import { clientDisconnected } from '../errors.js';
import type { Shutdown } from '../shutdown.js';
import type { RequestDeadlines } from './deadlines.js';

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
  readonly #waiting = new Map<string, Set<() => void>>();
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

  /**
   * Asks for the start of an operation of a caller.
   *
   * @param start called when the operation may start, in a later task
   * @returns undefined when it may start at once, and `start` is not called; else removes the operation from the queue
   */
  admit(caller: string, start: () => void): (() => void) | undefined {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#startedAtMs = this.#clock.now();
      this.#clock.setTimer(0, () => this.#runSlice());
    }
    if (this.#waiting.size === 0 && this.#isInFirstSlice()) return undefined;
    const waiting = this.#waiting.get(caller) ?? new Set();
    this.#waiting.set(caller, waiting.add(start));
    return () => {
      waiting.delete(start);
      if (waiting.size === 0 && this.#waiting.get(caller) === waiting) this.#waiting.delete(caller);
    };
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
    const [start] = waiting;
    this.#waiting.delete(caller);
    if (start) waiting.delete(start);
    // Back at the end, before the operation runs: it may ask for another start of its caller.
    if (waiting.size > 0) this.#waiting.set(caller, waiting);
    start?.();
  }
}

export interface AdmissionOptions {
  readonly clock: Clock;
  /** Knows the sender of each request. */
  readonly authentication: Authentication;
  readonly shutdown: Shutdown;
  /** Whether enough lookups to fill a call wait for the rate limit. */
  isBacklogged(): boolean;
}

/**
 * The hook in which a request waits until the scheduler admits it. It runs after authentication and before the body is
 * read. A client that disconnects meanwhile causes no further work. A request that waits until its time is up is refused
 * with OVERLOADED.
 */
export function admissionHook(options: AdmissionOptions, deadlines: RequestDeadlines) {
  const { clock, authentication, shutdown, isBacklogged } = options;
  // A stopping gateway accepts the connections that wait, one between two slices.
  const scheduler = new RequestScheduler(clock, () => shutdown.refusesNew || isBacklogged());
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    let cancelTimer = () => {};
    let untrack = () => {};
    const end = (error?: Error) => {
      cancelTimer();
      untrack();
      done(error);
    };
    const start = () => end(request.raw.socket.destroyed ? clientDisconnected() : undefined);
    const leave = scheduler.admit(authentication.senderOf(request).principal.name, start);
    if (!leave) {
      done();
      return;
    }
    const refuse = (error: GatewayError) => {
      leave();
      end(error);
    };
    cancelTimer = clock.setTimer(deadlines.remainingMs(request), () => refuse(deadlines.tooBusy()));
    untrack = shutdown.track(refuse);
  };
}
