import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { type CallerLimits, Principal } from '../principal.js';
import { type Authenticator, missingCredentials } from './authenticator.js';
import type { TokenEntry } from './token-list.js';

export interface TokenAuthenticatorOptions {
  readonly tokens: readonly TokenEntry[];
  /** The account of entries without `accounts`. */
  readonly defaultAccountId: string;
  /** The limits of entries that name none. */
  readonly limits: CallerLimits;
  readonly clock: Clock;
}

interface IssuedToken {
  readonly digest: Buffer;
  readonly expiresAtMs: number;
  readonly principal: Principal;
}

/** Visible ASCII characters. A caller could guess a shorter token; a longer one only costs time. */
const bearer = /^Bearer +([\x21-\x7e]{16,512})$/i;

/** Identifies callers by the tokens that the operator issued. */
export class TokenAuthenticator implements Authenticator {
  readonly challenge = 'Bearer';
  readonly #tokens: readonly IssuedToken[];
  readonly #clock: Clock;

  constructor({ tokens, defaultAccountId, limits, clock }: TokenAuthenticatorOptions) {
    this.#clock = clock;
    this.#tokens = tokens.map((entry) => ({
      digest: Buffer.from(entry.sha256, 'hex'),
      expiresAtMs: entry.expiresAtMs ?? Number.POSITIVE_INFINITY,
      principal: new Principal({
        ...entry,
        accounts: entry.accounts ?? [defaultAccountId],
        limits: {
          idsPerSecond: entry.idsPerSecond ?? limits.idsPerSecond,
          recordsPerDay: entry.recordsPerDay ?? limits.recordsPerDay,
        },
      }),
    }));
  }

  authenticate(authorization: string | undefined): Principal {
    if (authorization === undefined) throw missingCredentials('Bearer <token>');
    const [, text] = bearer.exec(authorization) ?? [];
    const token = text === undefined ? undefined : this.#find(text);
    if (token && this.#clock.now() < token.expiresAtMs) return token.principal;
    throw new GatewayError(
      'UNAUTHENTICATED',
      'The Authorization header holds no valid token. Send it as `Bearer <token>`; an unknown or expired token is not valid.',
    );
  }

  /** Compares with every entry, also after a match, so that the time reveals nothing about the list. */
  #find(text: string): IssuedToken | undefined {
    const digest = createHash('sha256').update(text).digest();
    let found: IssuedToken | undefined;
    for (const token of this.#tokens) if (timingSafeEqual(token.digest, digest)) found = token;
    return found;
  }
}
