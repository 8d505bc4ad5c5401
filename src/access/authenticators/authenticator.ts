import type { Principal } from '../principal.js';

/** Tells by the `Authorization` header who asks. */
export interface Authenticator {
  /** What a caller without proof is told to send: value of `WWW-Authenticate`; undefined where none is asked for. */
  readonly challenge: string | undefined;
  /**
   * The caller that a header proves. Throws, or rejects with, UNAUTHENTICATED, and never says which part of a proof was
   * wrong.
   *
   * @param authorization the header as it arrived; undefined for none
   */
  authenticate(authorization: string | undefined): Principal | Promise<Principal>;
}

/** How callers prove who they are, by the names that `AUTH_MODE` takes. */
export const authModes = ['none', 'token', 'jwt', 'basic'] as const;

export type AuthMode = (typeof authModes)[number];
