import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';

/** Milliseconds after which a client that was refused for want of time is told to come back. */
const retryAfterMs = 1000;

/**
 * When the time of each request is up. It runs from the arrival of the headers, so that the wait of a request for a busy
 * process counts like any other.
 */
export class RequestDeadlines {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #deadlines = new WeakMap<FastifyRequest, number>();

  /** @param timeoutMs milliseconds that each request has */
  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** The hook that starts the time of a request. */
  readonly onRequest = (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    this.#deadlines.set(request, this.#clock.now() + this.#timeoutMs);
    done();
  };

  /** Milliseconds that a request has left; 0 or less when its time is up. */
  remainingMs(request: FastifyRequest): number {
    return this.deadlineAtMs(request) - this.#clock.now();
  }

  /** When the time of a request is up, in epoch milliseconds. */
  deadlineAtMs(request: FastifyRequest): number {
    const deadlineAtMs = this.#deadlines.get(request);
    if (deadlineAtMs === undefined) throw new Error('The hook of deadlines did not run for this request.');
    return deadlineAtMs;
  }

  /** The error of a request whose time was up before its operation could start. */
  tooBusy(): GatewayError {
    return new GatewayError(
      'OVERLOADED',
      `The gateway was too busy to start the operation within its ${this.#timeoutMs} ms; try again after retryAfterMs.`,
      { retryAfterMs },
    );
  }
}
