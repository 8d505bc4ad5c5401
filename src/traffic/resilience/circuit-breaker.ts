import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { checkInteger, checkNumber } from '../check-range.js';

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Consecutive failures of different sources after which the breaker opens. An integer from 1 up. Default: 5. */
  readonly failuresToOpen?: number;
  /** Milliseconds for which it stays open before it lets one trial call through. A number from 0 up. Default: 5,000. */
  readonly coolDownMs?: number;
  /** Whether an error means that the service is unhealthy. Other errors, such as a rejected request, prove that it works. */
  isFailure(error: unknown): boolean;
  /** Called once when it opens, with the last failure, and once when it closes again. Must not throw. */
  readonly onChange?: ((isOpen: boolean, error?: unknown) => void) | undefined;
}

/** Gauges and counters of a circuit breaker. */
export interface CircuitBreakerStats {
  readonly phase: CircuitBreaker['phase'];
  /** Sources that failed since the last success while it is closed; 0 in any other phase. */
  readonly consecutiveFailures: number;
  /** How often it went from closed to open. */
  readonly opened: number;
  /** Calls and checks refused with UPSTREAM_UNAVAILABLE. */
  readonly refused: number;
}

type State =
  | { readonly phase: 'closed'; readonly failedSources: ReadonlySet<unknown> }
  | { readonly phase: 'open' | 'half-open'; readonly untilMs: number };

const closed: State = { phase: 'closed', failedSources: new Set() };

/** Stops calls to a service that fails every time, and lets single trial calls find out when it works again. */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #failuresToOpen: number;
  readonly #coolDownMs: number;
  readonly #isFailure: (error: unknown) => boolean;
  readonly #onChange: CircuitBreakerOptions['onChange'];
  #state: State = closed;
  #opened = 0;
  #refused = 0;

  /** Throws a RangeError for an option out of its range. */
  constructor({ clock, failuresToOpen = 5, coolDownMs = 5000, isFailure, onChange }: CircuitBreakerOptions) {
    this.#clock = clock;
    this.#failuresToOpen = checkInteger('failuresToOpen', failuresToOpen, 1);
    this.#coolDownMs = checkNumber('coolDownMs', coolDownMs, 0);
    this.#isFailure = isFailure;
    this.#onChange = onChange;
  }

  /** `half-open` while a trial call is in flight. `open` also after the cool-down, until a call is made. */
  get phase(): State['phase'] {
    return this.#state.phase;
  }

  /** Whether a call would be refused now. */
  get isOpen(): boolean {
    return this.#retryAfterMs > 0;
  }

  stats(): CircuitBreakerStats {
    const consecutiveFailures = this.#state.phase === 'closed' ? this.#state.failedSources.size : 0;
    return { phase: this.phase, consecutiveFailures, opened: this.#opened, refused: this.#refused };
  }

  /**
   * Throws UPSTREAM_UNAVAILABLE while a call would be refused, so that nothing is queued for a service that is down. A
   * trial call that never ends blocks others for one cool-down only.
   */
  refuseWhileOpen(): void {
    const retryAfterMs = this.#retryAfterMs;
    if (retryAfterMs <= 0) return;
    this.#refused += 1;
    throw new GatewayError(
      'UPSTREAM_UNAVAILABLE',
      'The upstream service failed several times in a row; calls to it are paused.',
      { retryAfterMs, neverSent: true },
    );
  }

  /**
   * Makes a call, passes its outcome on and learns from it. Rejects with UPSTREAM_UNAVAILABLE while it is open.
   *
   * @param source what is asked for, compared by `Set`; failures of one source count once. Default: a source of its own
   */
  async run<Value>(call: () => Promise<Value>, source: unknown = Symbol()): Promise<Value> {
    this.refuseWhileOpen();
    if (this.#state.phase !== 'closed') this.#state = { phase: 'half-open', untilMs: this.#coolDownEndMs() };
    try {
      const value = await call();
      this.#close();
      return value;
    } catch (error) {
      if (this.#isFailure(error)) this.#recordFailure(error, source);
      else this.#close();
      throw error;
    }
  }

  /** Milliseconds until a call may be made; 0 or less when one may be made now. */
  get #retryAfterMs(): number {
    return this.#state.phase === 'closed' ? 0 : Math.ceil(this.#state.untilMs - this.#clock.now());
  }

  #close(): void {
    const wasClosed = this.#state.phase === 'closed';
    this.#state = closed;
    if (!wasClosed) this.#onChange?.(false);
  }

  #recordFailure(error: unknown, source: unknown): void {
    const wasClosed = this.#state.phase === 'closed';
    if (this.#state.phase === 'closed') {
      const failedSources = new Set(this.#state.failedSources).add(source);
      this.#state = { phase: 'closed', failedSources };
      if (failedSources.size < this.#failuresToOpen) return;
    }
    this.#state = { phase: 'open', untilMs: this.#coolDownEndMs() };
    if (!wasClosed) return;
    this.#opened += 1;
    this.#onChange?.(true, error);
  }

  #coolDownEndMs(): number {
    return this.#clock.now() + this.#coolDownMs;
  }
}
