import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { type CallerLimits, Principal } from '../principal.js';
import type { Authenticator } from './authenticator.js';
import type { TokenEntry } from './token-list.js';

export interface TokenAuthenticatorOptions {
  readonly tokens: readonly TokenEntry[];
  /** The account of entries that name none. */
  readonly defaultAccountId: string;
  /** What entries allow that say nothing about it. */
  readonly limits: CallerLimits;
  readonly clock: Clock;
}

interface Holder {
  readonly digest: Buffer;
  readonly expiresAtMs: number;
  readonly principal: Principal;
}

/** Visible characters of ASCII. Shorter tokens could be guessed, longer ones only cost time. */
const bearer = /^Bearer +([\x21-\x7e]{16,512})$/i;

/** Knows callers by tokens that the operator handed out. */
export class TokenAuthenticator implements Authenticator {
  readonly challenge = 'Bearer';
  readonly #holders: readonly Holder[];
  readonly #clock: Clock;

  constructor({ tokens, defaultAccountId, limits, clock }: TokenAuthenticatorOptions) {
    this.#clock = clock;
    this.#holders = tokens.map((entry) => ({
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
    const [, token] = bearer.exec(authorization ?? '') ?? [];
    const holder = token === undefined ? undefined : this.#holderOf(token);
    if (holder && this.#clock.now() < holder.expiresAtMs) return holder.principal;
    throw new GatewayError('UNAUTHENTICATED', 'Send a valid token as `Authorization: Bearer <token>`.');
  }

  /** Compares with every entry, also after a hit, so that the time tells nothing about the list. */
  #holderOf(token: string): Holder | undefined {
    const digest = createHash('sha256').update(token).digest();
    let found: Holder | undefined;
    for (const holder of this.#holders) if (timingSafeEqual(holder.digest, digest)) found = holder;
    return found;
  }
}
