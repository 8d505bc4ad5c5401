import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { clientDisconnected } from '../errors.js';
import type { Shutdown } from '../shutdown.js';
import type { RequestDeadlines } from './request-deadlines.js';

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
