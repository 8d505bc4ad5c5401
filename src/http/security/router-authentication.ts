import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Header by which the router of a federated graph authenticates. */
export const routerSecretHeader = 'x-router-secret';

export interface RouterAuthenticationOptions {
  /** Secret that the router and the gateway share; undefined for none. */
  readonly routerSecret: string | undefined;
  readonly production: boolean;
}

/**
 * Returns a function that tells by its headers whether a request comes from the router. Without a configured secret, every
 * request counts as the router's in development, so that a graph runs at once, and none does in production.
 */
export function routerAuthentication({ routerSecret, production }: RouterAuthenticationOptions) {
  if (!routerSecret) return () => !production;
  const expected = digest(routerSecret);
  return (headers: IncomingHttpHeaders): boolean => {
    const given = headers[routerSecretHeader];
    // Digests have equal lengths, so that the time of the comparison reveals neither the secret nor its length.
    return typeof given === 'string' && timingSafeEqual(digest(given), expected);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
