import { scryptSync } from 'node:crypto';
import { inspect } from 'node:util';
import { z } from 'zod';
import { isAccountId } from '../catalogue/ids.js';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';

/**
 * An API key and its secret. Vonage's Reports API takes HTTP Basic only. The secret lives in a private field, so that
 * no logger, error or JSON of this object can show it.
 */
export class Credentials {
  readonly apiKey: string;
  readonly #apiSecret: string;

  constructor(apiKey: string, apiSecret: string) {
    this.apiKey = apiKey;
    this.#apiSecret = apiSecret;
  }

  /** Value of the `Authorization` header. */
  get authorization(): string {
    return `Basic ${Buffer.from(`${this.apiKey}:${this.#apiSecret}`).toString('base64')}`;
  }

  /** What a log has to leave out: the secret, as it is and as it is sent. */
  get secrets(): readonly string[] {
    return [this.#apiSecret, this.authorization.slice('Basic '.length)];
  }

  /**
   * A key of 32 bytes that follows from the secret. The derivation is slow on purpose (some 40 ms), so that what the key
   * protects does not help to guess the secret.
   */
  deriveKey(purpose: string): Buffer {
    return scryptSync(this.#apiSecret, `${purpose}\n${this.apiKey}`, 32);
  }

  [inspect.custom](): string {
    return `Credentials(${this.apiKey})`;
  }
}

const keyRule = 'must be text without a colon or a space';
const secretRule = 'must be text that is not empty';

const accountShape = z.strictObject(
  {
    apiKey: z.string(keyRule).regex(/^[^:\s]+$/, keyRule),
    apiSecret: z.string(secretRule).min(1, secretRule),
  },
  { error: shapeRule('apiKey, apiSecret') },
);

type Accounts = Readonly<Record<string, z.output<typeof accountShape>>>;

/**
 * What a file of credentials holds: an API key and its secret for each account, by account id. It is strict: an unknown
 * key, or one API key with two secrets, is a fault. Faults say where they are and quote nothing but account ids.
 */
export const accountKeys: z.ZodType<ReadonlyMap<string, Credentials>, unknown> = z
  .strictObject(
    {
      accounts: z
        .record(z.string(), accountShape, 'must be an object of accounts by their ids')
        .superRefine(refuseStrangeAccounts)
        .superRefine(refuseSecondSecrets),
    },
    { error: shapeRule('accounts') },
  )
  .transform(
    ({ accounts }) => new Map(Object.entries(accounts).map(([id, pair]) => [id, toCredentials(pair)])),
  );

function toCredentials({ apiKey, apiSecret }: Accounts[string]): Credentials {
  return new Credentials(apiKey, apiSecret);
}

function shapeRule(keys: string) {
  return ({ code }: { readonly code?: string }): string =>
    code === 'unrecognized_keys' ? `must hold no keys but ${keys}` : 'must be an object';
}

function refuseStrangeAccounts(accounts: Accounts, context: z.RefinementCtx): void {
  const ids = Object.keys(accounts);
  const message = 'must hold account ids of 1 to 64 letters, digits, - or _, at least one';
  // Not quoted: who mixes up the format may have put a secret there.
  if (ids.length === 0 || !ids.every(isAccountId)) context.addIssue({ code: 'custom', message });
}

function refuseSecondSecrets(accounts: Accounts, context: z.RefinementCtx): void {
  const secrets = new Map<string, string>();
  for (const [id, { apiKey, apiSecret }] of Object.entries(accounts)) {
    const message = 'must be the same as in an account above that has the same API key';
    if ((secrets.get(apiKey) ?? apiSecret) !== apiSecret)
      context.addIssue({ code: 'custom', path: [id, 'apiSecret'], message });
    secrets.set(apiKey, apiSecret);
  }
}

/** What Vonage last said about credentials; `unknown` before the first response. */
export type CredentialsState = 'unknown' | 'accepted' | 'refused';

/** Told of a change; the error is the refusal. */
export type OnCredentialsChange = (isAccepted: boolean, error?: GatewayError) => void;

/** Milliseconds for which credentials that Vonage refused are not tried again. */
const refusalMemoryMs = 10_000;

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
      this.#refused.set(credentials, { error, untilMs: this.#clock.now() + refusalMemoryMs });
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
