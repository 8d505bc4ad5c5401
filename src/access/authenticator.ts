import { GatewayError } from '../errors.js';
import { type AccessScope, type CallerLimits, Principal } from './principal.js';

/** Identifies a caller by its `Authorization` header. */
export interface Authenticator {
  /** Value of `WWW-Authenticate` for a caller without valid credentials; undefined where no credentials are needed. */
  readonly challenge: string | undefined;
  /**
   * The caller whose credentials a header carries. Throws UNAUTHENTICATED, or rejects with it. The message tells a missing
   * header from a wrong one, but never which part of the credentials is wrong.
   *
   * @param authorization the header as it arrived; undefined for none
   */
  authenticate(authorization: string | undefined): Principal | Promise<Principal>;
}

/** The ways to authenticate callers, by their names in `AUTH_MODE`. */
export const authModes = ['none', 'token', 'jwt', 'basic'] as const;

export type AuthMode = (typeof authModes)[number];

/**
 * The error for a request without an `Authorization` header. Routers drop the header unless they are told to forward it.
 *
 * @param expected value of the header that a caller should send
 */
export function missingCredentials(expected: string): GatewayError {
  return new GatewayError(
    'UNAUTHENTICATED',
    `No Authorization header arrived. Send \`Authorization: ${expected}\`; a router in between must forward it.`,
  );
}

export interface AnonymousAuthenticatorOptions {
  readonly scopes: readonly AccessScope[];
  /** What all callers together may ask for. */
  readonly limits: CallerLimits;
}

/** Identifies every caller as the same principal, and needs no credentials. */
export class AnonymousAuthenticator implements Authenticator {
  readonly challenge = undefined;
  readonly #principal: Principal;

  constructor({ scopes, limits }: AnonymousAuthenticatorOptions) {
    this.#principal = new Principal({
      name: 'anonymous',
      scopes,
      accounts: 'any',
      products: 'any',
      limits,
    });
  }

  authenticate(): Principal {
    return this.#principal;
  }
}
