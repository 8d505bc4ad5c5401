import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Header in which the router of a federated graph proves itself. */
export const routerSecretHeader = 'x-router-secret';

export interface RouterAuthenticationOptions {
  /** What the router and the gateway share; undefined for none. */
  readonly routerSecret: string | undefined;
  readonly production: boolean;
}

/**
 * Tells whether a request comes from the router. Without a secret to compare with, development trusts everybody, so that a
 * graph can be tried at once, and production nobody.
 */
export function routerAuthentication({ routerSecret, production }: RouterAuthenticationOptions) {
  if (!routerSecret) return () => !production;
  const expected = digest(routerSecret);
  return (headers: IncomingHttpHeaders): boolean => {
    const given = headers[routerSecretHeader];
    // Digests have one length, so that the comparison's time tells neither the secret nor how long it is.
    return typeof given === 'string' && timingSafeEqual(digest(given), expected);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
