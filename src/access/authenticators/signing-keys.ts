import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
  type RemoteJWKSet,
} from 'jose';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';

/** Far above any key set in use; a server that sends more is broken or hostile. */
const maxBytes = 262_144;

/**
 * Fetches a key set for `jose`: follows no redirect, and reads no more than 256 KiB, counted after decompression. Rejects
 * when the status is not 200, the answer is too large, or the signal aborts.
 */
export const fetchKeySet: FetchImplementation = async (url, options) => {
  const response = await fetch(url, { ...options, redirect: 'manual' });
  if (response.status === 200) return new Response(await read(response));
  await response.body?.cancel();
  throw new Error(`The key server answered with status ${response.status}`);
};

/** The whole body; a rejection ends the connection. */
async function read(response: Response): Promise<string> {
  // In Node a body can be iterated, which the browsers' types do not know.
  const body = response.body as unknown as AsyncIterable<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new RangeError(`The key server sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export interface SigningKeysOptions {
  /** Where the key set (JWKS) is. */
  readonly url: string;
  readonly clock: Clock;
  /** Milliseconds of real time after which a fetch is given up. Default: 5000. */
  readonly timeoutMs?: number;
}

/** At most one fetch in so many milliseconds, whatever tokens ask for and however fetches end. */
const cooldownMs = 5000;
/** From this age on keys are fetched anew in passing; at the later one they are not used any more. */
const staleAfterMs = 25_000;
const uselessAfterMs = 55_000;

/**
 * The public keys with which an issuer's tokens are verified. They are fetched when they are needed, again when they get
 * old, and when a token names an unknown one. `jose` keeps and picks them; when to fetch is decided here, because its own
 * rules go by the wall clock and let a failed fetch be followed by the next at once.
 */
export class SigningKeys {
  readonly #clock: Clock;
  readonly #keys: RemoteJWKSet;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  /** The latest fetch, which everybody shares until the next may begin. */
  #fetching: Promise<void> | undefined;

  constructor({ url, clock, timeoutMs = 5000 }: SigningKeysOptions) {
    this.#clock = clock;
    this.#keys = createRemoteJWKSet(new URL(url), {
      [customFetch]: fetchKeySet,
      timeoutDuration: timeoutMs,
      cooldownDuration: Number.POSITIVE_INFINITY,
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
  }

  /**
   * The key that verifies a token. Rejects with AUTHENTICATION_UNAVAILABLE when keys cannot be fetched, and with an error
   * of `jose` when no key fits, or more than one does, as may be for a token that does not name its key.
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    await this.#freshen();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#fetch();
      return this.#keys(header, token);
    }
  };

  async #freshen(): Promise<void> {
    const ageMs = this.#clock.now() - this.#loadedAtMs;
    if (ageMs >= uselessAfterMs) await this.#fetch();
    // Whether it fails matters only when the keys are of no use any more.
    else if (ageMs >= staleAfterMs) this.#fetch().catch(() => {});
  }

  #fetch(): Promise<void> {
    const nowMs = this.#clock.now();
    if (!this.#fetching || nowMs >= this.#askedAtMs + cooldownMs) {
      this.#askedAtMs = nowMs;
      this.#fetching = this.#keys.reload().then(() => {
        // Keys are as old as the question, so that a slow answer does not make them younger.
        this.#loadedAtMs = nowMs;
      });
    }
    return this.#fetching.catch((cause) => {
      const retryAfterMs = Math.max(0, Math.ceil(this.#askedAtMs + cooldownMs - this.#clock.now()));
      const message = 'The keys that verify tokens cannot be fetched now; try again.';
      throw new GatewayError('AUTHENTICATION_UNAVAILABLE', message, { cause, retryAfterMs });
    });
  }
}
