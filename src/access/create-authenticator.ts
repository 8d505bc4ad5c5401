import type { Clock } from '../clock.js';
import { AnonymousAuthenticator, type Authenticator, type AuthMode } from './authenticator.js';
import { BasicAuthenticator, type BasicAuthenticatorOptions } from './basic-authenticator.js';
import type { JwtAlgorithm, TokenEntry } from './grants.js';
import { JwtAuthenticator } from './jwt-authenticator.js';
import type { AccessScope } from './principal.js';
import type { SigningKeys } from './signing-keys.js';
import { TokenAuthenticator } from './token-authenticator.js';

/** The operator's settings of authentication and of callers' limits. */
export interface AuthSettings {
  readonly mode: AuthMode;
  /** Ids per second for callers without a limit of their own; undefined for no limit. */
  readonly callerIdsPerSecond: number | undefined;
  /** Billed records in a day of UTC for callers without a limit of their own; undefined for no limit. */
  readonly callerRecordsPerDay: number | undefined;
  /** Scopes of the anonymous caller; for `none`. */
  readonly anonymousScopes: readonly AccessScope[];
  /** Scopes of callers with a Vonage key of their own; for `basic`. */
  readonly basicScopes: readonly AccessScope[];
  /** For `token`, which needs them. */
  readonly tokens: readonly TokenEntry[] | undefined;
  /** URL of the issuer's key set; for `jwt`, which needs it. */
  readonly jwtJwksUrl: string | undefined;
  /** Required value of `iss`; for `jwt`, which needs it. */
  readonly jwtIssuer: string | undefined;
  /** Required value of `aud`, or of one of its items; for `jwt`, which needs it. */
  readonly jwtAudience: string | undefined;
  /** For `jwt`. */
  readonly jwtAlgorithms: readonly JwtAlgorithm[];
  /** Allowed values of `typ`; for `jwt`. */
  readonly jwtTypes: readonly string[];
  /** For `jwt`. */
  readonly jwtMaxLifetimeSeconds: number;
}

export interface AuthenticatorOptions {
  readonly auth: AuthSettings;
  /** The account of tokens and JWTs that name none. */
  readonly accountId: string;
  readonly clock: Clock;
  /** The keys of an issuer by the URL of its key set, which outlive an authenticator; for `jwt`. */
  signingKeysOf(jwksUrl: string): SigningKeys;
  /** How pairs of API key and secret are told apart and checked; for `basic`. */
  readonly basic: Omit<BasicAuthenticatorOptions, 'scopes' | 'limits'>;
}

/** Creates the authenticator of a mode. Throws a TypeError if a setting is missing that the mode needs. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { auth, accountId, clock, basic, signingKeysOf } = options;
  const defaultAccountId = accountId;
  const limits = { idsPerSecond: auth.callerIdsPerSecond, recordsPerDay: auth.callerRecordsPerDay };
  switch (auth.mode) {
    case 'none':
      return new AnonymousAuthenticator({ scopes: auth.anonymousScopes, limits });
    case 'basic':
      return new BasicAuthenticator({ ...basic, scopes: auth.basicScopes, limits });
    case 'token':
      return new TokenAuthenticator({ tokens: required(auth, 'tokens'), defaultAccountId, limits, clock });
    case 'jwt':
      return new JwtAuthenticator({
        keys: signingKeysOf(required(auth, 'jwtJwksUrl')),
        issuer: required(auth, 'jwtIssuer'),
        audience: required(auth, 'jwtAudience'),
        algorithms: auth.jwtAlgorithms,
        types: auth.jwtTypes,
        maxLifetimeSeconds: auth.jwtMaxLifetimeSeconds,
        defaultAccountId,
        limits,
        clock,
      });
  }
}

/** Without an issuer or an audience the gateway would accept any token of any service, so a missing setting throws. */
function required<Name extends 'tokens' | 'jwtJwksUrl' | 'jwtIssuer' | 'jwtAudience'>(
  auth: AuthSettings,
  name: Name,
): NonNullable<AuthSettings[Name]> {
  const value = auth[name];
  if (!value) throw new TypeError(`${name} must be set when the mode of authentication is ${auth.mode}.`);
  return value as NonNullable<AuthSettings[Name]>;
}
