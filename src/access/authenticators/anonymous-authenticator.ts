import { type CallerLimits, Principal } from '../principal.js';
import type { AccessScope } from '../scopes.js';
import type { Authenticator } from './authenticator.js';

export interface AnonymousAuthenticatorOptions {
  readonly scopes: readonly AccessScope[];
  /** What all callers together may ask for. */
  readonly limits: CallerLimits;
}

/** Takes everybody for the same caller, and asks for no proof. */
export class AnonymousAuthenticator implements Authenticator {
  readonly challenge = undefined;
  readonly #everybody: Principal;

  constructor({ scopes, limits }: AnonymousAuthenticatorOptions) {
    this.#everybody = new Principal({
      name: 'anonymous',
      scopes,
      accounts: 'any',
      products: 'any',
      limits,
    });
  }

  authenticate(): Principal {
    return this.#everybody;
  }
}
