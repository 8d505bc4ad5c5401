import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import { type CallerLimits, Principal } from '../principal.js';
import { isAccessScope } from '../scopes.js';
import { type Authenticator, missingCredentials } from './authenticator.js';
import type { JwtAlgorithm } from './jwt-claims.js';
import { jwtClaims } from './jwt-claims.js';
import { SigningKeys } from './signing-keys.js';

export interface JwtAuthenticatorOptions {
  /** URL of the issuer's key set (JWKS). */
  readonly jwksUrl: string;
  /** The required value of `iss`. */
  readonly issuer: string;
  /** The required value, or item, of `aud`. */
  readonly audience: string;
  readonly algorithms: readonly JwtAlgorithm[];
  /** The account of tokens without `vonage_accounts`. */
  readonly defaultAccountId: string;
  /** The limits of tokens that name none. */
  readonly limits: CallerLimits;
  readonly clock: Clock;
  /** Milliseconds of real time after which a fetch of the keys fails. Default: 5000. */
  readonly keysTimeoutMs?: number;
}

interface Verified {
  readonly principal: Principal;
  /** Milliseconds since the Unix epoch until which the result holds. */
  readonly untilMs: number;
}

/**
 * Milliseconds by which the issuer's clock may differ from this one. Clocks that NTP sets differ by far less; a longer time
 * would only keep expired tokens valid.
 */
export const jwtClockSkewMs = 5000;

const maxTokenLength = 8192;
const bearer = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** With the longest age of the key set, a withdrawn key authenticates no caller after 60 seconds. */
const verifiedTtlMs = 5000;
const maxVerified = 1000;

/** Identifies callers by JWTs that an issuer signed. */
export class JwtAuthenticator implements Authenticator {
  readonly challenge = 'Bearer';
  readonly #options: JwtAuthenticatorOptions;
  readonly #keys: SigningKeys;
  /** By the hash of the token, so that no token stays in memory. */
  readonly #verified = new LRUCache<string, Verified>({ max: maxVerified });

  constructor(options: JwtAuthenticatorOptions) {
    const { jwksUrl, clock, keysTimeoutMs } = options;
    this.#options = options;
    this.#keys = new SigningKeys({
      url: jwksUrl,
      clock,
      ...(keysTimeoutMs !== undefined && { timeoutMs: keysTimeoutMs }),
    });
  }

  /** Also rejects with AUTHENTICATION_UNAVAILABLE when the issuer's keys cannot be fetched. */
  async authenticate(authorization: string | undefined): Promise<Principal> {
    if (authorization === undefined) throw missingCredentials('Bearer <JWT>');
    const [, token = ''] = bearer.exec(authorization) ?? [];
    if (token === '' || token.length > maxTokenLength) throw invalidToken('no JWT of a usable length');
    const digest = createHash('sha256').update(token).digest('base64');
    const known = this.#verified.get(digest);
    if (known && this.#options.clock.now() < known.untilMs) return known.principal;
    const verified = await this.#verify(token);
    this.#verified.set(digest, verified);
    return verified.principal;
  }

  async #verify(token: string): Promise<Verified> {
    const { clock } = this.#options;
    const nowMs = clock.now();
    const claims = jwtClaims.safeParse(await this.#payloadOf(token, nowMs));
    if (!claims.success) throw invalidToken(claims.error.issues.map(({ path }) => path.join('.')).join(', '));
    const untilMs = Math.min(nowMs + verifiedTtlMs, claims.data.exp * 1000 + jwtClockSkewMs);
    return { principal: this.#principalOf(claims.data), untilMs };
  }

  async #payloadOf(token: string, nowMs: number) {
    const { issuer, audience, algorithms } = this.#options;
    const rules = {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: jwtClockSkewMs / 1000,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp', 'sub'],
    };
    try {
      const { payload } = await jwtVerify(token, this.#keys.find, rules);
      return payload;
    } catch (error) {
      throw error instanceof GatewayError ? error : invalidToken((error as Error).message);
    }
  }

  #principalOf(claims: z.output<typeof jwtClaims>): Principal {
    const { defaultAccountId, limits } = this.#options;
    const scopes = claims.scope ?? claims.scp ?? [];
    return new Principal({
      name: `jwt:${claims.sub}`,
      scopes: (typeof scopes === 'string' ? scopes.split(' ') : scopes).filter(isAccessScope),
      accounts: claims.vonage_accounts ?? [defaultAccountId],
      products: claims.vonage_products,
      limits: {
        idsPerSecond: claims.ids_per_second ?? limits.idsPerSecond,
        recordsPerDay: claims.records_per_day ?? limits.recordsPerDay,
      },
    });
  }
}

/** @param reason for logs only; it quotes nothing of the token, and the caller does not see it */
function invalidToken(reason: string): GatewayError {
  return new GatewayError(
    'UNAUTHENTICATED',
    'The Authorization header holds no valid JWT. Send it as `Bearer <JWT>`, signed by the configured issuer for this gateway and not expired.',
    { cause: reason },
  );
}
