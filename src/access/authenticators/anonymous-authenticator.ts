import { type CallerLimits, Principal } from '../principal.js';
import type { AccessScope } from '../scopes.js';
import type { Authenticator } from './authenticator.js';

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
