import type { Clock } from '../../clock.js';
import type { AccessScope } from '../scopes.js';
import { AnonymousAuthenticator } from './anonymous-authenticator.js';
import type { Authenticator, AuthMode } from './authenticator.js';
import { BasicAuthenticator } from './basic-authenticator.js';
import { JwtAuthenticator } from './jwt-authenticator.js';
import type { JwtAlgorithm } from './jwt-claims.js';
import { TokenAuthenticator } from './token-authenticator.js';
import type { TokenEntry } from './token-list.js';

export interface AuthenticatorOptions {
  readonly authMode: AuthMode;
  /** The account that tokens and JWTs open which name none. */
  readonly accountId: string;
  /** Ids a second for callers without a limit of their own; undefined for no limit. */
  readonly callerIdsPerSecond: number | undefined;
  /** Billed records in a day of UTC for callers without a limit of their own; undefined for no limit. */
  readonly callerRecordsPerDay: number | undefined;
  /** Scopes of everybody; for `none`. */
  readonly anonymousScopes: readonly AccessScope[];
  /** For `token`, which needs them. */
  readonly tokens: readonly TokenEntry[] | undefined;
  /** Where the issuer's key set is; for `jwt`, which needs it. */
  readonly jwtJwksUrl: string | undefined;
  /** What `iss` must be; for `jwt`, which needs it. */
  readonly jwtIssuer: string | undefined;
  /** What `aud` must be, or hold; for `jwt`, which needs it. */
  readonly jwtAudience: string | undefined;
  /** For `jwt`. */
  readonly jwtAlgorithms: readonly JwtAlgorithm[];
  /** Milliseconds by which the issuer's clock may differ; for `jwt`. */
  readonly jwtClockSkewMs: number;
  readonly clock: Clock;
}

/** What tells callers apart in a mode. Throws a TypeError when something is missing that the mode needs. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { authMode, accountId: defaultAccountId, clock } = options;
  const limits = {
    idsPerSecond: options.callerIdsPerSecond,
    recordsPerDay: options.callerRecordsPerDay,
  };
  switch (authMode) {
    case 'none':
      return new AnonymousAuthenticator({ scopes: options.anonymousScopes, limits });
    case 'basic':
      return new BasicAuthenticator(limits);
    case 'token':
      return new TokenAuthenticator({
        tokens: needed(options, 'tokens'),
        defaultAccountId,
        limits,
        clock,
      });
    case 'jwt':
      return new JwtAuthenticator({
        jwksUrl: needed(options, 'jwtJwksUrl'),
        issuer: needed(options, 'jwtIssuer'),
        audience: needed(options, 'jwtAudience'),
        algorithms: options.jwtAlgorithms,
        clockSkewMs: options.jwtClockSkewMs,
        defaultAccountId,
        limits,
        clock,
      });
  }
}

/** Without an issuer or an audience any token of any service would do, so nothing is left to chance. */
function needed<Name extends 'tokens' | 'jwtJwksUrl' | 'jwtIssuer' | 'jwtAudience'>(
  options: AuthenticatorOptions,
  name: Name,
): NonNullable<AuthenticatorOptions[Name]> {
  const value = options[name];
  if (!value) throw new TypeError(`${name} must be given when authMode is ${options.authMode}.`);
  return value as NonNullable<AuthenticatorOptions[Name]>;
}
