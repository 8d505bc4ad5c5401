import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Failures in a row after which it opens. Default: 5. */
  readonly failuresToOpen?: number;
  /** Milliseconds for which it stays open before one call may try. Default: 5,000. */
  readonly coolDownMs?: number;
  /** Whether an error says that the other side is ill, rather than that the call was wrong. */
  isFailure(error: unknown): boolean;
}

type Phase =
  | { readonly name: 'closed'; readonly failures: number }
  | { readonly name: 'open' | 'probing'; readonly untilMs: number };

/** Stops calling a host that fails every time, and lets single calls try whether it is back. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #phase: Phase = { name: 'closed', failures: 0 };

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** The phase it is in. */
  get phase(): Phase['name'] {
    return this.#phase.name;
  }

  /**
   * Throws UPSTREAM_UNAVAILABLE while it is open or a call tries, so that nothing is queued for a host that is down. A
   * call that tries and never ends makes room for another after a cool-down.
   */
  refuseWhileOpen(): void {
    const phase = this.#phase;
    if (phase.name === 'closed') return;
    const retryAfterMs = Math.ceil(phase.untilMs - this.#options.clock.now());
    if (retryAfterMs <= 0) return;
    throw new GatewayError(
      'UPSTREAM_UNAVAILABLE',
      'The other side failed several times in a row; calls to it are paused.',
      { retryAfterMs, neverSent: true },
    );
  }

  /** Makes a call and learns from how it ends. After the cool-down one call tries; the others are still refused. */
  async run<Value>(call: () => Promise<Value>): Promise<Value> {
    this.refuseWhileOpen();
    if (this.#phase.name !== 'closed') this.#phase = { name: 'probing', untilMs: this.#coolDownEndMs() };
    try {
      const value = await call();
      this.#phase = { name: 'closed', failures: 0 };
      return value;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** An error that is the call's own fault proves that the other side is well. */
  #note(error: unknown): void {
    const { failuresToOpen = 5, isFailure } = this.#options;
    const failures = this.#phase.name === 'closed' ? this.#phase.failures + 1 : failuresToOpen;
    if (!isFailure(error)) this.#phase = { name: 'closed', failures: 0 };
    else if (failures < failuresToOpen) this.#phase = { name: 'closed', failures };
    else this.#phase = { name: 'open', untilMs: this.#coolDownEndMs() };
  }

  #coolDownEndMs(): number {
    const { clock, coolDownMs = 5000 } = this.#options;
    return clock.now() + coolDownMs;
  }
}
