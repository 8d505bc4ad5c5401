import type { FastifyReply, FastifyRequest } from 'fastify';
import { routerSecretHeader } from './router-authentication.js';

/**
 * Security headers of every response. They forbid browsers to load, run or frame anything in it; pages replace the policy by
 * their own. `Strict-Transport-Security` belongs to the proxy that terminates TLS and knows the public host names.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Response header that tells invented records of the simulator from Vonage's. */
export const simulatedHeader = 'x-vonage-simulated';

/** Request headers, besides `origin`, on which a response to GET depends. */
const variesForGet = [
  'authorization',
  'accept',
  routerSecretHeader,
  'x-explain',
  'x-dry-run',
  'apollo-federation-include-trace',
  'accept-encoding',
].join(', ');

/**
 * The hook that tells HTTP caches on which headers a response depends. Without it, a browser could show the response of one
 * caller to the next one. Caches store no responses to POST, but proxies may transform them by their coding.
 */
export function varyByCaller({ method }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const present = reply.getHeader('vary');
  const varying = method === 'GET' ? variesForGet : 'accept-encoding';
  reply.header('vary', present ? `${present}, ${varying}` : varying);
  done();
}
