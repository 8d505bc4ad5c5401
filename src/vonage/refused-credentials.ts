import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Credentials } from './credentials.js';

/** Milliseconds for which credentials that Vonage refused are not tried again. */
const memoryMs = 10_000;

/**
 * Remembers which credentials Vonage refused, so that nobody can use the gateway to try secrets at the pace of its
 * queue, and a wrong secret does not use up the rate. Other credentials, such as a new secret of the same key, are tried.
 */
export class RefusedCredentials {
  readonly #clock: Clock;
  readonly #refused = new WeakMap<Credentials, { readonly error: GatewayError; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes how a call ended; only a refusal of its credentials counts. */
  record(credentials: Credentials, error: unknown): void {
    if (error instanceof GatewayError && error.code === 'UPSTREAM_UNAUTHORIZED')
      this.#refused.set(credentials, { error, untilMs: this.#clock.now() + memoryMs });
  }

  /** Throws what Vonage answered lately, if it refused these credentials. */
  throwIfRefused(credentials: Credentials): void {
    const known = this.#refused.get(credentials);
    if (known && known.untilMs > this.#clock.now()) throw known.error;
  }
}
