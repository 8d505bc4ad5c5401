import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.js';
import { clientDisconnected } from '../errors.js';
import type { Authentication } from '../security/authentication.js';

/** Milliseconds for which operations of one moment begin at once: as a rule all of them, so that their look-ups leave together. */
const firstSliceMs = 100;
/** The same for those that are left over. Node takes one new connection between two turns, such as that of a probe. */
const nextSliceMs = 10;
/** The same for those whose look-ups could not leave yet: calls that have left are to be written and answered between. */
const backlogSliceMs = 2;
/** Operations that a further turn begins at most. */
const maxPerSlice = 50;

/**
 * Begins operations in turns with everything else that the process does. Thousands that arrive in one moment would be
 * begun one after another otherwise: meanwhile nobody is told that the process lives, timers are late, and no call leaves.
 * Callers take turns, too, so that nobody waits for thousands of another.
 */
export class RequestScheduler {
  readonly #clock: Clock;
  readonly #isBacklogged: () => boolean;
  /** Operations that wait to begin, by the name of their caller, in the order of the callers' turns. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isRunning = false;
  #startedAtMs = 0;

  /**
   * @param isBacklogged whether look-ups wait that fill a call, so that there is time: those that begin now only wait, too,
   * while calls that have left already need the event loop to be written
   */
  constructor(clock: Clock, isBacklogged: () => boolean) {
    this.#clock = clock;
    this.#isBacklogged = isBacklogged;
  }

  /** Resolves when an operation of a caller may begin; undefined when it may at once. */
  admit(caller: string): Promise<void> | undefined {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#startedAtMs = this.#clock.now();
      this.#clock.setTimer(0, () => this.#next());
    }
    if (this.#waiting.size === 0 && this.#hasRoom()) return undefined;
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(caller) ?? [];
      this.#waiting.set(caller, waiting);
      waiting.push(resolve);
    });
  }

  #hasRoom(): boolean {
    return this.#clock.now() - this.#startedAtMs < (this.#isBacklogged() ? backlogSliceMs : firstSliceMs);
  }

  /** What an operation does at once is counted, as each begins in a task of its own. */
  #next(): void {
    this.#isRunning = this.#waiting.size > 0;
    if (!this.#isRunning) return;
    let endsAtMs: number | undefined;
    const begin = () => {
      // From the first on: what came between the turns must not use this one up.
      endsAtMs ??= this.#clock.now() + (this.#isBacklogged() ? backlogSliceMs : nextSliceMs);
      if (this.#clock.now() < endsAtMs) this.#begin();
    };
    for (let each = 0; each < maxPerSlice; each += 1) this.#clock.setTimer(0, begin);
    this.#clock.setTimer(0, () => this.#next());
  }

  #begin(): void {
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
  /** Tells who sends a request. */
  readonly authentication: Authentication;
  /** Whether look-ups that fill a call wait for the rate. */
  isBacklogged(): boolean;
}

/**
 * The hook in which a request waits for its turn where too many come at once. Nothing was read of it but who sends it.
 * Whoever leaves meanwhile costs nothing more.
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
