import type { Dispatcher } from 'undici';

/** Told of the moments of a call between which it arrives; of each at most once. */
export interface CallLifecycleListener {
  /** The call is written to its connection. */
  onRequestStart(): void;
  /** Its answer has begun to come, with this HTTP status. */
  onResponseStart(status: number): void;
}

/**
 * Tells when a call is written to its connection: not when it is handed over, for it may wait until a connection is
 * made or rested, and Vonage counts what arrives. And when its answer begins, for by then it has arrived.
 */
export function callLifecycle(listener: CallLifecycleListener): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => dispatch(options, new LifecycleHandler(handler, listener));
}

/** Hands everything on, and tells of its beginnings. */
class LifecycleHandler implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #listener: CallLifecycleListener;

  constructor(handler: Dispatcher.DispatchHandler, listener: CallLifecycleListener) {
    this.#handler = handler;
    this.#listener = listener;
  }

  /** A call that was given up while it waited for its connection ends here, and is not written. */
  onRequestStart(...given: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>): void {
    this.#handler.onRequestStart?.(...given);
    if (!given[0].aborted) this.#listener.onRequestStart();
  }

  onRequestUpgrade(...given: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>): void {
    this.#handler.onRequestUpgrade?.(...given);
  }

  /** What comes before the answer itself may be from somebody on the way. */
  onResponseStart(...given: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    if (given[1] >= 200) this.#listener.onResponseStart(given[1]);
    this.#handler.onResponseStart?.(...given);
  }

  onResponseData(...given: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseData']>>): void {
    this.#handler.onResponseData?.(...given);
  }

  onResponseEnd(...given: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>): void {
    this.#handler.onResponseEnd?.(...given);
  }

  onResponseError(...given: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseError']>>): void {
    this.#handler.onResponseError?.(...given);
  }
}
