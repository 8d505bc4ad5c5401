import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { clientDisconnected } from '../errors.js';
import type { Shutdown } from '../shutdown.js';

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

export interface OperationEndOptions {
  readonly clock: Clock;
  /** Knows when the time of each request is up. */
  readonly deadlines: RequestDeadlines;
  /** Milliseconds after which an operation ends with UPSTREAM_TIMEOUT. */
  readonly operationTimeoutMs: number;
  readonly shutdown: Shutdown;
}

/**
 * The end of an operation before it is complete: its time is up, the client disconnects or the gateway stops. Time and client
 * are not watched before the signal is read, since an operation that memory answers never reads it.
 */
export class OperationEnd {
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #options: OperationEndOptions;
  readonly #untrack: () => void;
  #controller: AbortController | undefined;
  #cancelTimer = () => {};

  constructor(request: FastifyRequest, reply: FastifyReply, options: OperationEndOptions) {
    this.#request = request;
    this.#reply = reply;
    this.#options = options;
    this.#untrack = options.shutdown.track((error) => this.#abortable().abort(error));
  }

  /** Aborts at the end, whichever cause comes first. */
  get signal(): AbortSignal {
    return this.#abortable().signal;
  }

  stopWatching(): void {
    this.#cancelTimer();
    this.#untrack();
  }

  #abortable(): AbortController {
    this.#controller ??= this.#watch();
    return this.#controller;
  }

  #watch(): AbortController {
    const { clock, deadlines, operationTimeoutMs } = this.#options;
    const { raw } = this.#reply;
    const controller = new AbortController();
    const onTimeout = () => controller.abort(timedOut(operationTimeoutMs));
    this.#cancelTimer = clock.setTimer(deadlines.remainingMs(this.#request), onTimeout);
    const onClose = () => raw.writableFinished || controller.abort(clientDisconnected());
    raw.once('close', onClose);
    // The client may have disconnected before this listener was added.
    if (raw.destroyed) onClose();
    return controller;
  }
}

function timedOut(timeoutMs: number): GatewayError {
  return new GatewayError('UPSTREAM_TIMEOUT', `The operation did not end within its ${timeoutMs} ms.`);
}
