import { z } from 'zod';
import { authModes } from '../../access/authenticator.js';
import { jwtAlgorithms, tokenList } from '../../access/grants.js';
import { accessScopes } from '../../access/principal.js';
import { isHttpUrl, isUnencrypted } from '../../urls.js';
import {
  computed,
  file,
  flag,
  integer,
  limit,
  listOfNames,
  listThat,
  oneOf,
  setting,
  textThat,
} from '../setting.js';

/** Settings of authentication, and of callers' limits. */
export const authSettings = {
  mode: setting(
    'AUTH_MODE',
    oneOf(authModes),
    'none',
    'How callers authenticate. `none` takes every caller as the same anonymous caller; `token` takes a bearer token of `AUTH_TOKENS_FILE`; `jwt` takes a JWT of `JWT_ISSUER`; `basic` takes the Vonage API key and secret of the caller as HTTP Basic, and calls Vonage with them.',
  ),
  tokens: file(
    'AUTH_TOKENS_FILE',
    tokenList,
    'JSON file with the tokens if `AUTH_MODE` is `token`: `{ "tokens": [{ "name": "billing", "sha256": "…", "scopes": ["records:read"] }] }`. A token may also have `accounts`, `products`, `idsPerSecond`, `recordsPerDay` and `expiresAt`.',
  ),
  jwtJwksUrl: setting(
    'JWT_JWKS_URL',
    textThat(isKeySetUrl, 'must be an https URL without credentials, or http on a loopback address'),
    undefined,
    'URL of the key set (JWKS) of the issuer if `AUTH_MODE` is `jwt`: https, or http on a loopback address.',
  ),
  jwtIssuer: setting(
    'JWT_ISSUER',
    z.string(),
    undefined,
    'Required value of the claim `iss` if `AUTH_MODE` is `jwt`.',
  ),
  jwtAudience: setting(
    'JWT_AUDIENCE',
    z.string(),
    undefined,
    'Required value of the claim `aud`, or of one of its items, if `AUTH_MODE` is `jwt`.',
  ),
  jwtAlgorithms: setting(
    'JWT_ALGORITHMS',
    listOfNames(jwtAlgorithms),
    'RS256,PS256,ES256,EdDSA',
    'Algorithms that the gateway accepts for the signature of a JWT if `AUTH_MODE` is `jwt`. Algorithms with a shared secret are not available.',
  ),
  jwtTypes: setting(
    'JWT_TYPES',
    listThat(
      (entry) => /^[\w.+/-]{1,64}$/.test(entry),
      'must be a comma-separated list of media types such as JWT or at+jwt',
    ).describe('a comma-separated list of media types'),
    'JWT,at+jwt',
    'Values of the header parameter `typ` that the gateway accepts if `AUTH_MODE` is `jwt`, in any case. A JWT without `typ` counts as `JWT`. `at+jwt` alone accepts access tokens and no other token of the same issuer.',
  ),
  jwtMaxLifetimeSeconds: setting(
    'JWT_MAX_LIFETIME_SECONDS',
    integer(60, 31_536_000),
    '86400',
    'Longest time in seconds from the issue (`iat`) of a JWT to its end (`exp`) if `AUTH_MODE` is `jwt`. For a JWT without `iat` the time counts from now.',
  ),
  anonymousScopes: computed(
    'ANONYMOUS_SCOPES',
    listOfNames(accessScopes),
    ({ NODE_ENV }) =>
      NODE_ENV === 'production' ? 'records:read,records:content,records:numbers' : accessScopes.join(','),
    'Scopes of the anonymous caller if `AUTH_MODE` is `none`. The default in production is `records:read,records:content,records:numbers`.',
  ),
  basicScopes: setting(
    'BASIC_SCOPES',
    listOfNames(accessScopes),
    'records:read,records:content,records:numbers,explain',
    'Scopes of every caller with a Vonage API key of its own if `AUTH_MODE` is `basic`. `records:range` lets them list records by date, and `introspect` lets them read the schema.',
  ),
  allowAnonymousNetwork: setting(
    'ALLOW_ANONYMOUS_NETWORK',
    flag(),
    'false',
    'Whether the gateway may start if `AUTH_MODE` is `none` and `HOST` is not a loopback address. Every client that reaches the address can then read records.',
  ),
  callerIdsPerSecond: computed(
    'CALLER_IDS_PER_SECOND',
    limit(1, 1_000_000),
    ({ AUTH_MODE = '' }) => (['', 'none'].includes(AUTH_MODE) ? 'unlimited' : '50'),
    'Ids per second that a caller may look up if its token sets no `idsPerSecond` and its JWT no `ids_per_second`. The default is `50` if `AUTH_MODE` is not `none`.',
  ),
  callerRecordsPerDay: setting(
    'CALLER_RECORDS_PER_DAY',
    integer(1, 999_999_999),
    undefined,
    'Billed records that a caller may cause in a day of UTC if its token sets no `recordsPerDay` and its JWT no `records_per_day`. Without this setting the number is unlimited.',
  ),
};

/** A party that can change the keys on the network can sign tokens, so the keys travel encrypted. */
function isKeySetUrl(text: string): boolean {
  return isHttpUrl(text) && !isUnencrypted(text);
}
