import { createHash } from 'node:crypto';
import { errors, type JWTVerifyOptions, type JWTVerifyResult, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import { type Authenticator, missingCredentials } from './authenticator.js';
import { type JwtAlgorithm, jwtClaims } from './grants.js';
import { type CallerLimits, isAccessScope, Principal } from './principal.js';
import type { SigningKeys } from './signing-keys.js';

export interface JwtAuthenticatorOptions {
  /** The public keys of the issuer. */
  readonly keys: SigningKeys;
  /** The required value of `iss`. */
  readonly issuer: string;
  /** The required value, or item, of `aud`. */
  readonly audience: string;
  readonly algorithms: readonly JwtAlgorithm[];
  /** Values of `typ` that a token may have, in any case. A token without `typ` counts as a `JWT`. */
  readonly types: readonly string[];
  /** Longest time from `iat`, or else from now, to `exp`. */
  readonly maxLifetimeSeconds: number;
  /** The account of tokens without `vonage_accounts`. */
  readonly defaultAccountId: string;
  /** The limits of tokens that name none. */
  readonly limits: CallerLimits;
  readonly clock: Clock;
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
  readonly #types: ReadonlySet<string>;
  /** By the hash of the token, so that no token stays in memory. */
  readonly #verified = new LRUCache<string, Verified>({ max: maxVerified });

  constructor(options: JwtAuthenticatorOptions) {
    this.#options = options;
    this.#types = new Set(options.types.map(canonicalType));
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
    const nowMs = this.#options.clock.now();
    const { payload, protectedHeader } = await this.#resultOf(token, nowMs);
    const claims = jwtClaims.safeParse(payload);
    if (!claims.success) throw invalidToken(claims.error.issues.map(({ path: [name] }) => name).join(', '));
    if (!this.#types.has(canonicalType(protectedHeader.typ ?? 'JWT'))) throw invalidToken('typ');
    this.#checkTimes(claims.data, nowMs);
    const untilMs = Math.min(nowMs + verifiedTtlMs, claims.data.exp * 1000 + jwtClockSkewMs);
    return { principal: this.#principalOf(claims.data), untilMs };
  }

  /** A token that lives too long is as good as a password, and one from the future was not made by a clock. */
  #checkTimes({ exp, iat }: z.output<typeof jwtClaims>, nowMs: number): void {
    if (iat !== undefined && iat * 1000 > nowMs + jwtClockSkewMs) throw invalidToken('iat is in the future');
    const lifetimeSeconds = exp - (iat ?? nowMs / 1000);
    if (lifetimeSeconds > this.#options.maxLifetimeSeconds) throw invalidToken('lifetime is too long');
  }

  async #resultOf(token: string, nowMs: number): Promise<JWTVerifyResult> {
    const { issuer, audience, algorithms, keys } = this.#options;
    const rules = {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: jwtClockSkewMs / 1000,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp', 'sub'],
    };
    try {
      return await verifyWithKeys(token, keys, rules);
    } catch (error) {
      throw error instanceof GatewayError ? error : invalidToken(reasonOf(error));
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

/** Keys that are tried for a token which does not name its own. An issuer has two or three at a time. */
const maxCandidates = 16;

/** A token that names no key may be signed with any key of the issuer that fits its algorithm. */
async function verifyWithKeys(
  token: string,
  keys: SigningKeys,
  rules: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keys.find, rules);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifyWithEach(token, error, rules);
  }
}

async function verifyWithEach(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  rules: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  let tried = 0;
  for await (const key of candidates) {
    tried += 1;
    if (tried > maxCandidates) break;
    try {
      return await jwtVerify(token, key, rules);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** A media type may be written with or without `application/`, in any case. */
function canonicalType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

/** Words of a fixed list: the messages of errors can quote the token. */
function reasonOf(error: unknown): string {
  if (!(error instanceof errors.JOSEError)) return 'no JWT';
  const claim = 'claim' in error && typeof error.claim === 'string' ? ` ${error.claim}` : '';
  return `${error.code}${claim}`;
}

/** @param reason for logs only; it quotes nothing of the token, and the caller does not see it */
function invalidToken(reason: string): GatewayError {
  return new GatewayError(
    'UNAUTHENTICATED',
    'The Authorization header holds no valid JWT. Send it as `Bearer <JWT>`, signed by the configured issuer for this gateway and not expired.',
    { cause: reason },
  );
}
