import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import { type Authenticator, missingCredentials } from './authenticator.js';
import type { TokenEntry } from './grants.js';
import { type CallerLimits, Principal } from './principal.js';

export interface TokenAuthenticatorOptions {
  readonly tokens: readonly TokenEntry[];
  /** The account of entries without `accounts`. */
  readonly defaultAccountId: string;
  /** The limits of entries that name none. */
  readonly limits: CallerLimits;
  readonly clock: Clock;
}

interface IssuedToken {
  readonly expiresAtMs: number;
  readonly principal: Principal;
}

/** Visible ASCII characters. A caller could guess a shorter token; a longer one only costs time. */
const bearer = /^Bearer +([\x21-\x7e]{16,512})$/i;

/** Identifies callers by the tokens that the operator issued. */
export class TokenAuthenticator implements Authenticator {
  readonly challenge = 'Bearer';
  /** By their names in this map. */
  readonly #tokens: ReadonlyMap<string, IssuedToken>;
  readonly #key = randomBytes(32);
  readonly #clock: Clock;

  constructor({ tokens, defaultAccountId, limits, clock }: TokenAuthenticatorOptions) {
    this.#clock = clock;
    const issued = (entry: TokenEntry): IssuedToken => ({
      expiresAtMs: entry.expiresAtMs ?? Number.POSITIVE_INFINITY,
      principal: new Principal({
        ...entry,
        accounts: entry.accounts ?? [defaultAccountId],
        limits: {
          idsPerSecond: entry.idsPerSecond ?? limits.idsPerSecond,
          recordsPerDay: entry.recordsPerDay ?? limits.recordsPerDay,
        },
      }),
    });
    this.#tokens = new Map(
      tokens.map((entry) => [this.#nameOf(Buffer.from(entry.sha256, 'hex')), issued(entry)]),
    );
  }

  authenticate(authorization: string | undefined): Principal {
    if (authorization === undefined) throw missingCredentials('Bearer <token>');
    const [, text] = bearer.exec(authorization) ?? [];
    const digest = text === undefined ? undefined : createHash('sha256').update(text).digest();
    const token = digest && this.#tokens.get(this.#nameOf(digest));
    if (token && this.#clock.now() < token.expiresAtMs) return token.principal;
    throw new GatewayError(
      'UNAUTHENTICATED',
      'The Authorization header holds no valid token. Send it as `Bearer <token>`; an unknown or expired token is not valid.',
    );
  }

  /**
   * The name of a digest in the map. A caller cannot know it, because its key belongs to this process; so the time of a search
   * reveals nothing about the list, however many tokens it has.
   */
  #nameOf(digest: Buffer): string {
    return createHmac('sha256', this.#key).update(digest).digest('base64');
  }
}
