import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
  type RemoteJWKSet,
} from 'jose';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';

/** Far above the size of any real key set; a server that sends more is broken or hostile. */
const maxBytes = 262_144;

/** What is wrong with a response, in words of this gateway. */
class KeyServerError extends Error {}

/**
 * Fetches a key set for `jose`. It follows no redirect and reads at most 256 KiB, counted after decompression. Rejects
 * when the status is not 200, when the response is too large, and when the signal aborts.
 */
const fetchKeySet: FetchImplementation = async (url, options) => {
  const response = await fetch(url, { ...options, redirect: 'manual' });
  if (response.status === 200) return new Response(await read(response));
  await response.body?.cancel();
  throw new KeyServerError(`status ${response.status}`);
};

/** Reads the whole body; a rejection closes the connection. */
async function read(response: Response): Promise<string> {
  // Node's bodies are async iterables; the DOM types do not declare it.
  const body = response.body as unknown as AsyncIterable<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new KeyServerError(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export interface SigningKeysOptions {
  /** URL of the key set (JWKS). */
  readonly url: string;
  readonly clock: Clock;
  /** Milliseconds of real time after which a fetch fails. Default: 5000. */
  readonly timeoutMs?: number;
  /** Called once when the keys cannot be fetched any more, with a reason that holds no address, and once when they can again. */
  onChange?(isAvailable: boolean, reason?: string): void;
}

/** Shortest time between the starts of two fetches, whatever tokens arrive and however fetches end. */
const cooldownMs = 5000;
/** At the first age the keys are fetched again in the background; at the second one they are no longer used. */
const staleAfterMs = 25_000;
const expiredAfterMs = 55_000;

/**
 * The public keys that verify an issuer's tokens. They are fetched when they are first needed, when they get old, and when
 * a token names an unknown key. `jose` stores and selects them. This class decides when to fetch, because `jose` goes by
 * the wall clock and would retry a failed fetch at once.
 */
export class SigningKeys {
  readonly #clock: Clock;
  readonly #keys: RemoteJWKSet;
  readonly #onChange: SigningKeysOptions['onChange'];
  #isAvailable = true;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  /** The latest fetch, which all callers share until the next one may start. */
  #fetching: Promise<void> | undefined;

  constructor({ url, clock, timeoutMs = 5000, onChange }: SigningKeysOptions) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#keys = createRemoteJWKSet(new URL(url), {
      [customFetch]: fetchKeySet,
      timeoutDuration: timeoutMs,
      cooldownDuration: Number.POSITIVE_INFINITY,
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
  }

  /**
   * The key that verifies a token. Rejects with AUTHENTICATION_UNAVAILABLE when the keys cannot be fetched. Rejects with an
   * error of `jose` when no key matches, or when several match a token that names none.
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    await this.#refresh();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#fetch();
      return this.#keys(header, token);
    }
  };

  async #refresh(): Promise<void> {
    const ageMs = this.#clock.now() - this.#loadedAtMs;
    if (ageMs >= expiredAfterMs) await this.#fetch();
    // A failure does not matter before the keys expire.
    else if (ageMs >= staleAfterMs) this.#fetch().catch(() => {});
  }

  #fetch(): Promise<void> {
    const nowMs = this.#clock.now();
    if (!this.#fetching || nowMs >= this.#fetchedAtMs + cooldownMs) {
      this.#fetchedAtMs = nowMs;
      this.#fetching = this.#load(nowMs);
    }
    return this.#fetching.catch((cause) => {
      const retryAfterMs = Math.max(0, Math.ceil(this.#fetchedAtMs + cooldownMs - this.#clock.now()));
      const message =
        'The token cannot be verified now, because the keys of its issuer cannot be fetched; try again after retryAfterMs.';
      throw new GatewayError('AUTHENTICATION_UNAVAILABLE', message, { cause, retryAfterMs });
    });
  }

  async #load(startedAtMs: number): Promise<void> {
    try {
      await this.#keys.reload();
      // The age counts from the request, so that a slow response does not make the keys younger.
      this.#loadedAtMs = startedAtMs;
      this.#report(true);
    } catch (error) {
      this.#report(false, reasonOf(error));
      throw error;
    }
  }

  #report(isAvailable: boolean, reason?: string): void {
    if (isAvailable !== this.#isAvailable) this.#onChange?.(isAvailable, reason);
    this.#isAvailable = isAvailable;
  }
}

/** A code, or words of this gateway: other messages can hold an address, or what the server sent. */
function reasonOf(error: unknown): string {
  if (error instanceof KeyServerError) return error.message;
  const { code, cause } = error as NodeJS.ErrnoException;
  return code ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? 'no readable response';
}
