import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Credentials } from './credentials.js';

/** What Vonage last said about credentials; `unknown` before the first response. */
export type CredentialsState = 'unknown' | 'accepted' | 'refused';

/** Told of a change; the error is the refusal. */
export type OnCredentialsChange = (isAccepted: boolean, error?: GatewayError) => void;

/** Milliseconds for which credentials that Vonage refused are not tried again. */
const memoryMs = 10_000;

/**
 * Remembers which credentials Vonage refused, so that nobody can use the gateway to try secrets at the pace of its
 * queue, and a wrong secret does not use up the rate. Other credentials, such as a new secret of the same key, are tried.
 */
export class RefusedCredentials {
  readonly #clock: Clock;
  readonly #onChange: OnCredentialsChange | undefined;
  #state: CredentialsState = 'unknown';
  readonly #refused = new WeakMap<Credentials, { readonly error: GatewayError; readonly untilMs: number }>();

  /** @param onChange called once when Vonage refuses credentials, and once when it accepts them again */
  constructor(clock: Clock, onChange?: OnCredentialsChange) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Whether Vonage accepted the credentials of the last call that told. */
  get state(): CredentialsState {
    return this.#state;
  }

  /** Notes how a call ended: with an error, or without one. */
  record(credentials: Credentials, error?: unknown): void {
    if (error instanceof GatewayError && error.code === 'UPSTREAM_UNAUTHORIZED') {
      this.#refused.set(credentials, { error, untilMs: this.#clock.now() + memoryMs });
      this.#enter('refused', error);
    } else if (provesAcceptance(error)) this.#enter('accepted');
  }

  /** Throws what Vonage answered lately, if it refused these credentials. */
  throwIfRefused(credentials: Credentials): void {
    const known = this.#refused.get(credentials);
    if (known && known.untilMs > this.#clock.now()) throw known.error;
  }

  #enter(state: CredentialsState, error?: GatewayError): void {
    const isChange = state === 'refused' ? this.#state !== 'refused' : this.#state === 'refused';
    this.#state = state;
    if (isChange) this.#onChange?.(state === 'accepted', error);
  }
}

/**
 * Whether the outcome of a call shows that Vonage accepted its credentials. Vonage checks them before it looks at the rest of
 * a call, but a 429 or a 5xx can come earlier. A 401 for a product that the key is not provisioned for accepts the key.
 *
 * @param error what the call failed with; undefined where it did not fail
 */
export function provesAcceptance(error: unknown): boolean {
  if (error === undefined) return true;
  const { status, type } = (error instanceof GatewayError && error.upstream) || {};
  if (status === 401) return type === 'unprovisioned';
  return status !== undefined && status >= 200 && status < 500 && status !== 429;
}
