import { scryptSync } from 'node:crypto';
import { inspect } from 'node:util';

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
