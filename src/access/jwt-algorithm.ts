/**
 * Ways to sign a JWT that may be configured. All of them verify with a public key, so that nobody who can read the key
 * set can sign; `none` and HMAC are not here on purpose.
 */
export const jwtAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

export type JwtAlgorithm = (typeof jwtAlgorithms)[number];
